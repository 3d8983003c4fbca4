"""The user has the last word about a column, unless its values say no."""

import polars as pl
import pytest

from generators.inference.column import Column, Kind
from generators.inference.infer import infer_columns
from generators.inference.rules.dates import Order
from importkit.source import LINE


def impose(kind: Kind, *cells: str | None, order: Order | None = None) -> Column:
    lines = range(2, len(cells) + 2)
    frame = pl.DataFrame({"x": cells, LINE: lines}, schema_overrides={"x": pl.String})
    [column] = infer_columns(frame, order, {"x": kind})
    return column


@pytest.mark.parametrize(
    ("kind", "cells", "known"),
    [
        (Kind.TEXT, ("1", "2"), {}),
        (Kind.INTEGER, ("1,234", "5,678"), {"thousands": ",", "maximum": 5678}),
        (Kind.INTEGER, ("00123", "5"), {"minimum": 5}),
        (Kind.DECIMAL, ("1,234", "5,678"), {"decimal": ",", "scale": 3, "digits": 1}),
        (Kind.DECIMAL, ("1", "2"), {"scale": 0}),
        (Kind.DECIMAL, ("5%", "6%", "7%"), {"percent": True}),
        (Kind.DECIMAL, ("5 kg", "6,5 kg"), {"unit": ("kg",), "scale": 1, "digits": 1}),
        (Kind.INTEGER, ("5 Karton", "7 Karton"), {"unit": ("Karton",), "maximum": 7}),
        (Kind.DECIMAL, ("5A", "6A"), {"unit": ("A",)}),
        (Kind.DECIMAL, ("5 €", "6,5 €"), {"currency": ("€",)}),
        (Kind.FLOAT, ("1", "2.5"), {}),
        (Kind.BOOLEAN, ("1", "0"), {"true": ("1",)}),
        (Kind.DATE, ("20240131", "20240201"), {"format": "%Y%m%d"}),
        (Kind.DATE, ("2024-01-31",), {"format": None}),
        (Kind.DATETIME, ("1700000000",), {"epoch": "s", "zone": True}),
        (Kind.DATETIME, ("2024-01-31 10:00Z",), {"zone": True}),
        (Kind.TIME, ("9:05", "8:30"), {"format": None}),
        (Kind.DURATION, ("01:00:00", "00:05:10"), {}),
        (Kind.URL, ("http://example.com",), {}),
        (Kind.INTEGER, ("1", "NA", None), {"null_tokens": ("NA",), "nulls": 2}),
        (Kind.TEXT, ("1", "NA", None), {"null_tokens": (), "nulls": 1}),
    ],
)
def test_a_column_is_what_the_user_says(
    kind: Kind, cells: tuple[str | None, ...], known: dict[str, object]
) -> None:
    column = impose(kind, *cells)

    assert column.kind is kind
    assert {name: getattr(column, name) for name in known} == known
    assert "as --type says" in column.evidence


def test_day_and_month_are_in_the_order_that_the_user_says() -> None:
    cells = ("01/02/2024", "03/04/2024")

    assert impose(Kind.DATE, *cells, order=Order.DMY).format == "%d/%m/%Y"
    with pytest.raises(ValueError) as refusal:
        impose(Kind.DATE, *cells)

    assert str(refusal.value) == (
        '"x" can be a date in more than one order of day and month: '
        "say which with --date-order."
    )


@pytest.mark.parametrize("kind", [*Kind])
def test_a_kind_that_values_do_not_fit_is_refused_with_their_lines(kind: Kind) -> None:
    if kind is Kind.TEXT:
        return
    with pytest.raises(ValueError) as refusal:
        impose(kind, *["secret!", None, "secret?"])

    assert str(refusal.value) == (
        f'"x" cannot be {kind}: 2 of 2 values do not fit, on line 2, 4. '
        "Correct them, or leave --type out."
    )


def test_numbers_in_several_units_are_refused_with_the_units() -> None:
    with pytest.raises(ValueError) as refusal:
        impose(Kind.DECIMAL, "5 kg", "700 g", "3 kg")

    assert str(refusal.value) == (
        '"x" cannot be decimal: its units differ (kg, g). Write all values in one unit, '
        "or leave --type out."
    )


def test_a_refusal_lists_a_few_lines_and_counts_the_others() -> None:
    with pytest.raises(ValueError, match=r"on line 2, 3, 4 and 2 more\. Correct them"):
        impose(Kind.INTEGER, "a", "b", "c", "d", "e")


def test_a_refusal_counts_what_the_best_reading_leaves() -> None:
    with pytest.raises(ValueError, match="1 of 3 values do not fit, on line 4"):
        impose(Kind.INTEGER, "1.234", "5.678", "x")
