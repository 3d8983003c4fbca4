"""The table of columns: as wide as it may be, whatever the columns are called."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

from generators.report import describe_end, describe_sample
from generators.report.table import in_lines, width_of, wrapped
from generators.writing import Outcome
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


@pytest.mark.parametrize("width", [60, 80, 100, 160])
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


def test_on_a_narrow_terminal_values_stand_below_the_type() -> None:
    cells = {"a_header_of_many_words": ["a value of many words", "another"]}

    assert described(cells, 60)[2:] == [
        "   header        field         type           empty",
        "                               first values",
        "   a_header_of_  a_header_of_  CharField(50)",
        "   many_words    many_words    a value of many words | an...",
        "                               no other kind fits, width up",
        "                               to 21",
    ]


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


@pytest.mark.parametrize(
    ("line", "lines"),
    [
        ("a note of one line", ["a note of one line"]),
        (
            "   a note of several lines here",
            ["   a note of several", "     lines here"],
        ),
        (
            "see config/settings/of_production.py there",
            ["see", "  config/settings/of_production.py", "  there"],
        ),
        (
            "this is said by --type weight=decimal",
            ["this is said by", "  --type weight=decimal"],
        ),
        ("列の名前 列の名前 列の名前", ["列の名前 列の名前", "  列の名前"]),
    ],
)
def test_lines_go_on_below_and_no_word_is_broken(line: str, lines: list[str]) -> None:
    assert in_lines(line, 22).split("\n") == lines


def test_notes_and_advice_are_as_narrow_as_the_table_and_what_is_copied_stays(
    tmp_path: Path,
) -> None:
    command = f"   python manage.py makemigrations {'x' * 60}"
    told = "The table keeps no key of these columns unique, so that two runs add rows."
    plan = replace(
        plan_of(LONG),
        notes=("a note that is longer than a narrow terminal is wide, by some words",),
        misfits=(f"   {told}",),
        advice=(f"{told}\n{command}",),
    )

    sample = describe_sample(plan, "sample.csv", pl.DataFrame(LONG), 60)
    end = describe_end(plan, Outcome(()), "sample.csv", tmp_path, 60)

    assert max(map(width_of, sample.splitlines())) <= 60
    assert command in end.splitlines()
    assert " ".join(told.split()) in " ".join(end.split())
    assert not [
        line for line in end.splitlines() if len(line) > 60 and "manage.py" not in line
    ]
