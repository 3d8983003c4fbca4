"""A sample is read in batches, and is known as if all its rows had been read at once."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from generators import survey as surveying
from generators.columns import Column
from generators.describe import Schema, describe
from generators.infer import infer_columns
from generators.sample import Said
from generators.survey import Surveyed, survey
from generators.typed import column_of
from importkit import delimited
from importkit.source import LINE

type Cells = list[str | None]

DIGITS = st.integers(0, 99)
DAY, MONTH = st.integers(1, 28), st.integers(1, 12)
# Cells that are alike; a column is made of some of one, and more of another.
ALIKE: dict[str, st.SearchStrategy[str | None]] = {
    "integers": st.integers(-1000, 10_000).map(str),
    "large integers": st.integers(2**62, 2**65).map(str),
    "decimals": st.decimals(-999, 999, places=2).map(str),
    "long decimals": st.decimals(0, 9, places=14).map(str),
    "decimal commas": st.builds("{},{:02}".format, DIGITS, DIGITS),
    "commas before three digits": st.builds("{},{:03}".format, DIGITS, DIGITS),
    "points before three digits": st.builds("{}.{:03}".format, DIGITS, DIGITS),
    "thousands": st.integers(1000, 10**8).map("{:,}".format),
    "thousands and decimals": st.integers(1000, 10**8).map("{:,}.50".format),
    "money": st.builds("€ {}.{:02}".format, DIGITS, DIGITS),
    "dollars": st.builds("${}.{:02}".format, DIGITS, DIGITS),
    "percents": DIGITS.map("{}%".format),
    "in parentheses": DIGITS.map("({})".format),
    "floats": st.floats(1e10, 1e20).map("{:e}".format),
    "leading zeros": DIGITS.map("0{:03}".format),
    "zeros and ones": st.sampled_from("01"),
    "yes and no": st.sampled_from(["yes", "no"]),
    "true and false": st.sampled_from(["true", "false"]),
    "Y and N": st.sampled_from("YN"),
    "dates": st.builds("2024-{:02}-{:02}".format, MONTH, DAY),
    "day and month": st.builds("{:02}/{:02}/2024".format, DAY, MONTH),
    "month and day": st.builds("{:02}/{:02}/2024".format, MONTH, DAY),
    "open dates": st.builds("{:02}/{:02}/2024".format, MONTH, MONTH),
    "short dates": st.builds("{:02}.{:02}.{:02}".format, DAY, MONTH, DAY),
    "compact dates": st.builds("2024{:02}{:02}".format, MONTH, DAY),
    "datetimes": st.builds("2024-{:02}-{:02} 10:30:00".format, MONTH, DAY),
    "moments": st.builds("2024-{:02}-{:02}T10:30:00Z".format, MONTH, DAY),
    "open datetimes": st.builds("{:02}/{:02}/2024 10:30".format, MONTH, MONTH),
    "epochs": st.integers(1_600_000_000, 1_700_000_000).map(str),
    "times": st.builds("{:02}:{:02}".format, st.integers(0, 23), DAY),
    "durations": st.builds("{}:{:02}:{:02}".format, DIGITS, DAY, DAY),
    "half days": st.builds("{:02}:{:02} PM".format, MONTH, DAY),
    "uuids": st.uuids().map(str),
    "addresses": DIGITS.map("a{}@example.com".format),
    "urls": DIGITS.map("https://example.com/{}".format),
    "ips": DIGITS.map("10.0.0.{}".format),
    "json": DIGITS.map('{{"a": {}}}'.format),
    "wrapped": DIGITS.map('="{:03}"'.format),
    "nothing": st.sampled_from([None, "", " "]),
    "words for nothing": st.sampled_from(["NA", "-", "null", "n/a"]),
    "weak words": st.sampled_from(["x", ":", "*"]),
    "words": st.sampled_from(["red", "green", "blue", "a longer colour", " pale "]),
    "text": st.text("abc 1é,.", max_size=12),
}


@st.composite
def columns(draw: st.DrawFn) -> Cells:
    """Draw cells that are alike, with others among them or behind them."""
    cells: Cells = []
    kinds = draw(st.lists(st.sampled_from([*ALIKE]), min_size=1, max_size=3))
    for kind in kinds:
        cells += draw(st.lists(ALIKE[kind], min_size=1, max_size=25))
    return cells


def frame_of(*cells: Sequence[str | None]) -> pl.DataFrame:
    """Return columns a, b, c and so on, the shorter ones filled up, with lines."""
    height = max(map(len, cells))
    filled = [[*column, *[None] * (height - len(column))] for column in cells]
    frame = pl.DataFrame(
        dict(zip("abcdefgh", filled, strict=False)),
        schema_overrides=dict.fromkeys("abcdefgh"[: len(cells)], pl.String),
    )
    return frame.with_columns(pl.Series(LINE, range(2, height + 2), pl.Int64))


def surveyed(
    frame: pl.DataFrame, *, head: int, size: int, key: Sequence[str] = ()
) -> Surveyed:
    """Survey rows in batches of some size, from a head of so many rows."""

    def batches() -> Iterator[pl.DataFrame]:
        yield frame.clear()
        yield from frame.iter_slices(size)

    with patch.object(surveying, "HEAD_ROWS", head):
        return survey(batches, infer_columns, partial(column_of, exact=False), key)


def at_once(frame: pl.DataFrame) -> tuple[Column, ...]:
    """Infer the columns of all rows at once, as far as a model shows them."""
    return tuple(map(shown, infer_columns(frame)))


def shown(column: Column) -> Column:
    # Of text it is not shown what else it may be.
    return replace(column, evidence="", order=None, mark="")


@settings(max_examples=300)
@given(
    cells=st.lists(columns(), min_size=1, max_size=3),
    head=st.integers(1, 8),
    size=st.integers(1, 12),
)
def test_columns_are_what_they_are_from_all_rows_at_once(
    cells: list[Cells], head: int, size: int
) -> None:
    frame = frame_of(*cells)

    found = surveyed(frame, head=head, size=size)

    assert tuple(map(shown, found.columns)) == at_once(frame)


def in_batches(path: Path, rows: Sequence[str], said: Said | None = None) -> Schema:
    """Describe a file of rows of which but the first are read a few at a time."""
    path.write_text("\n".join(["thing,n", *rows]) + "\n", encoding="utf-8")
    with (
        patch.object(surveying, "HEAD_ROWS", 10),
        patch.object(delimited, "SLICE_BYTES", 200),
    ):
        return describe(path, said)


def test_a_leading_zero_far_behind_keeps_codes_text(tmp_path: Path) -> None:
    rows = [f"{n},{n}" for n in range(100, 400)]

    schema = in_batches(tmp_path / "sample.csv", [*rows, "007,1"])

    assert schema.columns[0].field == "CharField(max_length=10)"
    assert schema.rows == 301
    assert schema.counted < schema.rows


def test_a_late_day_decides_the_order_that_the_first_rows_leave_open(
    tmp_path: Path,
) -> None:
    rows = [f"0{n % 9 + 1}/0{n % 7 + 1}/2026,{n}" for n in range(200)]

    schema = in_batches(tmp_path / "sample.csv", [*rows, "25/01/2026,1"])

    assert schema.columns[0].parser == 'date("%d/%m/%Y")'


def test_what_the_user_says_is_refused_by_a_row_far_behind(tmp_path: Path) -> None:
    rows = [f"{n},{n}" for n in range(100, 400)]
    said = Said(types=["thing=integer"])

    with pytest.raises(ValueError, match="do not fit, on line 302"):
        in_batches(tmp_path / "sample.csv", [*rows, "x,1"], said)


def test_rows_far_apart_that_share_the_natural_key_are_counted(tmp_path: Path) -> None:
    rows = [f"{n},{n}" for n in range(100, 400)]
    said = Said(natural_key="thing")

    with pytest.raises(ValueError, match="2 of 302 sample rows repeat"):
        in_batches(tmp_path / "sample.csv", [*rows, "100,1", "101,1"], said)


def test_no_more_rows_are_looked_at_than_the_user_says(tmp_path: Path) -> None:
    rows = [f"{n},{n}" for n in range(100, 400)]

    schema = in_batches(tmp_path / "sample.csv", [*rows, "x,1"], Said(rows=50))

    assert (schema.rows, schema.columns[0].kind) == (50, "integer")
    assert "--rows: no more than the first 50 rows were looked at" in schema.notes


def test_a_row_that_cannot_be_read_far_behind_is_named_by_its_line(
    tmp_path: Path,
) -> None:
    rows = [f"{n},{n}" for n in range(100, 400)]

    schema = in_batches(tmp_path / "sample.csv", [*rows, "a,b,c", "500,1"])

    assert schema.rows == 301
    assert any("1 row left out" in n and "line 302" in n for n in schema.notes)
