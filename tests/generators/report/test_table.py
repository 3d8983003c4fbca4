"""The table of columns: as wide as it may be, whatever the columns are called."""

import polars as pl
import pytest

from generators.report import describe_sample
from generators.report.table import width_of, wrapped
from tests.generators.planning import plan_of

LONG = {
    "Recommended retail price including value added tax, per unit of sale": ["1.50"],
    "ItIsAWordThatNeverEndsAndHasNoPlaceWhereALineCouldEndSoThatItIsCut": ["x" * 300],
    "商品の名前と数量と価格と在庫と倉庫と仕入先と納期": ["椅子" * 80],
    "a": ["\x1b[2J"],
}


def described(cells: dict[str, list[str]], width: int = 100) -> list[str]:
    return describe_sample(
        plan_of(cells), "sample.csv", pl.DataFrame(cells), width
    ).splitlines()


@pytest.mark.parametrize("width", [80, 100, 160])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    table = described(LONG, width)[2:]

    assert max(map(width_of, table)) <= width
    assert all(char.isprintable() for line in table for char in line)


def test_names_and_reasons_go_on_in_further_lines_and_values_are_cut() -> None:
    text = "\n".join(described(LONG))

    words = "".join(text.split())
    assert "Recommendedretail" in words
    assert "xxx..." in text
    assert "x" * 40 not in words


def test_two_hundred_columns_take_two_lines_each() -> None:
    cells = {f"measure {number}": ["1.5", "2.5"] for number in range(200)}

    table = described(cells)
    start = next(n for n, line in enumerate(table) if "first values" in line)

    assert len(table) - start == 1 + 2 * 200


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("one two", ["one two"]),
        ("one two three", ["one two", "three"]),
        ("one_two_three", ["one_two_", "three"]),
        ("onetwothree", ["onetwoth", "ree"]),
        ("商品名前商品", ["商品名前", "商品"]),
    ],
)
def test_lines_end_between_words_where_they_can(text: str, lines: list[str]) -> None:
    assert wrapped(text, 8) == lines
