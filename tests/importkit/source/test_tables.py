"""Parquet and JSON keep their types, and rows their line or number."""

import gzip
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest

from importkit.errors import SourceError
from importkit.source import LINE, read_source, scan_source, tables


def test_parquet_keeps_types_and_numbers_its_rows(tmp_path: Path) -> None:
    path = tmp_path / "goods[1].parquet"
    df = pl.DataFrame(
        {
            "^sku$": ["007", None],
            "price": [Decimal("1.50"), Decimal("2.00")],
            "day": [date(2026, 1, 31), None],
            LINE: [7, 8],
        },
    )
    df.write_parquet(path)

    read = read_source(path)

    assert read.rows(named=True) == [
        {
            **{"^sku$": "007", "price": Decimal("1.50"), "day": date(2026, 1, 31)},
            **{f"{LINE}_2": 7, LINE: 1},
        },
        {
            **{"^sku$": None, "price": Decimal("2.00"), "day": None},
            **{f"{LINE}_2": 8, LINE: 2},
        },
    ]
    assert scan_source(path).collect().equals(read)


def test_lists_and_structures_are_kept_as_json(tmp_path: Path) -> None:
    path = tmp_path / "goods.parquet"
    nested = {"tags": [["a", '"b'], None], "size": [{"w": 1, "h": None}, None]}
    pl.DataFrame(nested).write_parquet(path)

    assert read_source(path).rows() == [
        ('["a","\\"b"]', '{"w":1,"h":null}', 1),
        (None, None, 2),
    ]


NDJSON = b"""\xef\xbb\xbf{"sku": "007", "n": 1, "tags": ["a"]}\r

{"n": 2.5, "ok": true}
{"sku": 8, "tags": {"b": 1}}"""


@pytest.mark.parametrize("lines", [1, 2, 20_000])
@pytest.mark.parametrize("name", ["goods.ndjson", "goods.jsonl", "goods.ndjson.gz"])
def test_ndjson_has_the_lines_of_its_file(
    tmp_path: Path, name: str, lines: int
) -> None:
    path = tmp_path / name
    data = NDJSON.replace(b', "tags": {"b": 1}', b"")
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)

    with patch.multiple(tables, LINES=lines):
        df = read_source(path)

    assert df.to_dicts() == [
        {"sku": "007", "n": 1.0, "tags": '["a"]', "ok": None, LINE: 1},
        {"sku": None, "n": 2.5, "tags": None, "ok": True, LINE: 3},
        {"sku": "8", "n": None, "tags": None, "ok": None, LINE: 4},
    ]


@pytest.mark.parametrize("line", [b'{"a":', b"[1]", b"7", b'{"a":1} {"a":2}'])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "goods.ndjson"
    path.write_bytes(b'{"a": 1}\n\n' + line + b'\n{"a": 2}\n')

    with pytest.raises(SourceError) as error:
        scan_source(path)

    assert str(error.value) == (
        '"goods.ndjson" cannot be read: line 3 is not a JSON object. Correct the '
        "line, or remove it."
    )


def test_json_is_a_list_of_objects(tmp_path: Path) -> None:
    path = tmp_path / "goods.json"
    path.write_text('[{"sku": "007"},\n {"sku": "008", "n": 1}]')

    assert read_source(path).to_dicts() == [
        {"sku": "007", "n": None, LINE: 1},
        {"sku": "008", "n": 1, LINE: 2},
    ]


def test_json_that_is_no_list_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.json"
    path.write_text('{"goods": [{"sku": "007"}]}')

    with pytest.raises(SourceError) as error:
        read_source(path)

    assert str(error.value) == (
        '"goods.json" is not a list of JSON objects: save the rows as a list, '
        'for example [{"sku": "A1"}].'
    )


@pytest.mark.parametrize("name", ["goods.parquet", "goods.json", "goods.ndjson"])
def test_a_file_that_is_cut_off_or_missing_is_refused(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / name

    with pytest.raises(SourceError, match=r"There is no file"):
        read_source(path)

    path.write_bytes(b'[{"a": 1},')
    with pytest.raises(SourceError, match=rf'"{name}" cannot be read'):
        read_source(path)


def test_json_that_is_too_large_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.json"
    path.write_text('[{"sku": "007"}]')

    with (
        patch.multiple(tables, MOST_WHOLE_BYTES=10),
        pytest.raises(SourceError, match=r"holds more than 10 bytes of JSON"),
    ):
        read_source(path)


def test_values_become_text_that_reads_as_the_same(tmp_path: Path) -> None:
    df = pl.DataFrame(
        {
            "n": [12.0, 1e-7, None],
            "at": [datetime(2026, 1, 31, 12, 30), None, None],
            "day": [date(2026, 1, 31), None, None],
            "ok": [True, False, None],
        }
    )

    assert tables.as_text(df).rows() == [
        ("12", "2026-01-31 12:30:00.000000", "2026-01-31", "true"),
        ("1e-7", None, None, "false"),
        (None, None, None, None),
    ]
