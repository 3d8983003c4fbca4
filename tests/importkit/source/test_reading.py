"""Delimited text becomes a table: cells as they are, rows with their true lines."""

import csv
import io
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import assume, given, settings
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
from importkit.source.delimited.slices import Slice, read_whole, slices
from tests.importkit.source.conftest import Read


def physical_line(path: Path, line: int, encoding: str = "utf-8") -> str:
    """Return what ``sed -n LINEp`` shows."""
    return path.read_bytes().decode(encoding).split("\n")[line - 1]


def test_rows_that_begin_as_packed_data_does_are_read(tmp_path: Path) -> None:
    path = tmp_path / "functions.csv"
    path.write_text("f,n\nx^2,1\nx^3,2\n")

    assert read_csv(path)["f"].to_list() == ["x^2", "x^3"]


def test_every_column_is_text_and_nothing_is_guessed(table: Read) -> None:
    df = table("sku,price\n00123, 1.50 \n")

    assert df.to_dicts() == [{"sku": "00123", "price": " 1.50 ", LINE: 2}]


def test_an_empty_cell_is_null_whether_quoted_or_not(table: Read) -> None:
    df = table('a,b,c\n,"",x\n')

    assert df.rows() == [(None, None, "x", 2)]


@pytest.mark.parametrize(
    ("dialect", "data"),
    [
        (Dialect(), b'\xef\xbb\xbfname,n\r\n"a\r\nb",1\r\n\r\nc,2\r\n'),
        (Dialect(separator=";"), b'name;n\n"a\r\nb";1\n\nc;2\n'),
        (Dialect(separator="\t", quote="'"), b"name\tn\n'a\r\nb'\t1\n\nc\t2"),
        (Dialect(encoding="utf-16"), 'name,n\n"a\r\nb",1\n\nc,2\n'.encode("utf-16")),
        (Dialect(skip_blanks=True), b'name,n\n  "a\r\nb",  "1"\n\n c, 2\n'),
        (Dialect(escape="\\"), b'name,n\n"a\\\r\nb",1\n\nc,2\n'),
    ],
)
def test_dialects_read_alike_with_true_lines(
    table: Read, dialect: Dialect, data: bytes
) -> None:
    df = table(data, dialect)

    assert df.to_dicts() == [
        {"name": "a\r\nb", "n": "1", LINE: 2},
        {"name": "c", "n": "2", LINE: 5},
    ]


def test_a_header_over_several_lines_moves_the_rows_down(table: Read) -> None:
    df = table('\n"net\nprice",n\n1,2\n')

    assert df.to_dicts() == [{"net\nprice": "1", "n": "2", LINE: 4}]


def test_a_row_of_empty_cells_is_not_a_row(table: Read) -> None:
    df = table("a,b\n1,2\n,\n\n3,4\n,\n")

    assert df.rows() == [("1", "2", 2), ("3", "4", 5)]


def test_repeated_and_empty_headers_get_names_of_their_own(table: Read) -> None:
    df = table("a,a,,a_2,_line\n1,2,3,4,5\n")

    assert df.rows(named=True) == [
        {"a": "1", "a_3": "2", "column_3": "3", "a_2": "4", "_line_2": "5", LINE: 2}
    ]


def test_a_header_that_looks_like_a_pattern_is_a_name(table: Read) -> None:
    df = table("^.*$,a,*\n1,,3\n,,\n4,5,6\n")

    assert df.to_dicts() == [
        {"^.*$": "1", "a": None, "*": "3", LINE: 2},
        {"^.*$": "4", "a": "5", "*": "6", LINE: 4},
    ]


def test_columns_without_a_header_are_numbered(table: Read) -> None:
    df = table("1,2\n3,4\n", Dialect(header=False))

    assert df.rows(named=True) == [
        {"column_1": "1", "column_2": "2", LINE: 1},
        {"column_1": "3", "column_2": "4", LINE: 2},
    ]


def test_a_header_alone_gives_no_rows(table: Read) -> None:
    df = table("a,b\n")

    assert df.columns == ["a", "b", LINE]
    assert df.is_empty()


def test_old_line_ends_are_line_ends(table: Read) -> None:
    df = table(b"a,b\r1,2\r3,4\r")

    assert df.rows() == [("1", "2", 2), ("3", "4", 3)]


def test_a_quote_inside_text_is_text(table: Read) -> None:
    df = table('name,n\n5" pipe,1\n6" pipe,2\n')

    assert df.rows() == [('5" pipe', "1", 2), ('6" pipe', "2", 3)]


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
    assume(encoding == "utf-8" or "é\udc81\udc81" not in text)  # A character of UTF-8.
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
    path: Path, stray: str, skip: int, *, header: bool
) -> None:
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


@pytest.mark.parametrize("slice_bytes", [4, 4_000_000])
def test_an_escape_makes_text_of_quotes_and_separators_and_of_nothing_else(
    path: Path, monkeypatch: pytest.MonkeyPatch, slice_bytes: int
) -> None:
    monkeypatch.setattr(delimited, "SLICE_BYTES", slice_bytes)
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
    scanned: Read, header: str, names: str
) -> None:
    df = scanned(f"A title\n{header}1,2,3,4\n", Dialect(header_rows=2, skip=1))

    assert df.columns[:4] == names.split("|")
    line = 2 + header.count("\n")
    assert df.rows() == [("1", "2", "3", "4", line, None)]


def test_rows_may_end_with_a_separator_that_their_header_lacks(scanned: Read) -> None:
    df = scanned("a;b\n1;2;\n3;4\n", Dialect(";", trailing=True))

    assert df.drop("_line").rows(named=True) == [
        {"a": "1", "b": "2", "column_3": None, "_problem": None},
        {
            "a": None,
            "b": None,
            "column_3": None,
            "_problem": "fields: 2 fields instead of 3",
        },
    ]


