"""A row of a file is shown as it stands there, with the value underlined."""

import unicodedata
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from importkit.import_data.reports.excerpts import Pointer
from importkit.problems import (
    LINES,
    SCHEMA,
    Code,
    Example,
    Masking,
    explain,
)
from importkit.source import Dialect
from importkit.source.delimited.file import DelimitedFile

COLUMNS = ("sku", "price", "note")
type Problem = tuple[int, str, str | None]


def shown(
    path: Path,
    text: str,
    *wrong: Problem,
    dialect: Dialect | None = None,
    personal: tuple[str, ...] = (),
) -> str:
    """Return what is shown below the heading of problems in a file of three columns."""
    path.write_bytes(f"Sku;Price;Note\n{text}".encode())
    file = DelimitedFile(path, dialect or Dialect(";"))
    names = {"Sku": "sku", "Price": "price", "Note": "note"}
    pointer = Pointer.at(file, names, Masking(COLUMNS, personal))
    found = pl.DataFrame(
        [(*problem, "length", "too long") for problem in wrong],
        schema=SCHEMA,
        orient="row",
    )
    remedy = f"    {Code.LENGTH.remedy}"
    lines = explain(found, LINES, pointer.read).split("\n")[2:]
    return "\n".join(line for line in lines if line != remedy)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "goods.csv"


def test_a_byte_of_another_encoding_is_shown_as_a_byte(path: Path) -> None:
    path.write_bytes(b"Sku;Price;Note\na;1;Montr\xe9al\n")
    pointer = Pointer.at(DelimitedFile(path, Dialect(";")), {}, Masking(COLUMNS))
    found = pl.DataFrame(
        [(2, "", None, "encoding", "the byte 0xe9 is not utf-8")],
        schema=SCHEMA,
        orient="row",
    )

    assert "2 | a;1;Montr\\xe9al" in explain(found, LINES, pointer.read)


@pytest.mark.parametrize(
    ("text", "problem", "expected"),
    [
        ("a;12.50;x\n", (2, "price", "12.50"), ("2 | a;12.50;x", "    ^^^^^")),
        # What is missing has one caret where it would be.
        (";1;x\n", (2, "sku", None), ("2 | ;1;x", "  ^")),
        ("a;1;\n", (2, "note", None), ("2 | a;1;", "      ^")),
        ('a;"";x\n', (2, "price", None), ('2 | a;"";x', "    ^^")),
        # Quotes and blanks belong to what is written.
        ('a;" 1;2 ";x\n', (2, "price", "1;2"), ('2 | a;" 1;2 ";x', "    ^^^^^^^")),
        # The value that was found, where the file spells it in another way.
        ("a;1,50;x\n", (2, "price", "1.50"), ("2 | a;1,50;x", "    ^^^^ '1.50'")),
        # A terminal takes two cells for some characters, and none for others.
        ("漢字;１;x\n", (2, "price", "１"), ("2 | 漢字;１;x", "       ^^")),
        ("e\u0301;1;x\n", (2, "price", "1"), ("2 | e\u0301;1;x", "    ^")),
        # What a terminal would obey is shown, as repr does.
        (
            "\x1b[31m;\u202e;\a\n",
            (2, "note", "\a"),
            ("2 | \\x1b[31m;\\u202e;\\x07", " " * 18 + "^^^^"),
        ),
        ("a;1;x\r\nb;2;y\r\n", (3, "note", "y"), ("3 | b;2;y", "      ^")),
    ],
)  # fmt: skip
def test_the_value_is_underlined(
    path: Path, text: str, problem: Problem, expected: tuple[str, str]
) -> None:
    row, carets = expected

    assert shown(path, text, problem) == f"    {row}\n      | {carets[2:]}"


def test_a_row_of_several_lines_is_shown_where_the_value_starts(path: Path) -> None:
    text = 'a;1;"one\r\ntwo"\n"b\nb";2;"three\nfour"\n'

    found = shown(
        path, text, (2, "note", "one\r\ntwo"), (4, "price", "2"), (4, "sku", "b\nb")
    )

    assert found == (
        '    2 | a;1;"one\n'
        "      |     ^^^^\n"
        "  price: too long [length], 1 row\n"
        '    5 | b";2;"three\n'
        "      |    ^\n"
        "  sku: too long [length], 1 row\n"
        '    4 | "b\n'
        "      | ^^"
    )


def test_line_numbers_stand_below_each_other(path: Path) -> None:
    text = "a;1;x\n" * 99

    assert shown(path, text, (2, "sku", "a"), (100, "sku", "a")) == (
        "      2 | a;1;x\n        | ^\n    100 | a;1;x\n        | ^"
    )


