"""A file that is not a table of text is refused, and the error says what it is."""

import bz2
import csv
import gzip
import lzma
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from importkit.errors import SourceError
from importkit.source import (
    Dialect,
    read_csv,
    scan_csv,
)
from importkit.source.detection.dialects import detect_dialect
from tests.importkit.source.conftest import Read


@pytest.mark.parametrize(
    ("data", "encoding", "line", "byte"),
    [
        (b'\n"net\npr\xe9is",b\n1,2\n', "utf-8", 3, "0xe9"),
        (b"pr\x81is\n1\n", "cp1252", 1, "0x81"),
        ("a,b\n1,2\n3".encode("utf-16") + b"\x00\xd8\n\x00", "utf-16", 3, "0x00"),
    ],
)
def test_a_file_whose_header_is_of_another_encoding_is_refused(
    table: Read, data: bytes, encoding: str, line: int, byte: str
) -> None:
    with pytest.raises(SourceError) as error:
        table(data, Dialect(encoding=encoding))

    assert str(error.value) == (
        f'"goods.csv" is not {encoding}: line {line} holds the byte {byte}. Name the '
        'encoding that the file has in the Dialect, for example encoding="cp1252".'
    )


def test_a_file_of_one_endless_line_is_refused(table: Read) -> None:
    with pytest.raises(SourceError, match="no line end in its first 1,000,000 bytes"):
        table("a,b" * 500_000)


def test_a_file_of_empty_cells_has_no_header(table: Read) -> None:
    with pytest.raises(SourceError, match=r'"goods\.csv" has no header'):
        table(",,\n,,\n")


@pytest.mark.parametrize("read", [read_csv, scan_csv, detect_dialect])
@pytest.mark.parametrize(
    ("pack", "message"),
    [
        (gzip.compress, "is packed with gzip, not delimited text."),
        (bz2.compress, "is packed with bzip2, not delimited text."),
        (lzma.compress, "is packed with xz, not delimited text."),
        (lambda _: b"\x28\xb5\x2f\xfd\x04", "is packed with zstd, not delimited text."),
        (lambda _: b"PK\x03\x04\x14\x00", "is a workbook (.xlsx, .ods) or a zip arch"),
        (lambda _: bytes.fromhex("d0cf11e0a1b11ae1"), "is an old workbook (.xls), not"),
        (
            lambda _: b"%PDF-1.7\n",
            "is a PDF, not delimited text. Ask for the data as CSV",
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
@pytest.mark.parametrize(
    ("start", "kind"),
    [
        ("<!DOCTYPE html>\n<p>Please log in, or register.</p>", "an HTML page"),
        ("\ufeff\n <HTML xmlns:x=''><body>", "an HTML page"),
        ("<table border=1><tr><td>sku</td><td>price</td></tr>", "an HTML page"),
        ('<?xml version="1.0"?>\n<rows><row a="1" b="2"/></rows>', "XML"),
    ],
)
def test_a_page_that_is_called_a_table_is_refused_by_its_kind(
    path: Path, read: Any, start: str, kind: str
) -> None:
    path.write_text(f"{start}\n<tr><td>A1</td><td>1,5</td></tr>\n")

    with pytest.raises(
        SourceError, match=f'^"goods.csv" is {kind}, not delimited text'
    ):
        read(path)


@pytest.mark.parametrize("header", ["<DATE>,<OPEN>", "<headline>,b", "<tables>,b"])
def test_headers_in_angle_brackets_are_not_a_page(table: Read, header: str) -> None:
    assert table(f"{header}\n1,2\n").rows() == [("1", "2", 2)]


@pytest.mark.parametrize("read", [read_csv, scan_csv, detect_dialect])
def test_a_parquet_file_is_refused_by_its_kind(path: Path, read: Any) -> None:
    pl.DataFrame({"a": [1]}).write_parquet(path)

    with pytest.raises(SourceError) as error:
        read(path)

    assert str(error.value) == (
        '"goods.csv" is a Parquet file, not delimited text. Ask for the data as CSV, or '
        "give it a name that ends with .parquet, and read it with scan_source in "
        "handle_import. See docs/sources.md#formats."
    )
    path.write_text("PAR1,PAR2\n1,2\n")
    assert scan_csv(path).collect().height == 1


def test_an_unknown_encoding_is_an_error(table: Read) -> None:
    with pytest.raises(SourceError, match='Python knows no encoding "utf-99"'):
        table("a,b\n1,2\n", Dialect(encoding="utf-99"))


@pytest.mark.parametrize(
    "codec",
    [
        *("zlib", "rot13", "hex", "base64", "bz2", "quopri", "uu"),
        *("idna", "punycode", "unicode_escape", "raw_unicode_escape", "undefined"),
    ],
)
def test_a_codec_that_is_no_encoding_of_files_is_refused(
    codec: str, table: Read, path: Path
) -> None:
    with pytest.raises(SourceError) as error:
        table("a,b\n1,ö\n", Dialect(encoding=codec))

    assert str(error.value) == (
        f'"{codec}" is a codec of Python, but not an encoding of files. Name the encoding '
        "of the file, such as utf-8, utf-16, cp1252 or latin-1."
    )
    with pytest.raises(SourceError, match=f'"{codec}" is a codec of Python'):
        detect_dialect(path, codec)


def test_the_limit_of_a_field_is_one_that_every_system_takes(
    table: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_limit = csv.field_size_limit

    def of_windows(limit: int) -> int:
        if limit >= 2**31:
            raise OverflowError("Python int too large to convert to C long")
        return set_limit(limit)

    monkeypatch.setattr(csv, "field_size_limit", of_windows)
    long = "x" * 200_000

    # A quote inside of text is read by the csv module.
    assert table(f'a,b\n1,{long}"\n')["b"].to_list() == [f'{long}"']


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


def test_more_lines_than_the_file_has_cannot_be_skipped(path: Path) -> None:
    path.write_text("sku\n1\n")

    with pytest.raises(SourceError) as error:
        read_csv(path, Dialect(skip=3))

    assert str(error.value) == (
        '"goods.csv" has no header behind the 3 lines that its Dialect skips.'
    )


def test_a_file_that_is_missing_is_told_with_what_may_be_meant(tmp_path: Path) -> None:
    (tmp_path / "goods.csv").write_text("a\n1\n")

    with pytest.raises(SourceError, match=r'god\.csv" \(did you mean "goods\.csv"\?\)'):
        read_csv(tmp_path / "god.csv")
    with pytest.raises(SourceError, match=r"there is no folder .*nowhere\" either"):
        read_csv(tmp_path / "nowhere" / "goods.csv")
    with pytest.raises(SourceError, match=r'folder, .*: name a file .*"goods\.csv"'):
        read_csv(tmp_path)
    with pytest.raises(SourceError, match="was an address before a Path was made"):
        read_csv(Path("https://example.com/goods.csv"))
