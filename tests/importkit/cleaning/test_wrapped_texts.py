"""Columns of text whose values all stand in quotes are told; the quotes stay."""

from pathlib import Path

import polars as pl
import pytest

from importkit.cleaning import CleaningDF, clean
from importkit.source import scan_csv
from tests.importkit.rules import rules

TEXT = rules({"a": pl.String})


@pytest.mark.parametrize(
    ("quote", "name", "change"),
    [
        ("'", "single quotes", 'quote="\'"'),
        ('"', "double quotes", "quote='\"'"),
        ("`", "backticks", 'quote="`"'),
    ],
)
def test_a_column_in_quotes_is_told_and_kept(
    quote: str, name: str, change: str
) -> None:
    texts = [f"{quote}Bolt{quote}", f"{quote}it{quote}{quote}s{quote}"]

    result = TEXT(pl.DataFrame({"a": [None, *texts]}))

    assert result.warnings == (
        f'All 2 values of "a" stand in {name}, the first in row 2, and keep them. If the '
        f"file is written with these quotes, write {change} in the Dialect.",
    )
    assert result.df["a"].to_list() == texts


@pytest.mark.parametrize(
    "texts",
    [
        ["'a'", "b"],
        ["'a'", '"b"'],
        ["'a'"],
        ["'a' or 'b'", "'c'"],
        ["'", "'"],
        ["\N{LEFT DOUBLE QUOTATION MARK}a\N{RIGHT DOUBLE QUOTATION MARK}"] * 2,
        [*["'a'"] * 30, "b"],
        [*[None] * 30, "b"],
        [None, None],
    ],
)
def test_nothing_is_said_of_other_columns(texts: list[str | None]) -> None:
    df = pl.DataFrame({"a": texts}, schema={"a": pl.String})

    assert TEXT(df).warnings == ()


@pytest.mark.parametrize(("last", "is_told"), [("'z'", True), ("z", False)])
def test_all_batches_are_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, last: str, *, is_told: bool
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", 20)
    path = tmp_path / "goods.csv"
    path.write_text("\n".join(["a", *["'some text'"] * 9, last, ""]))
    stream = clean(TEXT, scan_csv(path))
    assert not isinstance(stream, CleaningDF)

    stream.df.collect()

    told = [warning[:13] for warning in stream.warnings]
    assert told == (["All 10 values"] if is_told else [])
