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

from generators.describe import describe
from generators.inference.as_imported import is_readable
from generators.inference.column import Column, Kind
from generators.inference.infer import infer_columns
from generators.inference.typed_columns import column_of
from generators.sample import columns_so_far, distinct, full_scan
from generators.sample.counts import values
from generators.sample.full_scan import Scanned, scan
from generators.sample.read import read_sample
from generators.sample.stated import Statements
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
    "weights": st.builds("{},{:02} kg".format, DIGITS, DIGITS),
    "grams": DIGITS.map("{} g".format),
    "lengths": st.builds("{} m".format, DIGITS),
    "cartons": DIGITS.map("{} Karton".format),
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


def scanned(
    frame: pl.DataFrame, *, head: int, size: int, key: Sequence[str] = ()
) -> Scanned:
    """Survey rows in batches of some size, from a head of so many rows."""

    def batches() -> Iterator[pl.DataFrame]:
        yield frame.clear()
        yield from frame.iter_slices(size)

    with patch.object(full_scan, "HEAD_ROWS", head):
        return scan(batches, infer_columns, partial(column_of, exact=False), key)


def shown(column: Column) -> Column:
    """Leave out why a column is what it is, and how its order of days is known."""
    formats = () if column.format else column.formats
    return replace(column, evidence="", order=None, formats=formats, scale=0)


def is_as_good(found: Column, best: Column, cells: pl.Series) -> bool:
    """Say whether a column is what it is from all rows, or loses nothing either."""
    if found.kind is best.kind:
        # Zeros behind the digits that others have do not widen a decimal.
        return shown(found) == shown(best) and found.scale <= best.scale
    if found.kind is Kind.TEXT:
        # Of text only new values are asked: kinds that need many see each once.
        [once] = infer_columns(cells.unique(maintain_order=True).to_frame())
        return once.kind is Kind.TEXT
    # An import reads "1" beside "true", and 5 beside $5, which nobody guesses.
    return best.kind is Kind.TEXT


@settings(max_examples=150, derandomize=True)
@given(
    cells=st.lists(columns(), min_size=1, max_size=3),
    head=st.integers(1, 8),
    size=st.integers(1, 12),
)
def test_columns_are_what_they_are_from_all_rows_at_once(
    cells: list[Cells], head: int, size: int
) -> None:
    frame = frame_of(*cells)

    found = scanned(frame, head=head, size=size)

    assert found.height == frame.height
    assert found.known[LINE].is_unique().all()
    best = infer_columns(frame)
    for column, want in zip(found.columns, best, strict=True):
        assert is_as_good(column, want, frame[column.header]), (column, want)


@settings(max_examples=100, derandomize=True)
@given(cells=columns(), head=st.integers(1, 8), size=st.integers(1, 12))
def test_an_import_reads_all_rows_as_the_columns_that_are_found(
    cells: Cells, head: int, size: int
) -> None:
    frame = frame_of(cells)

    [column] = scanned(frame, head=head, size=size).columns

    text = pl.col("a").str.strip_chars().replace("", None)
    value = values(column, text)
    reads = frame.select(value.is_null() | is_readable(column, value)).to_series()
    assert reads.all()
    assert column.nulls == frame.select(value.is_null().sum()).item()


