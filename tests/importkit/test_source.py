import csv
from pathlib import Path
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from importkit import delimited
from importkit.errors import SourceError
from importkit.records import records
from importkit.source import LINE, Dialect, read_csv


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
        "3 fields instead of 2. Is the separator right, and is text that holds it in "
        "quotes?"
    )


def test_a_short_row_is_not_filled_up_in_silence(path: Path) -> None:
    path.write_text("a,b\n1,2\n3\n")

    with pytest.raises(SourceError, match="line 3: 1 field instead of 2"):
        read_csv(path)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('"open', "cannot be read from line 3 on"),
        ('"a" b,2', "line 3: a quote that is"),
    ],
)
def test_a_broken_quote_is_named_with_its_line(
    path: Path, row: str, message: str
) -> None:
    path.write_text(f"a,b\n1,2\n{row}\n")

    with pytest.raises(SourceError, match=rf'"goods.csv".* {message}'):
        read_csv(path)


def test_a_wrong_encoding_is_named_with_line_and_byte(path: Path) -> None:
    path.write_bytes(b"a,b\n1,2\n3,\xe9\n")

    with pytest.raises(SourceError) as error:
        read_csv(path)

    assert str(error.value) == (
        '"goods.csv" is not utf-8: line 3 holds the byte 0xe9. Name the encoding that '
        'the file has in the Dialect, for example encoding="cp1252".'
    )


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


@settings(max_examples=1000)
@given(
    text=st.text(alphabet='ab",\n', min_size=1, max_size=30),
    slice_bytes=st.sampled_from([1, 3, 10, delimited.SLICE_BYTES]),
)
def test_a_file_is_read_as_record_by_record_or_refused(
    tmp_path_factory: pytest.TempPathFactory, text: str, slice_bytes: int
) -> None:
    path = tmp_path_factory.mktemp("odd") / "goods.csv"
    path.write_bytes(f"x,y\n{text}".encode())
    try:
        expected = list(records(f"x,y\n{text}", Dialect()))[1:]
        even = all(len(record.fields) == 2 for record in expected)
    except csv.Error:
        even = False
    with patch.multiple(delimited, SLICE_BYTES=slice_bytes, RECORDS=2):
        if not even:
            with pytest.raises(SourceError):
                read_csv(path)
            return

        df = read_csv(path)

    assert df.drop(LINE).rows() == [
        tuple(field or None for field in record.fields) for record in expected
    ]
    assert df[LINE].to_list() == [record.line for record in expected]
