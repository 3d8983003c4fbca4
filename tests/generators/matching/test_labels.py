"""Columns that hold the labels of choices are told from those that hold values."""

from typing import Any

import polars as pl
import pytest
from django.db import models
from django.utils.translation import gettext_lazy

from generators.inference import Kind
from generators.matching.labels import find_labels
from importkit.cleaning import labels


class State(models.IntegerChoices):
    """Choices with lazy labels."""

    DRAFT = 1, gettext_lazy("Draft")
    DONE = 2, gettext_lazy("Published")


GROUPED = [("Paper", [("h", "Hard"), ("s", "Soft")]), ("d", "Digital"), ("", "None")]


def found(choices: Any, kind: Kind, *cells: str) -> tuple[dict[str, Any], str]:
    make = models.IntegerField if kind is Kind.INTEGER else models.CharField
    values, doubt = find_labels(make(choices=choices), kind, pl.Series(cells))
    return dict(values), doubt


def test_labels_are_mapped_to_plain_values() -> None:
    values, _ = found(State.choices, Kind.INTEGER, "Draft", " Published ", "")

    assert values == {"Draft": 1, "Published": 2}
    assert [type(value) for value in values.values()] == [int, int]


def test_choices_in_groups_have_labels_and_the_empty_choice_has_none() -> None:
    values, _ = found(GROUPED, Kind.TEXT, "Soft", "nobody knows it")

    assert values == {"Hard": "h", "Soft": "s", "Digital": "d"}


@pytest.mark.parametrize("cells", [["h", "s"], ["x"], [""]])
def test_a_column_of_values_has_no_labels(cells: list[str]) -> None:
    assert found(GROUPED, Kind.TEXT, *cells) == ({}, "")


def test_values_beside_labels_are_read_as_well() -> None:
    values, _ = found(State.choices, Kind.INTEGER, "Draft", "2")

    assert values == {"1": 1, "2": 2, "Draft": 1, "Published": 2}


def test_a_label_of_two_choices_is_not_guessed() -> None:
    values, doubt = found([("a", "Same"), ("b", "Same")], Kind.TEXT, "Same")

    assert not values
    assert doubt == (
        'several choices have the label "Same", so that the column must have their values'
    )


def test_a_label_that_is_another_value_is_not_guessed() -> None:
    values, doubt = found([("a", "b"), ("b", "c")], Kind.TEXT, "b", "c")

    assert not values
    assert '"b" is the label of one choice and the value of another' in doubt


def test_labels_in_another_case_are_labels() -> None:
    values, _ = found(State.choices, Kind.INTEGER, "draft", "PUBLISHED")

    assert values == {"Draft": 1, "Published": 2}
    texts = pl.lit(pl.Series(["draft", "PUBLISHED", "no"]))
    read = pl.select(labels(values, ignore_case=True)(texts)).to_series()
    assert read.to_list() == [1, 2, None]


def test_labels_that_differ_in_their_case_only_are_read_to_the_letter() -> None:
    parser = labels({"a": 1, "A": 2}, ignore_case=True)
    read = pl.select(parser(pl.lit(pl.Series(["a", "A"])))).to_series()

    assert read.to_list() == [1, 2]