@pytest.mark.parametrize(
    ("cells", "known"),
    [
        (["1", "2", "3", "4.25"], {"kind": Kind.DECIMAL, "scale": 2, "digits": 1}),
        (["1.5", "2.5", "3.5", "late"], {"kind": Kind.TEXT, "width": 4}),
        (["1", "2", "3", "NA"], {"kind": Kind.INTEGER, "null_tokens": ("NA",)}),
        (["1", "NA", "3", "late"], {"kind": Kind.TEXT, "nulls": 0}),
        (['="01"', '="02"', "03", '="04"'], {"wrapped": False, "width": 5}),
        (["01/02/2024"] * 3 + ["31/01/2024"], {"format": "%d/%m/%Y"}),
        (["01/02/2024"] * 3 + ["01/31/2024"], {"format": "%m/%d/%Y"}),
        (
            ["01/02/2024", "NA", "NA", "01/02/2024", "01/31/2024", "NA"],
            {"format": "%m/%d/%Y", "nulls": 3, "width": 10},
        ),
        (["1,234", "2,345", "3,45"], {"decimal": ",", "scale": 3}),
        (["1,234", "2,345", "0,345"], {"decimal": ",", "scale": 3}),
        (["1,234", "2,345", "1,234,567"], {"thousands": ",", "minimum": 1234}),
        (["1,234", "2,345", "5", "1,230"], {"thousands": ",", "minimum": 5}),
        (
            ["1,234", "5000", "7000", "2,345", "1,234,567"],
            {"thousands": ",", "maximum": 1_234_567, "minimum": 1234},
        ),
        ([None, "", None, "7", "8"], {"kind": Kind.INTEGER, "unique": True}),
        (["7", None, None, None, None, "8.5"], {"kind": Kind.DECIMAL, "nulls": 4}),
        (["1", "2", "3", "004"], {"kind": Kind.TEXT, "width": 3}),
        (["a", "b", "c", "a long text"], {"width": 11}),
        (["1", "2", "3", "99999999999"], {"maximum": 99_999_999_999}),
        (["1", "2", "3", "4", "1"], {"kind": Kind.INTEGER, "unique": False}),
        (["1", "NA", "2", "NA", "3"], {"unique": True, "nulls": 2}),
    ],
)
def test_late_rows_have_their_say(cells: Cells, known: dict[str, object]) -> None:
    [column] = scanned(frame_of(cells), head=2, size=2).columns

    assert {name: getattr(column, name) for name in known} == known


def test_rows_that_repeat_a_key_are_counted_over_all_batches() -> None:
    frame = frame_of(list("aabbab"), list("123413"))

    found = scanned(frame, head=2, size=2, key=("a", "b"))

    assert found.repeats["a", "b"] == 2


def test_sets_of_columns_are_given_up_from_the_last_on_if_memory_is_short() -> None:
    with patch.object(distinct, "MOST_HASHES", 10):
        found = scanned(frame_of(list("123456"), list("123456")), head=2, size=2)

    assert [column.unique for column in found.columns] == [True, False]


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generators.sample.full_scan.HEAD_ROWS", 3)
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", 64)


