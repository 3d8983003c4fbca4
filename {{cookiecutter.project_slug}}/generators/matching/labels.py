"""Choices by their labels: a column that holds what people read, not what is stored."""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

import polars as pl

from generators.code import AnyField
from generators.inference import Kind

type Value = str | int | bool

# The types of the values of choices that labels may stand for. They turn members of
# IntegerChoices and TextChoices into plain values.
CONVERTERS: dict[Kind, Callable[[Any], Value]] = {
    Kind.TEXT: str,
    Kind.INTEGER: int,
    Kind.BOOLEAN: bool,
}


class Labels(NamedTuple):
    """The labels that a column holds.

    Attributes:
        values: The values of the field by what the column may hold; empty without labels.
        doubt: Why labels are not mapped, though the column has some; may be empty.
    """

    values: Mapping[str, Value] = {}
    doubt: str = ""


NO_LABELS = Labels()


def find_labels(field: AnyField, kind: Kind, cells: pl.Series) -> Labels:
    """Find the labels of a field's choices among the cells of a column.

    Args:
        field: The field.
        kind: The kind of its values.
        cells: The cells.
    """
    choices = choices_of(field, kind)
    given = {text.strip() for text in cells.cast(pl.String).drop_nulls().unique()} - {
        ""
    }
    stored = {str(value) for value, _ in choices}
    labels = Counter(label for _, label in choices)
    lowered = {label.lower() for label in labels}
    if not any(text.lower() in lowered for text in given - stored):
        return NO_LABELS
    if several := sorted(text for text in given if labels[text] > 1):
        return Labels(doubt=_several(several[0]))
    own = {str(value): label for value, label in choices}
    if both := sorted(t for t in given & stored if t in labels and own[t] != t):
        return Labels(doubt=_both(both[0]))
    values = {label: value for value, label in choices if labels[label] == 1}
    if given & stored:  # Some cells hold labels, others values.
        values = {str(value): value for value, _ in choices} | values
    return Labels(values)


def are_in_another_case(labels: Labels, cells: pl.Series) -> bool:
    """Return whether a column has labels in another case than the field."""
    lowered = {text.lower() for text in labels.values}
    given = {text.strip() for text in cells.cast(pl.String).drop_nulls().unique()}
    return any(text.lower() in lowered for text in given - {*labels.values})


def choices_of(field: AnyField, kind: Kind) -> list[tuple[Value, str]]:
    """Return the values of a field's choices with their labels, without the empty choice."""
    convert = CONVERTERS.get(kind)
    if convert is None:
        return []
    return [
        (convert(value), str(label).strip())
        for value, label in field.flatchoices
        if value not in field.empty_values
        if isinstance(value, bool) is (kind is Kind.BOOLEAN)
    ]


def _several(label: str) -> str:
    return (
        f'several choices have the label "{label}", so that the column must have their '
        "values"
    )


def _both(text: str) -> str:
    return (
        f'"{text}" is the label of one choice and the value of another, so that the column '
        "must have values"
    )
