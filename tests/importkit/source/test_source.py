import bz2
import gzip
import io
import lzma
from pathlib import Path
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importkit.errors import SourceError
from importkit.source import (
    LINE,
    Dialect,
    read_csv,
    scan_csv,
)
from importkit.source.delimited import file as delimited
from importkit.source.delimited.records import records_of
from importkit.source.detection.dialects import detect_dialect
from importkit.source.frames import PROBLEM


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "goods.csv"


def physical_line(path: Path, line: int, encoding: str = "utf-8") -> str:
    """Return what ``sed -n LINEp`` shows."""
    return path.read_bytes().decode(encoding).split("\n")[line - 1]


def test_every_column_is_text_and_nothing_is_guessed(path: Path) -> None:
    path.write_text("sku,price\n00123, 1.50 \n")

    df = read_csv(path)

    assert df.to_dicts() == [{"sku": "00123", "price": " 1.50 ", LINE: 2}]


def test_an_empty_cell_is_null_whether_quoted_or_not(path: Path) -> None:
    path.write_text('a,b,c\n,"",x\n')

    df = read_csv(path)

    assert df.rows() == [(None, None, "x", 2)]


@pytest.mark.parametrize(
    ("dialect", "data"),
    [
        (Dialect(), b'\xef\xbb\xbfname,n\r\n"a\r\nb",1\r\n\r\nc,2\r\n'),
        (Dialect(separator=";"), b'name;n\n"a\r\nb";1\n\nc;2\n'),
        (Dialect(separator="\t", quote="'"), b"name\tn\n'a\r\nb'\t1\n\nc\t2"),
        (Dialect(encoding="utf-16"), 'name,n\n"a\r\nb",1\n\nc,2\n'.encode("utf-16")),
    ],
)
def test_dialects_read_alike_with_true_lines(
    path: Path, dialect: Dialect, data: bytes
) -> None:
    path.write_bytes(data)

    df = read_csv(path, dialect)

    assert df.to_dicts() == [
        {"name": "a\r\nb", "n": "1", LINE: 2},
        {"name": "c", "n": "2", LINE: 5},
    ]


def test_a_header_over_several_lines_moves_the_rows_down(path: Path) -> None:
    path.write_text('\n"net\nprice",n\n1,2\n')

    df = read_csv(path)

    assert df.to_dicts() == [{"net\nprice": "1", "n": "2", LINE: 4}]


def test_a_row_of_empty_cells_is_not_a_row(path: Path) -> None:
    path.write_text("a,b\n1,2\n,\n\n3,4\n,\n")

    df = read_csv(path)

    assert df.rows() == [("1", "2", 2), ("3", "4", 5)]


def test_repeated_and_empty_headers_get_names_of_their_own(path: Path) -> None:
    path.write_text("a,a,,a_2,_line\n1,2,3,4,5\n")

    df = read_csv(path)

    assert df.rows(named=True) == [
        {"a": "1", "a_3": "2", "column_3": "3", "a_2": "4", "_line_2": "5", LINE: 2}
    ]


def test_a_header_that_looks_like_a_pattern_is_a_name(path: Path) -> None:
    path.write_text("^.*$,a,*\n1,,3\n,,\n4,5,6\n")

    df = read_csv(path)

    assert df.to_dicts() == [
        {"^.*$": "1", "a": None, "*": "3", LINE: 2},
        {"^.*$": "4", "a": "5", "*": "6", LINE: 4},
    ]


def test_columns_without_a_header_are_numbered(path: Path) -> None:
    path.write_text("1,2\n3,4\n")

    df = read_csv(path, Dialect(header=False))

    assert df.rows(named=True) == [
        {"column_1": "1", "column_2": "2", LINE: 1},
        {"column_1": "3", "column_2": "4", LINE: 2},
    ]


def test_a_header_alone_gives_no_rows(path: Path) -> None:
    path.write_text("a,b\n")

    df = read_csv(path)

    assert df.columns == ["a", "b", LINE]
    assert df.is_empty()


def test_old_line_ends_are_line_ends(path: Path) -> None:
    path.write_bytes(b"a,b\r1,2\r3,4\r")

    df = read_csv(path)

    assert df.rows() == [("1", "2", 2), ("3", "4", 3)]


