"""JSON keeps every digit and every value, or is refused by what would be lost."""

from pathlib import Path

import polars as pl
import pytest

from importkit.errors import SourceError
from importkit.source import read_source

LONG = "1234567890123456789012345678901234567890"


def read(folder: Path, rows: list[str], end: str) -> pl.DataFrame:
    path = folder / f"goods{end}"
    text = "\n".join(rows) if end == ".ndjson" else f"[{', '.join(rows)}]"
    path.write_text(text, encoding="utf-8")
    return read_source(path)


@pytest.mark.parametrize("end", [".ndjson", ".json"])
@pytest.mark.parametrize(
    ("rows", "dtype", "values"),
    [
        (['{"a": ' + LONG + "}", '{"a": 2}'], pl.String, [LONG, "2"]),
        (['{"a": -' + LONG + "}", '{"a": null}'], pl.String, [f"-{LONG}", None]),
        (['{"a": 0.10000000000000000001}'], pl.String, ["0.10000000000000000001"]),
        (['{"a": 1e400}', '{"a": "x"}'], pl.String, ["1e400", "x"]),
        (
            ['{"a": 9007199254740993}', '{"a": 0.5}'],
            pl.String,
            ["9007199254740993", "0.5"],
        ),
        (['{"a": 9007199254740993}', '{"a": 1}'], pl.Int64, [9007199254740993, 1]),
        (['{"a": 0.30000000000000004}'], pl.Float64, [0.30000000000000004]),
        (['{"a": {"b": [' + LONG + "]}}"], pl.String, ['{"b": [' + LONG + "]}"]),
        (['{"a": {"b": 0.10000000000000000001}}'], pl.String, None),
        (['{"a": "\\ud83d\\ude00"}'], pl.String, ["\U0001f600"]),
        (['{"a": "x", "b": {"a": 1}}', '{"a": "y"}'], pl.String, ["x", "y"]),
        (['{"a": "\\"b\\": {1}"}', '{"a": "}{"}'], pl.String, ['"b": {1}', "}{"]),
    ],
)
def test_values_are_kept_as_they_are_written(
    rows: list[str],
    dtype: pl.DataType,
    values: list[object] | None,
    end: str,
    tmp_path: Path,
) -> None:
    found = read(tmp_path, rows, end)["a"]

    assert found.dtype == dtype
    wanted = values or ['{"b": 0.10000000000000000001}']
    assert found.to_list() == wanted


@pytest.mark.parametrize("end", [".ndjson", ".json"])
@pytest.mark.parametrize(
    ("row", "what"),
    [
        ('{"a": 1, "b": 2, "a": 3}', 'an object has the key "a" twice. Correct'),
        ('{"a": [{"b": 1, "b": 1}]}', 'an object has the key "b" twice. Correct'),
        ('{"a": 1, "b": 2, "b": 2}', 'an object has the key "b" twice. Correct'),
        ('{"a": 1, "\\u0061": 2}', 'an object has the key "a" twice. Correct'),
        ('{"a": "\\ud800"}', "a text has half of a character"),
        ('{"a": "\\udc00\\ud800"}', "a text has half of a character"),
        ('{"a": NaN}', "cannot be read"),
        ('{"a": -Infinity}', "cannot be read"),
        ('{"a": ' + "[" * 3000 + "]" * 3000 + "}", "cannot be read"),
    ],
)
def test_what_would_be_lost_is_refused(
    row: str, what: str, end: str, tmp_path: Path
) -> None:
    with pytest.raises(SourceError) as error:
        read(tmp_path, ['{"a": 1}', row], end)

    assert what in str(error.value)
    assert str(error.value).startswith(f'"goods{end}" cannot be read')
    if end == ".ndjson" and "[[" not in row:
        assert "line 2" in str(error.value)


def test_a_long_number_beside_fractions_of_other_lines_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.tables.LINES", 1)

    with pytest.raises(SourceError) as error:
        read(tmp_path, ['{"a": 9007199254740993}', '{"a": 0.5}'], ".ndjson")

    assert str(error.value) == (
        '"goods.ndjson" cannot be read: "a" has fractions, and on line 1 a whole number '
        "that would lose digits beside them. Write the numbers of this column as text, in "
        "quotes."
    )


def test_lines_that_are_read_twice_have_the_values_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.tables.LINES", 2)
    rows = ['{"a": 1, "b": "x"}', '{"a": 2}', '{"a": 0.5, "b": null}', '{"b": "}{"}']

    found = read(tmp_path, [*rows, *rows], ".ndjson")

    once = [(1.0, "x"), (2.0, None), (0.5, None), (None, "}{")]
    assert found.select("a", "b").rows() == [*once, *once]
