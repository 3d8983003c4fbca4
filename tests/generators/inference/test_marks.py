"""Evidence on a mark before three digits has to agree; otherwise the column is text."""

import polars as pl
import pytest

from generators.inference import Column, Kind, infer_columns

GROUPS = ["1.200", "2"]
COMMAS = ["1,200", "2"]
POINTS = ["0.31", "4.5"]
GERMAN_DAYS = ["31.12.2026", "30.12.2026"]


def infer(**columns: list[str]) -> Column:
    """Infer the first of some columns."""
    return infer_columns(pl.DataFrame(columns))[0]


@pytest.mark.parametrize(
    ("doubt", "others"),
    [
        (GROUPS, [POINTS]),
        (GROUPS, [["0.12345678", "0.5"]]),
        (GROUPS, [POINTS, GERMAN_DAYS]),
        (COMMAS, [["0,31", "4,5"]]),
        (COMMAS, [GERMAN_DAYS]),
        (GROUPS, [COMMAS]),
    ],
)
def test_groups_that_look_so_do_not_beat_the_rest_of_the_file(
    doubt: list[str], others: list[list[str]]
) -> None:
    named = {f"other_{n}": cells for n, cells in enumerate(others)}

    column = infer(doubt=doubt, **named)

    assert column.kind is Kind.TEXT
    assert "2 of 2 read as decimals or as thousands (" in column.evidence
    assert column.evidence.endswith("): --type doubt=decimal or integer decides")


@pytest.mark.parametrize(
    ("cells", "others", "thousands"),
    [
        (GROUPS, [], "."),
        (GROUPS, [GERMAN_DAYS], "."),
        (GROUPS, [["0,31", "4,5"]], "."),
        (COMMAS, [POINTS], ","),
        (["1.234.567", "1.200"], [POINTS], "."),
    ],
)
def test_groups_that_are_proved_or_that_nothing_contradicts_stay(
    cells: list[str], others: list[list[str]], thousands: str
) -> None:
    named = {f"other_{n}": found for n, found in enumerate(others)}

    column = infer(count=cells, **named)

    assert (column.kind, column.thousands) == (Kind.INTEGER, thousands)


def test_the_reason_names_what_speaks_for_each_reading() -> None:
    assert "(decimals as column 2 shows, thousands as its zeros show)" in (
        infer(doubt=GROUPS, rate=POINTS).evidence
    )


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("x", ["12.340 €", "56.780 €", "3.125 €"]),
        ("x", ["$ 12.340", "$ 56.780", "$ 3.125"]),
        ("Betrag", ["-3.125", "1.250", "4.555"]),
    ],
)
def test_points_elsewhere_do_not_make_thousands_of_money_decimals(
    header: str, cells: list[str]
) -> None:
    rate = ["0.31", "4.5", "2.25"]

    assert infer(**{header: cells, "rate": rate}).kind is Kind.TEXT


@pytest.mark.parametrize(
    ("header", "cells", "rate"),
    [
        ("price", ["1.559", "1.619"], POINTS),
        ("Preis", ["1,559", "1,619"], ["0,31", "4,5"]),
    ],
)
def test_prices_of_fuel_have_three_decimals(
    header: str, cells: list[str], rate: list[str]
) -> None:
    column = infer(**{header: cells, "rate": rate})

    assert (column.kind, column.scale) == (Kind.DECIMAL, 3)


@pytest.mark.parametrize(
    ("cells", "others", "decimal"),
    [
        (["12.340 €", "456 €", "78 €"], {}, ","),
        (["$12,340", "$456", "$78"], {}, "."),
        (["456 €", "78 €", "9 €"], {"rate": ["0,31", "4,5", "2,25"]}, ","),
        (["456 €", "78 €", "9 €"], {"day": [*GERMAN_DAYS, "29.12.2026"]}, ","),
        (["45%", "78%", "9%"], {"rate": ["0,31", "4,5", "2,25"]}, ","),
        (["456 €", "78 €", "9 €"], {"rate": ["0.31", "4.5", "2.25"]}, "."),
        (["456 €", "78 €", "9 €"], {}, "."),
    ],
)
def test_whole_money_gets_the_decimal_mark_that_later_amounts_have(
    cells: list[str], others: dict[str, list[str]], decimal: str
) -> None:
    column = infer(paid=cells, **others)

    assert (column.kind, column.decimal) == (Kind.DECIMAL, decimal)
    assert "decimal commas" not in column.evidence