def test_several_columns_of_a_key_are_all_underlined(path: Path) -> None:
    assert shown(path, "a;1;x\n", (2, "note, sku", "x, a")) == (
        "    2 | a;1;x\n      | ^   ^"
    )


def test_a_row_as_a_whole_is_shown_without_carets(path: Path) -> None:
    found = shown(path, "a;1;x;more\n", (2, "", None))

    assert found == "    2 | a;1;x;more"


@pytest.mark.parametrize(
    ("text", "problem", "expected"),
    [
        # Not a column of the file, or not of this row.
        ("a;1;x\n", (2, "store", "North"), "    line 2: 'North'"),
        ("a;1\n", (2, "price", "1"), "    line 2: '1'"),
        # A line where no row starts: the file is another by now.
        ("a;1;x\n", (9, "price", "1"), "    line 9: '1'"),
        ('a;1;"x\n', (2, "price", "1"), "    line 2: '1'"),
        ("a;1;x\n", (2, "store", "x" * 99), f"    line 2: '{'x' * 80}...'"),
    ],
)
def test_what_cannot_be_pointed_at_is_named_by_its_line(
    path: Path, text: str, problem: Problem, expected: str
) -> None:
    assert shown(path, text, problem) == expected


def test_a_file_that_has_gone_does_not_hide_its_problems(path: Path) -> None:
    path.write_text("sku;price;note\na;1;x\n")
    pointer = Pointer.at(DelimitedFile(path, Dialect(";")), {}, Masking(COLUMNS))
    path.unlink()

    assert pointer.read([Example(2, "sku", "a")]) == {}


def test_a_long_row_is_cut_around_the_value(path: Path) -> None:
    text = f"{'a' * 200};12.50;{'x' * 200}\n"

    assert shown(path, text, (2, "price", "12.50")) == (
        f"    2 | ...{'a' * 42};12.50;{'x' * 37}...\n"
        f"      | {' ' * 46}^^^^^"
    )  # fmt: skip


def test_personal_fields_are_masked_whole(path: Path) -> None:
    text = 'a;1;"two\nlines"\n"b\nb";2;y\n'
    problems = [(2, "note", "***"), (2, "price", "1"), (4, "price", "2"), (4, "", None)]

    found = shown(path, text, *problems, personal=("sku", "note"))

    assert found == (
        "    2 | ***;1;***\n"
        "      |       ^^^\n"
        "  price: too long [length], 2 rows\n"
        "    2 | ***;1;***\n"
        "      |     ^\n"
        "    5 | ***;2;***\n"
        "      |     ^\n"
        "  too long [length], 1 row\n"
        "    line 4"
    )


def test_fields_that_the_rules_do_not_name_are_masked_with_personal_ones(
    path: Path,
) -> None:
    path.write_text("sku;price;phone\na;1;555\n")
    file = DelimitedFile(path, Dialect(";"))
    pointer = Pointer.at(file, {}, Masking(("sku", "price"), ("sku",)))
    example = Example(2, "price", "1")

    assert pointer.read([example]) == {example: "    2 | ***;1;***\n      |     ^"}


CELLS = st.text(st.sampled_from('ab ;"\n\t\x1b漢\u0301\u202eé'), max_size=60)


def cells(text: str) -> int:
    wide = {"W": 2, "F": 2}
    return sum(
        0 if unicodedata.category(c) == "Mn"
        else wide.get(unicodedata.east_asian_width(c), 1)
        for c in text
    )  # fmt: skip


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.tuples(CELLS, CELLS, CELLS), st.sampled_from(COLUMNS))
def test_whatever_a_row_holds_its_value_is_underlined_within_100_columns(
    path: Path, row: tuple[str, str, str], column: str
) -> None:
    row = (f"a{row[0]}", *row[1:])  # Not a blank one.
    value = row[COLUMNS.index(column)]
    quoted = ['"' + cell.replace('"', '""') + '"' for cell in row]

    lines = shown(path, f"{';'.join(quoted)}\n", (2, column, value)).split("\n")

    assert all(cells(line) <= 100 for line in lines)
    assert all(line.isprintable() for line in lines)
    source, carets = lines[:2]
    start = carets.index("^")
    end = carets.rindex("^") + 1
    before = next(n for n in range(len(source) + 1) if cells(source[:n]) == start)
    under = next(
        source[before:n]
        for n in range(before, len(source) + 1)
        if cells(source[before:n]) == end - start
    )
    first = quoted[COLUMNS.index(column)].split("\n")[0]
    escaped = "".join(c if c.isprintable() else repr(c)[1:-1] for c in first)
    assert escaped.startswith(under.rstrip("\u0301"))
