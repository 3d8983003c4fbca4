"""Labels of choices become the values that stand for them."""

import polars as pl
import pytest

from importkit.cleaning import labels
from importkit.errors import ConfigurationError
from tests.importkit.rules import clean, problems_of, rules

STATES = labels({"Draft": 1, "Published": 2})


def test_labels_become_values_of_the_type_of_the_column() -> None:
    sizes = labels({"Small": "s", "Large": "l"})
    data = {"state": ["Draft", " Published", ""], "size": ["Large", "", "Small"]}

    df = clean(
        {"state": pl.Int16, "size": pl.String},
        data,
        col_parser_map={"state": STATES, "size": sizes},
    )

    assert df["state"].to_list() == [1, 2, None]
    assert df["size"].to_list() == ["l", None, "s"]


@pytest.mark.parametrize("text", ["draft", "1", "Drafts"])
def test_another_text_is_a_problem_that_lists_the_labels(text: str) -> None:
    cls = rules({"state": pl.Int16}, col_parser_map={"state": STATES})

    told = problems_of(cls, {"state": ["Draft", text]})

    assert 'not one of "Draft", "Published", 1 row' in told


def test_another_text_is_a_problem_in_a_column_of_text_too() -> None:
    cls = rules({"a": pl.String}, col_parser_map={"a": labels({"Small": "s"})})

    assert 'not one of "Small", 1 row' in problems_of(cls, {"a": ["s"]})


def test_many_labels_are_counted() -> None:
    parser = labels({f"L{number}": number for number in range(10)})
    cls = rules({"a": pl.Int16}, col_parser_map={"a": parser})

    assert '"L7" and 2 more' in problems_of(cls, {"a": ["x"]})


@pytest.mark.parametrize("values", [{}, {"a": 1, "b": "2"}])
def test_labels_need_values_of_one_type(values: dict[str, str | int | bool]) -> None:
    with pytest.raises(ConfigurationError, match="a value for each label"):
        labels(values)
