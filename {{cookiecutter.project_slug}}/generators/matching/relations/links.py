"""Many-to-many fields: a column lists rows of another model, with a mark between them."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import polars as pl
from django.db.models import Model

from generators.code import AnyField, Link, is_required, target_of
from generators.inference import Column, infer_columns
from generators.matching.filling import FieldPath, Pair
from generators.matching.relations.by_parent import (
    distinct,
    find_look_up,
    look_ups_of,
    parent_of,
)
from generators.matching.relations.stored import count_stored
from generators.naming import Identifier, ModelName, Source, normal
from importkit.errors import visible

OPTION = "--split"
# Marks between values; those that stand in names of things as well come last.
MARKS = ("|", ";", "\n", ",", "/")
SURE = MARKS[:3]
MARK_NAMES = {"\n": "line"}


class Found(NamedTuple):
    """What was found of a column that lists rows.

    Attributes:
        pair: The column with the field; None where it cannot be filled.
        why: Why it cannot be filled; may be empty.
    """

    pair: Pair | None
    why: str = ""


def find_named_links(
    columns: Sequence[Column], model: type[Model], named: dict[str, FieldPath]
) -> dict[str, FieldPath]:
    """Return by header the many-to-many fields that have the name of a column."""
    fields = {
        normal(str(name)): field
        for field in model._meta.many_to_many
        for name in (field.verbose_name, field.name)
    }
    return {
        column.header: FieldPath(fields[normal(column.header)])
        for column in columns
        if column.header not in named and normal(column.header) in fields
    }


def find_link(path: FieldPath, column: Column, cells: pl.Series, mark: str) -> Found:
    """Find the mark between the values of a column, and the field that has the values.

    Args:
        path: The many-to-many field, with the field of the other side where it is stated.
        column: The column.
        cells: Its cells.
        mark: The mark that the user states; empty where it is to be found.
    """
    field: Any = path.field
    if why := _why_not(field):
        return Found(None, why)
    texts = cells.cast(pl.String).str.strip_chars()
    texts = texts.filter(texts != "").unique(maintain_order=True)
    mark = mark or _find_mark(path, texts)
    if not mark:
        header = visible(column.header)
        return Found(
            None,
            f"lists rows of {parent_of(field)._meta.label}, but what stands between two of "
            f'them cannot be told: state it, for example with {OPTION} "{header}=|"',
        )
    parts = _parts(texts, mark)
    [part] = infer_columns(parts.alias(column.header).to_frame())
    evidence = ""
    if path.lookup is None:
        path, evidence = find_look_up(field, part, parts)
    target = target_of(path.lookup, part) if path.lookup else None
    if path.lookup is None or target is None or target.dtype != "pl.String":
        return Found(
            None,
            f"lists rows of {parent_of(field)._meta.label} by another field than a text "
            f'that is unique there: state one with --field "{visible(column.header)}='
            f'{field.name}__name"',
        )
    return Found(Pair(column, field, target, evidence, path.lookup, mark=mark))


def make_link(
    model: type[Model], name: ModelName, pair: Pair, key: Sequence[str]
) -> Link:
    """Return how the links of a column are imported.

    Args:
        model: The model.
        name: How source names it.
        pair: The column and the many-to-many field.
        key: The natural key of the model.
    """
    field: Any = pair.field
    own, other = field.m2m_field_name(), field.m2m_reverse_field_name()
    lookup = pair.lookup.name if pair.lookup else ""
    return Link(
        through=Source(f"{name.name}.{field.name}.through"),
        variable=Identifier(f"{model._meta.model_name}_{field.name}"),
        column=pair.name,
        mark=pair.mark,
        own=tuple((Identifier(f"{own}__{part}"), Identifier(part)) for part in key),
        target=Identifier(f"{other}__{lookup}"),
        key=(Identifier(own), Identifier(other)),
    )


def find_marks(texts: Sequence[str], columns: Sequence[Column]) -> dict[str, str]:
    """Return by header the marks that the user states.

    Raises:
        ValueError: A text is not of the form, or names a column that does not exist.
    """
    headers = {normal(column.header): column.header for column in columns}
    marks = {}
    for text in texts:
        header, equals, mark = text.rpartition("=")
        found = headers.get(normal(header))
        if not equals or not mark or found is None:
            raise ValueError(
                f"{OPTION} {visible(text)}: give a column of the sample and what stands "
                f'between two values of a cell, for example {OPTION} "Tags=|".'
            )
        marks[found] = "\n" if mark == MARK_NAMES["\n"] else mark
    return marks


def _why_not(field: Any) -> str:
    """Return why links cannot be imported; empty if they can."""
    through: Any = field.remote_field.through
    if getattr(field.remote_field, "symmetrical", False):
        return (
            "links rows of one model in both directions: import the table of the links "
            f"with --model {through._meta.label}"
        )
    own = {field.m2m_field_name(), field.m2m_reverse_field_name()}
    gaps = [
        f'"{other.name}"'
        for other in through._meta.concrete_fields
        if is_required(other) and other.name not in own
    ]
    if gaps:
        return (
            f"its links are rows of {through._meta.label}, which need {', '.join(gaps)} as "
            f"well: import them with --model {through._meta.label}"
        )
    return ""


def _find_mark(path: FieldPath, texts: pl.Series) -> str:
    """Return the mark that the table of the other side proves, or the only sure one."""
    with_mark = {
        mark: texts.filter(texts.str.contains(mark, literal=True)) for mark in MARKS
    }
    # A cell that is a row as a whole holds no mark, but a name with this character.
    present = {
        mark: some
        for mark, some in with_mark.items()
        if not some.is_empty() and not _stored(path, some)
    }
    hits = {mark: _stored(path, _parts(some, mark)) for mark, some in present.items()}
    most = max(hits.values(), default=0)
    best = [mark for mark in hits if hits[mark] == most]
    if len(best) == 1 and (most or best[0] in SURE):
        return best[0]
    return ""


def _stored(path: FieldPath, texts: pl.Series) -> int:
    """Return how many texts the other side has, in the field that has the most."""
    column = infer_columns(texts.alias("text").to_frame())[0]
    fields: list[AnyField] = (
        [path.lookup]
        if path.lookup
        else list(look_ups_of(path.field, column, is_unique=True))
    )
    counts = (count_stored(field, distinct(field, texts)) for field in fields)
    return max(counts, default=0)


def _parts(texts: pl.Series, mark: str) -> pl.Series:
    parts = texts.str.split(mark).explode().str.strip_chars()
    return parts.filter(parts != "").unique(maintain_order=True)
