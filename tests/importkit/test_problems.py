import re
from collections.abc import Iterable
from datetime import timedelta

import polars as pl
import pytest

from importkit.problems import (
    LINES,
    ROWS,
    SCHEMA,
    Code,
    Example,
    Excerpts,
    describe,
    describe_left_out,
    explain,
    of_rows,
    remedy_of,
)
from tests.docs.codes import GUIDE, table


def problems(rows: list[tuple[int, str, str | None, str, str]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (pl.Series([timedelta(hours=1)]), "1:00:00"),
        (pl.Series([b"x"]), "b'x'"),
        (pl.Series([[1, 2]]), "[1, 2]"),
        (pl.Series([1.5]), "1.5"),
    ],
)
def test_a_value_of_any_type_has_a_text(values: pl.Series, text: str) -> None:
    found = of_rows(
        values.to_frame("x"), pl.Series([2]), pl.Series([True]), Code.CONSTRAINT, "why"
    )

    assert found["value"].to_list() == [text]


def test_at_most_five_causes_with_three_examples_are_shown() -> None:
    found = problems(
        [(line, f"c{column}", "x", "unreadable", "not a number")
         for column in range(7) for line in range(2, 2000)],
    )  # fmt: skip

    lines = describe(found, LINES).split("\n")

    assert lines[:5] == [
        "13,986 problems in 1,998 rows:",
        "  c0: not a number, 1,998 rows",
        "    line 2: 'x'",
        "    line 3: 'x'",
        "    line 4: 'x'",
    ]
    assert lines[-1] == "  ... and 2 more causes"
    assert len(lines) == 1 + 5 * 4 + 1
    explained = explain(found, LINES, lambda _examples: {})
    assert explained.endswith("... and 2 more causes (--report FILE lists all of them)")


def test_an_explanation_names_codes_and_what_helps() -> None:
    found = problems(
        [
            (7, "sku", None, "empty", "must not be empty"),
            (3, "price", "x\x1b", "unreadable", "not a number"),
            (4, "price", "y", "unreadable", "not a number"),
            (4, "", None, "fields", "2 fields instead of 3"),
            (9, "sku", "z", "odd", "of no kind that is known"),
        ]
    )

    assert explain(found, LINES, lambda _examples: {}) == (
        "5 problems in 4 rows:\n"
        "  price: not a number [unreadable], 2 rows\n"
        "    line 3: 'x\\x1b'\n"
        "    line 4: 'y'\n"
        "    Correct the value, or declare how it is read in get_col_parser_map.\n"
        "  2 fields instead of 3 [fields], 1 row\n"
        "    line 4\n"
        "    Check the separator, and put quotes around text that holds it.\n"
        "  sku: must not be empty [empty], 1 row\n"
        "    line 7\n"
        "    Fill the cell, or see get_no_null_cols, get_fill_null_map and get_on_empty.\n"
        "  sku: of no kind that is known [odd], 1 row\n"
        "    line 9: 'z'"
    )


def test_columns_are_named_with_their_headers() -> None:
    found = problems(
        [
            (2, "price", "x", "unreadable", "not a number"),
            (3, "sku, price", "a, 1", "unique", "as in an earlier row"),
            (4, "a, b", None, "empty", "must not be empty"),
            (5, "store_id", "9", "unknown", "no such store"),
            (6, "name", None, "empty", "must not be empty"),
            (7, "", None, "fields", "2 fields instead of 3"),
        ]
    )
    headers = {"price": "Price\x1b (EUR)", "sku": "sku", "a, b": "A", "name": "Name"}

    described = describe(found[:5], LINES, headers)
    explained = explain(found[1:], LINES, lambda _examples: {}, headers)

    for text, rest in ((described, ", 1 row"), (explained, " [{}], 1 row")):
        assert f'  a, b ("A"): must not be empty{rest.format("empty")}\n' in text
        assert f"  store_id: no such store{rest.format('unknown')}\n" in text
        assert f'  name ("Name"): must not be empty{rest.format("empty")}\n' in text
        both = 'sku, price ("Price\\x1b (EUR)"): as in an earlier row'
        assert f"  {both}{rest.format('unique')}\n" in text
    assert '  price ("Price\\x1b (EUR)"): not a number, 1 row\n' in described
    assert "\n  2 fields instead of 3 [fields], 1 row\n" in explained


def test_only_the_rows_that_are_shown_are_looked_up() -> None:
    found = problems(
        [(line, f"c{column}", "x", "unreadable", "not a number")
         for column in range(7) for line in range(2, 2000)],
    )  # fmt: skip
    asked: list[int] = []

    def read(examples: Iterable[Example]) -> Excerpts:
        asked.extend(example.line for example in examples)
        return {}

    explain(found, LINES, read)

    assert asked == [2, 3, 4] * 5


def test_the_guide_has_the_table_of_codes() -> None:
    assert table() in GUIDE.read_text()


@pytest.mark.parametrize("code", Code)
def test_the_words_of_a_code_are_one_short_sentence_each(code: Code) -> None:
    for words in (code.meaning, code.remedy, code.for_sender):
        assert re.fullmatch(r"[A-Z][^.?!]{10,78}[.?]", words)
    assert code.example


def test_a_code_of_a_project_has_no_remedy() -> None:
    assert remedy_of("unreadable") == Code.UNREADABLE.remedy
    assert remedy_of("odd") is None


def test_rows_left_out_are_counted_by_reason() -> None:
    left_out = pl.DataFrame(
        {
            "line": [4, 5, 6, 7, 9],
            "reason": ["sku as in an earlier row"] * 4 + ["nothing in name"],
        }
    )

    assert describe_left_out(left_out, ROWS) == (
        "Left out 4 rows: sku as in an earlier row (rows 4, 5, 6 and 1 more).\n"
        "Left out 1 row: nothing in name (row 9)."
    )