def test_a_quote_inside_text_is_text(path: Path) -> None:
    path.write_text('name,n\n5" pipe,1\n6" pipe,2\n')

    df = read_csv(path)

    assert df.rows() == [('5" pipe', "1", 2), ('6" pipe', "2", 3)]


def test_rows_of_another_width_are_named_with_their_lines(path: Path) -> None:
    path.write_text('a,b\n1,2\n"x\ny"\n4,5,6\n')

    with pytest.raises(SourceError) as error:
        read_csv(path)

    assert str(error.value) == (
        '"goods.csv": 2 of 3 rows cannot be read: line 3: 1 field instead of 2; line 5: '
        "3 fields instead of 2. Check the separator, and put quotes around text that "
        "holds it."
    )


def test_a_short_row_is_not_filled_up_in_silence(path: Path) -> None:
    path.write_text("a,b\n1,2\n3\n")

    with pytest.raises(SourceError, match="line 3: 1 field instead of 2"):
        read_csv(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('"open', "line 3: the quote is never closed. Write a"),
        ('"a" b,2', "line 3: a quote that is"),
    ],
)
def test_a_broken_quote_is_named_with_its_line(
    path: Path, row: str, message: str
) -> None:
    path.write_text(f"a,b\n1,2\n{row}\n")

    with pytest.raises(SourceError, match=rf'"goods.csv".* {message}'):
        read_csv(path)


@pytest.mark.parametrize(
    ("encoding", "byte"), [("utf-8", 0xE9), ("cp1252", 0x81), ("ascii", 0xC3)]
)
def test_a_wrong_encoding_is_named_with_line_and_byte(
    path: Path, encoding: str, byte: int
) -> None:
    path.write_bytes(b"a,b\n1,2\n3,%c\n" % byte)

    with pytest.raises(SourceError) as error:
        read_csv(path, Dialect(encoding=encoding))

    assert str(error.value) == (
        f'"goods.csv": 1 of 2 rows cannot be read: line 3: the byte 0x{byte:02x} is not '
        f"{encoding}. If many rows have this, state the encoding of the file in the "
        "Dialect."
    )


@pytest.mark.parametrize(
    ("data", "encoding", "line", "byte"),
    [
        (b'\n"net\npr\xe9is",b\n1,2\n', "utf-8", 3, "0xe9"),
        (b"pr\x81is\n1\n", "cp1252", 1, "0x81"),
        ("a,b\n1,2\n3".encode("utf-16") + b"\x00\xd8\n\x00", "utf-16", 3, "0x00"),
    ],
)
def test_a_file_whose_header_is_of_another_encoding_is_refused(
    path: Path, data: bytes, encoding: str, line: int, byte: str
) -> None:
    path.write_bytes(data)

    with pytest.raises(SourceError) as error:
        read_csv(path, Dialect(encoding=encoding))

    assert str(error.value) == (
        f'"goods.csv" is not {encoding}: line {line} holds the byte {byte}. Name the '
        'encoding that the file has in the Dialect, for example encoding="cp1252".'
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


def test_a_first_row_without_header_is_a_row_like_any_other(path: Path) -> None:
    path.write_bytes(b'"a" b,1\n\xe9,2\n3,4\n')

    df = scan_csv(path, Dialect(header=False)).collect()

    assert df.columns == ["column_1", "column_2", LINE, PROBLEM]
    assert df[LINE].to_list() == [1, 2, 3]
    assert df[PROBLEM].is_null().to_list() == [False, False, True]


def test_a_file_of_one_endless_line_is_refused(path: Path) -> None:
    path.write_text("a,b" * 500_000)

    with pytest.raises(SourceError, match="no line end in its first 1,000,000 bytes"):
        read_csv(path)


def test_a_file_of_empty_cells_has_no_header(path: Path) -> None:
    path.write_text(",,\n,,\n")

    with pytest.raises(SourceError, match=r'"goods\.csv" has no header'):
        read_csv(path)


@pytest.mark.parametrize("read", [read_csv, scan_csv, detect_dialect])
@pytest.mark.parametrize(
    ("pack", "message"),
    [
        (gzip.compress, "is packed with gzip, not a text file."),
        (bz2.compress, "is packed with bzip2, not a text file."),
        (lzma.compress, "is packed with xz, not a text file."),
        (lambda _: b"\x28\xb5\x2f\xfd\x04", "is packed with zstd, not a text file."),
        (lambda _: b"PK\x03\x04\x14\x00", "is a workbook (.xlsx, .ods) or a zip arch"),
        (lambda _: bytes.fromhex("d0cf11e0a1b11ae1"), "is an old workbook (.xls), not"),
        (
            lambda _: b"%PDF-1.7\n",
            "is a PDF, not a text file. Ask for the data as CSV",
        ),
    ],
)
def test_a_file_that_is_no_text_is_refused_by_its_kind(
    path: Path, read: Any, pack: Any, message: str
) -> None:
    path.write_bytes(pack(b"a,b\n1,2\n"))

    with pytest.raises(SourceError) as error:
        read(path)

    assert message in str(error.value)
    assert str(error.value).isprintable()


@pytest.mark.parametrize("read", [read_csv, scan_csv, detect_dialect])
def test_a_parquet_file_is_refused_by_its_kind(path: Path, read: Any) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(path)

    with pytest.raises(SourceError) as error:
        read(path)

    assert str(error.value) == (
        '"goods.csv" is a Parquet file, not a text file. Give it a name that ends '
        "with .parquet, and read it with scan_source in handle_import."
    )
    path.write_text("PAR1,PAR2\n1,2\n")
    assert scan_csv(path).collect().height == 1


def test_an_unknown_encoding_is_an_error(path: Path) -> None:
    path.write_text("a,b\n1,2\n")

    with pytest.raises(SourceError, match='Python knows no encoding "utf-99"'):
        read_csv(path, Dialect(encoding="utf-99"))


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("missing.csv", "There is no file"),
        (".", "is a folder, not a file"),
        ("empty.csv", '"empty.csv" is empty'),
        ("/dev/zero", '"/dev/zero" is a device'),
    ],
)
def test_a_source_that_is_no_file_with_rows_is_named(
    tmp_path: Path, name: str, message: str
) -> None:
    (tmp_path / "empty.csv").write_text(" \n\n")

    with pytest.raises(SourceError, match=message):
        read_csv(tmp_path / name)