def written(folder: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path = folder / "rows.csv"
    path.write_text("\n".join(rows) + "\n", encoding=encoding)
    return path


@pytest.mark.usefixtures("small")
def test_a_natural_key_that_repeats_late_is_refused_with_the_count(
    tmp_path: Path,
) -> None:
    rows = [f"{number},x" for number in range(90)]

    with pytest.raises(ValueError) as refusal:
        describe(
            written(tmp_path, "id,b", *rows, *rows[:10]), Statements(natural_key="id")
        )

    assert str(refusal.value) == (
        '"id" cannot be the natural key: 10 of 100 sample rows repeat an earlier one.'
    )


@pytest.mark.usefixtures("small")
def test_a_type_that_a_late_value_does_not_fit_is_refused_with_its_line(
    tmp_path: Path,
) -> None:
    rows = [f"{number},x" for number in range(90)]

    with pytest.raises(ValueError, match=r'^"a" cannot be integer: 1 of .* line 92\.'):
        describe(
            written(tmp_path, "a,b", *rows, "late,x"), Statements(types=["a=integer"])
        )


@pytest.mark.usefixtures("small")
def test_choices_are_offered_no_more_if_late_values_make_them_many(
    tmp_path: Path,
) -> None:
    few = [f"{word},x" for word in "abcdefghijkl" * 20]
    with patch.object(full_scan, "HEAD_ROWS", 150):
        [offered, _] = describe(written(tmp_path, "a,b", *few)).columns
        [late, _] = describe(written(tmp_path, "a,b", *few, "m,x")).columns

    assert "choices?" in offered.evidence
    assert "choices?" not in late.evidence


@pytest.mark.usefixtures("small")
def test_broken_rows_are_counted_over_all_batches(tmp_path: Path) -> None:
    rows = [f"{number},x" for number in range(90)]
    rows[40], rows[80] = "40,x,y", "80,x,y"

    sample, _ = read_sample(written(tmp_path, "a,b", *rows))

    assert sample.columns[0].rows == 88
    [note] = [note for note in sample.notes if "left out" in note]
    assert note.startswith(
        "an import refuses 2 rows, left out here: the first in line 42 "
    )


@pytest.mark.usefixtures("small")
def test_no_more_rows_are_looked_at_than_the_user_says(tmp_path: Path) -> None:
    rows = [f"{number},x" for number in range(40)]
    path = written(tmp_path, "a,b", *rows, "late,x")

    schema = describe(path, Statements(rows=40))

    assert (schema.rows, schema.columns[0].kind) == (40, Kind.INTEGER)
    assert describe(path, Statements(rows=41)).columns[0].kind is Kind.TEXT


@pytest.mark.usefixtures("small")
@pytest.mark.parametrize("ending", ["ndjson", "parquet"])
def test_a_sample_with_types_is_measured_over_all_batches(
    tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"rows.{ending}"
    numbers = pl.Series("n", [*range(499), 2**40])
    frame = pl.DataFrame([numbers, numbers.cast(pl.String).alias("t")])
    if ending == "parquet":
        frame.write_parquet(path, row_group_size=50)
    else:
        frame.write_ndjson(path)

    n, t = describe(path).columns

    assert (n.kind, n.unique, n.field) == (Kind.INTEGER, True, t.field)
    assert "BigInteger" in n.field


def test_the_encoding_is_told_by_what_stands_behind_the_head(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.delimited.text.ENCODING_SAMPLE_BYTES", 64)
    rows = [f"{number},plain" for number in range(90)]
    path = written(tmp_path, "a,b", *rows, "90,café", *rows, encoding="cp1252")

    schema = describe(path)

    assert schema.dialect is not None
    assert schema.dialect.encoding == "cp1252"


def test_what_comes_to_fit_nothing_in_the_last_pass_is_text() -> None:
    frame = frame_of(["1"] * 20 + ["2024-01-01"] * 5 + ["x"])

    with patch.object(full_scan, "PASSES", 1):
        [column] = scanned(frame, head=5, size=5).columns

    assert (column.kind, column.width) == (Kind.TEXT, 10)


def test_what_does_not_cease_to_be_odd_is_text() -> None:
    frame = frame_of(["1"] * 20 + ["0.1", "0.12", "0.123", "0.1234"])

    with (
        patch.object(columns_so_far, "CORRECTIONS", 1),
        patch.object(columns_so_far, "MOST_MISFITS", 1),
    ):
        [column] = scanned(frame, head=5, size=12).columns

    assert column.kind is Kind.TEXT


@pytest.mark.parametrize(
    "cells",
    [
        *(["é", "ü"], ["a\u200bb", "\u200bé"], ["a\x01b", "c"]),
        *(["3 März 2020", "4 Mai 2021"], ["4.00639E+12", "4.00640E+12"]),
        *(["#DIV/0!", "#REF!"], ["a", "b"], ["1.5", "2.25"]),
    ],
)
def test_a_header_that_is_a_pattern_to_polars_is_read_as_any_other(
    tmp_path: Path, cells: list[str]
) -> None:
    rows = [f"{number},{cell}" for number, cell in enumerate(cells)]

    plain = describe(written(tmp_path, "id,n", *rows))
    odd = describe(written(tmp_path, "id,^n$", *rows))

    column = replace(odd.columns[1], header="n", field=plain.columns[1].field)
    assert column == plain.columns[1]
    assert [note.replace("^n$", "n") for note in odd.notes] == list(plain.notes)
