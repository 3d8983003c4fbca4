"""A row that cannot be read is named with its line, and the others are read."""

from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from importkit.errors import SourceError
from importkit.source import (
    LINE,
    Dialect,
    scan_csv,
)
from importkit.source.delimited import file as delimited
from importkit.source.frames import PROBLEM
from tests.importkit.source.conftest import Read


def test_rows_of_another_width_are_named_with_their_lines(table: Read) -> None:
    with pytest.raises(SourceError) as error:
        table('a,b\n1,2\n"x\ny"\n4,5,6\n')

    assert str(error.value) == (
        '"goods.csv": 2 of 3 rows cannot be read: line 3: 1 field instead of 2; line 5: '
        "3 fields instead of 2. Check the separator, and put quotes around text that "
        "holds it."
    )


def test_a_short_row_is_not_filled_up_in_silence(table: Read) -> None:
    with pytest.raises(SourceError, match="line 3: 1 field instead of 2"):
        table("a,b\n1,2\n3\n")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('"open', "line 3: the quote is never closed. Write a"),
        ('"a" b,2', "line 3: a quote that is"),
    ],
)
def test_a_broken_quote_is_named_with_its_line(
    table: Read, row: str, message: str
) -> None:
    with pytest.raises(SourceError, match=rf'"goods.csv".* {message}'):
        table(f"a,b\n1,2\n{row}\n")


@pytest.mark.parametrize(
    ("encoding", "byte"), [("utf-8", 0xE9), ("cp1252", 0x81), ("ascii", 0xC3)]
)
def test_a_wrong_encoding_is_named_with_line_and_byte(
    table: Read, encoding: str, byte: int
) -> None:
    with pytest.raises(SourceError) as error:
        table(b"a,b\n1,2\n3,%c\n" % byte, Dialect(encoding=encoding))

    assert str(error.value) == (
        f'"goods.csv": 1 of 2 rows cannot be read: line 3: the byte 0x{byte:02x} is not '
        f"{encoding}. If many rows have this, state the encoding of the file in the "
        "Dialect."
    )


def misfits(path: Path, dialect: Dialect | None = None) -> list[tuple[int, str]]:
    """Return the lines that cannot be read, and why."""
    df = scan_csv(path, dialect or Dialect()).collect()
    return df.filter(pl.col(PROBLEM).is_not_null()).select(LINE, PROBLEM).rows()


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        (b'1,"open\n2,x\n', [(2, "quote: the quote is never closed")]),
        (
            b'1,"open\n2,x',
            [(2, "quote: the quote is never closed: is the file cut off?")],
        ),
        (
            b"1,2\r\n3",
            [(3, "fields: 1 field instead of 2: is the file cut off?")],
        ),
        (b"1,2\n3\n", [(3, "fields: 1 field instead of 2")]),
        (b"1,2,3", [(2, "fields: 3 fields instead of 2")]),
        (
            b"1,2\n3,4\r5,6\n7,8\n",
            [(3, "line_end: a line end of another kind than those of the file")],
        ),
        (
            b"1,2\n3,a\rb\n",
            [(3, "line_end: a line end of another kind than those of the file")],
        ),
        (b'1,2\r\n3,4\n5,"6\r7"\r\n', []),
        (b'1,\0\n\0,"\0"\n', []),
        (b"1,2\n\0\n", [(3, "fields: 1 field instead of 2")]),
        (
            b'1,2\n3,"\xff\n"\n"\xff" x,\n4,5\n',
            [
                (3, "encoding: the byte 0xff is not utf-8"),
                (5, "quote: a quote that is not doubled (',' expected after '\"')"),
            ],
        ),
    ],
)
@pytest.mark.parametrize("slice_bytes", [1, 4, delimited.SLICE_BYTES])
def test_what_is_wrong_with_a_row_is_named_with_its_line(
    path: Path, rows: bytes, expected: list[tuple[int, str]], slice_bytes: int
) -> None:
    path.write_bytes(b"a,b\n" + rows)

    with patch.multiple(delimited, SLICE_BYTES=slice_bytes):
        assert misfits(path) == expected


def test_an_open_quote_behind_very_many_lines_costs_no_more_than_they_do(
    path: Path,
) -> None:
    path.write_text('a,b\n1,"x\n' + 'y","x\n' * 100_000 + "1,2\n")

    found = misfits(path)

    assert [line for line, _ in found] == list(range(2, 100_003))


def test_line_feeds_in_a_file_of_old_line_ends_are_named(path: Path) -> None:
    path.write_bytes(b"a,b\r" + b"1,2\r" * 300_000 + b"3,4\n5,6\r7,8\r")

    reason = "line_end: a line end of another kind than those of the file"
    assert misfits(path) == [(300_002, reason)]


def test_a_first_row_without_header_is_a_row_like_any_other(scanned: Read) -> None:
    df = scanned(b'"a" b,1\n\xe9,2\n3,4\n', Dialect(header=False))

    assert df.columns == ["column_1", "column_2", LINE, PROBLEM]
    assert df[LINE].to_list() == [1, 2, 3]
    assert df[PROBLEM].is_null().to_list() == [False, False, True]


@pytest.mark.parametrize(
    "rows",
    [
        '1,"He said "no"\n2,"and "yes"\n3,"fine"\n',
        '1,"size "12"",k\n',
        '1,"a" b\n2,"c"\n',
    ],
)
def test_quotes_that_only_seem_to_match_are_refused_with_their_line(
    table: Read, rows: str
) -> None:
    with pytest.raises(SourceError, match=r'"goods\.csv": .*: line 2: a quote that is'):
        table(f"id,note\n{rows}")