CELL = st.text(alphabet="ab \",;\n'é😀", max_size=6)


@settings(deadline=None, max_examples=300)
@given(rows=st.lists(st.tuples(CELL, CELL, st.just("x")), min_size=1, max_size=12))
def test_what_is_written_in_quotes_is_read_back_with_its_line(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]
) -> None:
    path = tmp_path_factory.mktemp("quoted") / "goods.csv"
    quoted = [[cell.replace('"', '""') for cell in row] for row in rows]
    lines = ['"' + '","'.join(row) + '"' for row in quoted]
    path.write_bytes("\n".join(["a,b,c", *lines]).encode())

    df = read_csv(path)

    assert df.drop(LINE).rows() == [tuple(c or None for c in row) for row in rows]
    for line, text in zip(df[LINE], lines, strict=True):
        assert physical_line(path, line) == text.split("\n")[0]


@pytest.mark.parametrize(
    "rows",
    [
        '1,"He said "no"\n2,"and "yes"\n3,"fine"\n',
        '1,"size "12"",k\n',
        '1,"a" b\n2,"c"\n',
    ],
)
def test_quotes_that_only_seem_to_match_are_refused_with_their_line(
    path: Path, rows: str
) -> None:
    path.write_text(f"id,note\n{rows}")

    with pytest.raises(SourceError, match=r'"goods\.csv": .*: line 2: a quote that is'):
        read_csv(path)


# Of bytes that are no character each stands alone; in the other codecs some are.
BYTES = st.lists(
    st.sampled_from(["a", "é", '"', ",", "\n", "\r\n", "\r", "\0", " ", "\udc81"]),
    max_size=30,
).map("".join)