@pytest.mark.parametrize(
    ("content", "dialect", "rows"),
    [
        (
            'b,c\n"1",2,3\n4,5\n6,7,8,9\n',
            Dialect(row_names=True),
            [("1", "2", "3"), "2 fields instead of 3", "4 fields instead of 3"],
        ),
        (
            "a,b,c\n1\n2,3,4\n5,6\n",
            Dialect(short_rows=2),
            [("1", None, None), ("2", "3", "4"), "2 fields instead of 1 or 3"],
        ),
        (
            "a,b,c\n1,2\n3,4\n",
            Dialect(short_rows=1),
            [("1", "2", None), ("3", "4", None)],
        ),
        (
            "a\n1,2,3\n4\n5,6\n7",
            Dialect(long_rows=2),
            [
                ("1", "2", "3"),
                ("4", None, None),
                "2 fields instead of 1 or 3",
                "1 field instead of 1 or 3: is the file cut off?",
            ],
        ),
        (
            'a\n1,2,3\n"x\ny",5,6\n',
            Dialect(long_rows=2),
            [("1", "2", "3"), ("x\ny", "5", "6")],
        ),
    ],
)
def test_rows_may_have_other_cells_than_their_header(
    scanned: Read, content: str, dialect: Dialect, rows: list[tuple[str, ...] | str]
) -> None:
    df = scanned(content, dialect)

    found = [
        str(row[4]).removeprefix("fields: ") if row[4] else row[:3] for row in df.rows()
    ]
    assert found == rows


@pytest.mark.parametrize(
    ("header", "dialect", "names"),
    [
        ("b,c", Dialect(row_names=True), ["row_name", "b", "c"]),
        ("row_name,c", Dialect(row_names=True), ["row_name_2", "row_name", "c"]),
        ("b", Dialect(row_names=True, long_rows=1), ["row_name", "b", "column_3"]),
        ("b", Dialect(long_rows=2), ["b", "column_2", "column_3"]),
    ],
)
def test_columns_without_a_name_get_one(
    table: Read, header: str, dialect: Dialect, names: list[str]
) -> None:
    assert table(f"{header}\n1,2,3\n", dialect).columns == [*names, "_line"]


UTF_8 = "UTF-8, but the Dialect says"


@pytest.mark.parametrize(
    "encoding", ["cp1252", "latin-1", "cp1250", "mac-roman", "cp932"]
)
@pytest.mark.parametrize(
    "word", ["Köln", "Łódź", "Москва", "東京", "5 €", "“a”", "Ελλάδα", "naïve", "20 °C"]
)
@pytest.mark.parametrize("rows", [0, 30])
def test_utf_8_under_another_dialect_is_refused(
    encoding: str, word: str, rows: int, tmp_path: Path
) -> None:
    path = tmp_path / "goods.csv"
    path.write_bytes(b"a,b\n" + b"x,y\n" * rows + f"{word},z\n".encode())

    with pytest.raises(SourceError, match=UTF_8) as error:
        read_csv(path, Dialect(encoding=encoding))

    assert f"(line {rows + 2:,})" in str(error.value)
    assert 'encoding="utf-8"' in str(error.value)


def test_utf_8_is_noticed_far_down_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_bytes(b"a,b\n" + b"x,y\n" * 2_000_000 + "Köln,z\n".encode())

    with pytest.raises(SourceError, match=UTF_8):
        scan_csv(path, Dialect(encoding="cp1252")).collect()


@pytest.mark.parametrize(
    "text",
    [
        *("plain", "Köln", "Spaß…", "CAFÉ»", "„Maß“", "À propos", "NÃO", "5 €", "“a”"),
        *(
            "Ä",
            "ÄÖÜ",
            "É™",
            "ß”, ß”",
            "Müller KÃ¶ln Zürich Düren Fürth",
            "São Tomé",
            "ñ",
        ),
    ],
)
def test_text_of_another_encoding_is_not_taken_for_utf_8(
    text: str, tmp_path: Path
) -> None:
    path = tmp_path / "goods.csv"
    path.write_bytes(f"a;b\n{text};y\n".encode("cp1252"))

    df = read_csv(path, Dialect(";", encoding="cp1252"))

    assert df["a"].to_list() == [text]


@given(
    st.lists(
        st.tuples(
            *[st.sampled_from(["", " ", " x", ' "a, b"', '  "c ""d"" "', '"e"'])] * 2
        ),
        min_size=1,
        max_size=5,
    )
)
def test_blanks_before_fields_are_left_out_as_csv_leaves_them_out(
    rows: list[tuple[str, str]],
) -> None:
    text = "".join(f"{first},{second},z\n" for first, second in rows)
    dialect = Dialect(skip_blanks=True)
    part = Slice(1, len(rows), text.encode(), is_whole=True)

    [found] = slices(iter([text.encode()]), dialect, "\n", 0)
    df = read_whole(part, ["a", "b", "c"], dialect, "\n")

    assert found.is_whole
    assert df is not None
    assert [[cell or "" for cell in row[:3]] for row in df.rows()] == list(
        csv.reader(text.splitlines(keepends=True), skipinitialspace=True)
    )


@pytest.mark.parametrize("text", ['a "b" c,d\n', 'x "a",b\n', '"a" ,b\n'])
def test_quotes_behind_text_and_a_blank_are_not_read_by_polars(text: str) -> None:
    [found] = slices(iter([text.encode()]), Dialect(skip_blanks=True), "\n", 0)

    assert not found.is_whole
