from pathlib import Path

import pytest

from importkit.detect import detect_dialect
from importkit.errors import SourceError
from importkit.source import Dialect


@pytest.mark.parametrize(
    ("data", "dialect"),
    [
        (b"a,b\n1,2\n", Dialect()),
        (b"\xef\xbb\xbfa,b\n1,2\n", Dialect()),
        (b"a;b\n1,5;2,5\n3,5;4,5\n", Dialect(separator=";")),
        (b"a\tb\nx, y\tz\n", Dialect(separator="\t")),
        (b"a|b\n1|2\n", Dialect(separator="|")),
        (b"a,b\n'1,5','x'\n", Dialect(quote="'")),
        ("ort,n\nKöln,1\n".encode("cp1252"), Dialect(encoding="cp1252")),
        (b"a,b\n\x81,1\n", Dialect(encoding="latin-1")),
        ("a,b\n1,2\n".encode("utf-16"), Dialect(encoding="utf-16")),
        (b"only one column\nx\n", Dialect()),
        (b"name\n's Gravenhage\n", Dialect()),
        (b"name,n\n's Gravenhage,1\n", Dialect()),
        (b'a,b\n"1;2;3;4",x\n"5;6;7;8",y\n', Dialect()),
    ],
)
def test_a_dialect_is_detected(tmp_path: Path, data: bytes, dialect: Dialect) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(data)

    assert detect_dialect(path) == dialect


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("sku,price\nA1,1.50\n", True),
        ("A1,1.50\nA2,2.50\n", False),
        ("A1,2024-01-02\nA2,2024-01-03\n", False),
        ("country,2023,2024\nfr,1,2\n", True),
        ("name,city\nann,rome\n", True),
        ("sku,price\n", True),
    ],
)
def test_a_value_on_top_of_values_is_no_header(
    tmp_path: Path, text: str, *, header: bool
) -> None:
    path = tmp_path / "sample.csv"
    path.write_text(text)

    assert detect_dialect(path).header is header


def test_a_late_byte_decides_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 300_000 + b"\xe9,2\n")

    assert detect_dialect(path).encoding == "cp1252"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", '"sample.csv" is empty'),
        (b" \r\n\n", '"sample.csv" is empty'),
        (b"\xef\xbb\xbf\n", '"sample.csv" is empty'),
        (b"a\x00b,1\n", '"sample.csv" is not a text file: it holds NUL bytes'),
        (b"PK\x03\x04\x00\x00", '"sample.csv" is a workbook'),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "sample.csv"
    path.write_bytes(data)

    with pytest.raises(SourceError, match=message):
        detect_dialect(path)