@settings(max_examples=1000, deadline=None)
@given(
    text=BYTES,
    slice_bytes=st.sampled_from([1, 3, 10, delimited.SLICE_BYTES]),
    encoding=st.sampled_from(["utf-8", "cp1252"]),
)
def test_a_file_is_read_as_record_by_record(
    tmp_path_factory: pytest.TempPathFactory,
    text: str,
    slice_bytes: int,
    encoding: str,
) -> None:
    path = tmp_path_factory.mktemp("odd") / "goods.csv"
    path.write_bytes(f"x,y\n{text}".encode(encoding, "surrogateescape"))
    lines = io.StringIO(f"x,y\n{text}", newline="\n")
    expected = list(records_of(lines, Dialect(encoding=encoding)))[1:]
    with patch.multiple(delimited, SLICE_BYTES=slice_bytes, RECORDS=2):
        df = scan_csv(path, Dialect(encoding=encoding)).collect()

    assert df[LINE].to_list() == [record.line for record in expected]
    for record, (*cells, line, problem) in zip(expected, df.rows(), strict=True):
        is_good = len(record.fields) == 2 and "\udc81" not in record.text
        assert (problem is None) is is_good
        fields = record.fields if is_good else ["", ""]
        assert cells == [field or None for field in fields]
        first, *_ = record.text.split("\n")
        data = path.read_bytes().split(b"\n")[line - 1]
        assert data == first.encode(encoding, "surrogateescape")


@pytest.mark.parametrize("stray", ["", 'x"y,"z\n'])
@pytest.mark.parametrize("skip", [0, 1, 3])
@pytest.mark.parametrize("header", [True, False])
def test_lines_before_the_table_are_skipped_whatever_they_hold(
    tmp_path: Path, stray: str, skip: int, *, header: bool
) -> None:
    path = tmp_path / "goods.csv"
    preamble = ['An open "quote', "", '"'][:skip]
    names = ["sku,name"] if header else []
    lines = [*preamble, *names, '1,"a\nb"', "", "2,c", *stray.splitlines()]
    path.write_text("".join(f"{line}\n" for line in lines))

    df = scan_csv(path, Dialect(header=header, skip=skip)).collect()

    first = skip + header + 1
    rows = [("1", "a\nb", first), ("2", "c", first + 3)]
    good = df.filter(pl.col("_problem").is_null()).drop("_problem")
    assert good.rows() == rows
    assert df.height == len(rows) + bool(stray)


def test_more_lines_than_the_file_has_cannot_be_skipped(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("sku\n1\n")

    with pytest.raises(SourceError) as error:
        read_csv(path, Dialect(skip=3))

    assert str(error.value) == (
        '"goods.csv" has no header behind the 3 lines that its Dialect skips.'
    )


@pytest.mark.parametrize("slice_bytes", [4, 4_000_000])
def test_an_escape_makes_text_of_quotes_and_separators_and_of_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, slice_bytes: int
) -> None:
    monkeypatch.setattr(delimited, "SLICE_BYTES", slice_bytes)
    path = tmp_path / "goods.csv"
    rows = [
        r"plain,1",
        r'"6\" nail",C:\new',
        r"a\,b,c\\",
        r'"two' "\n" r'\"lines\"",d\"',
    ]
    path.write_text("\n".join(["name,n", *rows]) + "\n")

    df = read_csv(path, Dialect(escape="\\"))

    assert df.rows() == [
        ("plain", "1", 2),
        ('6" nail', "C:\\new", 3),
        ("a,b", "c\\", 4),
        ('two\n"lines"', 'd"', 5),
    ]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("day,trip,,cost\n,by rail,by air,\n", "day|trip by rail|trip by air|cost"),
        ('day,"by\nrail",air,cost\n,km,km,\n', "day|by\nrail km|air km|cost"),
        (",,group,\na,b,c,\n", "a|b|group c|column_4"),
    ],
)
def test_a_header_of_several_rows_is_joined(
    path: Path, header: str, names: str
) -> None:
    path.write_text(f"A title\n{header}1,2,3,4\n")

    df = scan_csv(path, Dialect(header_rows=2, skip=1)).collect()

    assert df.columns[:4] == names.split("|")
    line = 2 + header.count("\n")
    assert df.rows() == [("1", "2", "3", "4", line, None)]


def test_rows_may_end_with_a_separator_that_their_header_lacks(path: Path) -> None:
    path.write_text("a;b\n1;2;\n3;4\n")

    df = scan_csv(path, Dialect(";", trailing=True)).collect()

    assert df.drop("_line").rows(named=True) == [
        {"a": "1", "b": "2", "column_3": None, "_problem": None},
        {
            "a": None,
            "b": None,
            "column_3": None,
            "_problem": "fields: 2 fields instead of 3",
        },
    ]
