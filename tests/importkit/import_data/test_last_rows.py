"""A last row without the line end that files have may be cut off in its last value."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command

from importkit.source import DelimitedFile, Dialect
from tests.importkit.import_data.goods import goods, skus

pytestmark = pytest.mark.django_db

CUT = "The last row (line 3) has no line end"


def run(path: Path, content: bytes, dialect: Dialect | None = None) -> str:
    path.write_bytes(content)
    out = io.StringIO()
    call_command(goods(path, dialect), stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("size", [1, 7, 4_000_000])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_last_row_without_line_end_is_told_and_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: int, end: str
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", size)
    content = end.join(["price,store,sku", "1.50,,a", "12.00,,b"]).encode()

    said = run(tmp_path / "goods.csv", content)

    assert CUT in said
    assert "is the file cut off in its last value?" in said
    assert "write last_line_end=False in the Dialect" in said
    assert skus() == ["a", "b"]


@pytest.mark.parametrize(
    "content",
    [
        b"price,store,sku\n1.50,,a\n",
        b"price,store,sku\r\n1.50,,a\r\n",
        b"price,store,sku\r1.50,,a\r",
        b"price,store,sku\n1.50,,a\n  ",
        b"price,store,sku\n1.50,,a\n\n\n",
        # A quote that is closed ends the value.
        b'price,store,sku\n1.50,,"a"',
    ],
)
def test_nothing_is_said_where_the_last_value_is_whole(
    tmp_path: Path, content: bytes
) -> None:
    assert "line end" not in run(tmp_path / "goods.csv", content)
    assert skus() == ["a"]


def test_nothing_is_said_where_the_dialect_says_that_files_end_so(
    tmp_path: Path,
) -> None:
    content = "price,store,sku\n1.50,,a".encode("utf-16")
    dialect = Dialect(encoding="utf-16", last_line_end=False)

    assert "line end" not in run(tmp_path / "goods.csv", content, dialect)
    again = run(tmp_path / "goods.csv", content, Dialect(encoding="utf-16"))
    assert "The last row (line 2) has no line end" in again


def test_nothing_is_known_of_the_end_of_a_file_that_was_read_in_part(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", 20)
    path = tmp_path / "goods.csv"
    path.write_bytes(b"sku,price\n" + b"a,1.50\n" * 10 + b"b,2")
    file = DelimitedFile(path, Dialect())

    next(file.batches())
    assert file.warnings == ()

    list(file.batches())
    assert len(file.warnings) == 1
