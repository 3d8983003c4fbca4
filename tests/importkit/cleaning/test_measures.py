"""Numbers of whole columns are those of all rows, however these are sliced."""

import math
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from importkit.cleaning import CleanStream, Measure, Measured, clean
from importkit.cleaning.whole_columns import measures
from importkit.source import read_csv, scan_csv
from tests.importkit.rules import rules

WIDE = 10**38 - 1
COLUMNS: dict[str, tuple[Any, Any]] = {
    "text": (pl.String(), st.text(max_size=3)),
    "whole": (pl.Int64(), st.integers(-(2**63), 2**63 - 1)),
    "small": (pl.UInt8(), st.integers(0, 255)),
    "price": (pl.Decimal(10, 2), st.decimals("-99999999", "99999999", places=2)),
    "wide": (
        pl.Decimal(38, 2),
        st.integers(-WIDE, WIDE).map(lambda n: Decimal(f"{n}E-2")),
    ),
    "weight": (pl.Float64(), st.floats(-1e6, 1e6) | st.just(math.nan)),
    "active": (pl.Boolean(), st.booleans()),
    "day": (pl.Date(), st.dates()),
    "moment": (
        pl.Datetime("us", "UTC"),
        st.datetimes(timezones=st.just(ZoneInfo("UTC"))),
    ),
}
ASKED = [
    (measure, name)
    for name, (dtype, _) in COLUMNS.items()
    for measure in Measure
    if measure.fits(dtype)
]
ROWS = st.lists(
    st.tuples(*(st.none() | values for _, values in COLUMNS.values())), max_size=30
)


def naive(measure: Measure, values: list[Any]) -> Any:
    """Return the number of a column by the plainest Python."""
    known = [value for value in values if value is not None]
    match measure:
        case Measure.NULLS:
            return len(values) - len(known)
        case Measure.DISTINCT:
            # To polars, and to a person, a NaN is the same as another one.
            return len({str(v + 0.0) if isinstance(v, float) else v for v in known})
        case Measure.NEWEST:
            return max(known, default=None)
        case Measure.SUM if any(isinstance(value, float) for value in known):
            return math.fsum(known)
    return sum(map(Fraction, known))


@given(rows=ROWS, cuts=st.lists(st.integers(0, 30), max_size=4))
def test_numbers_are_those_of_a_naive_recomputation(
    rows: list[Any], cuts: list[int]
) -> None:
    schema = {name: dtype for name, (dtype, _) in COLUMNS.items()}
    df = pl.DataFrame(rows, schema=schema, orient="row")
    places = sorted({0, df.height, *(cut for cut in cuts if cut < df.height)})
    measured = Measured(ASKED)

    for start, end in pairwise(places):
        measured.add(end - start, df[start:end])

    assert (measured.read, measured.clean) == (df.height, df.height)
    for measure, name in ASKED:
        value, expected = measured.value(measure, name), naive(measure, [*df[name]])
        if isinstance(value, float):
            assert value == pytest.approx(expected, abs=1e-6, nan_ok=True)
        elif measure is Measure.SUM:
            assert isinstance(value, int | Decimal)
            assert Fraction(value) == expected
        else:
            assert value == expected


def test_the_sum_of_whole_numbers_does_not_begin_again_at_64_bits() -> None:
    measured = Measured([(Measure.SUM, "x")])

    measured.add(2, pl.DataFrame({"x": [2**63 - 1, 2**63 - 1]}))
    measured.add(1, pl.DataFrame({"x": [2**63 - 1]}))

    assert measured.value(Measure.SUM, "x") == 3 * (2**63 - 1)


FILE = "x,y\n" + "".join(f"{n % 7},{n}.5\n" if n % 5 else f",{n}\n" for n in range(40))
DTYPES: dict[str, Any] = {"x": pl.Int64, "y": pl.Decimal(8, 2)}
OF_FILE = [(Measure.NULLS, "x"), (Measure.DISTINCT, "x"), (Measure.SUM, "y")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(FILE + "many,1\n")
    return path


@pytest.mark.parametrize("rows_in_slice", [1, 7, 1000])
def test_a_source_that_is_read_batch_by_batch_has_the_numbers_of_the_whole(
    file: Path, rows_in_slice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "importkit.source.delimited.file.SLICE_BYTES", rows_in_slice * 8
    )
    whole = clean(rules(DTYPES), read_csv(file), skip=True)
    stream = clean(rules(DTYPES), scan_csv(file), skip=True)
    assert isinstance(stream, CleanStream)

    for cleaned in (whole, stream):
        cleaned.measure(OF_FILE)
    stream.df.collect()

    for cleaned in (whole, stream):
        found = cleaned.measured
        assert (found.read, found.clean, found.is_whole) == (41, 40, True)
        assert [found.value(*asked) for asked in OF_FILE] == [8, 7, Decimal("796.00")]


def test_rows_that_are_read_again_count_once(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", 8)
    stream = CleanStream(rules(DTYPES), scan_csv(file), skip=True)
    stream.measure(OF_FILE)

    stream.df.collect()
    stream.df.collect()
    stream.df.head(3).collect()

    assert stream.measured.read == 41
    assert stream.measured.value(Measure.NULLS, "x") == 8


def test_the_first_rows_of_a_frame_are_not_all_rows(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", 8)
    stream = CleanStream(rules(DTYPES), scan_csv(file), skip=True)
    stream.measure(OF_FILE)

    stream.df.head(3).collect()
    assert not stream.measured.is_whole

    stream.df.collect()
    assert (stream.measured.is_whole, stream.measured.read) == (True, 41)


def test_no_more_distinct_values_are_kept_than_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(measures, "MOST_DISTINCT", 10)
    monkeypatch.setattr(measures.Distinct, "FEWEST_WAITING", 4)
    counted, beyond = measures.Distinct(), measures.Distinct()

    for start in range(0, 10, 2):
        counted.add(pl.Series(range(start + 2)))
    for start in range(0, 100, 2):
        beyond.add(pl.Series(range(start + 2)))

    assert (counted.value, beyond.value) == (10, None)
    assert vars(beyond)["_known"] is None
    assert vars(beyond)["_waiting"] == []
