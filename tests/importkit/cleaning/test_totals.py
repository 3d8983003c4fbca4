"""Rows that look like totals are recognised by several pieces of evidence, never by a word."""

import polars as pl
import pytest

from importkit.cleaning import DType, TotalRows, find_totals
from importkit.errors import CleaningError
from importkit.source import LINE
from tests.importkit.rules import rules

SALES = [("2026-01-05", "Bolt", "10", "1.50"), ("2026-01-06", "Nut", "20", "2.50")]
TYPES: dict[str, DType] = {
    "day": pl.Date,
    "name": pl.String,
    "pieces": pl.Int64,
    "price": pl.Decimal(8, 2),
}


def table(*rows: tuple[str, ...]) -> pl.DataFrame:
    names = list(TYPES)[: len(rows[0])]
    cells = [[cell or None for cell in row] for row in rows]
    df = pl.DataFrame(cells, schema=dict.fromkeys(names, pl.String), orient="row")
    return df.with_columns(pl.Series(LINE, range(2, len(rows) + 2)))


def lines_of_totals(*rows: tuple[str, ...]) -> list[int]:
    df = table(*rows)
    cells = df.drop(LINE)
    return df[LINE].filter(find_totals(cells, cells.columns)).to_list()


@pytest.mark.parametrize(
    "row",
    [
        ("", "Total", "30", "4.00"),
        ("Grand Total:", "---", "30", "4.00"),
        ("", "Gesamtsumme", "30", ""),
        ("", "Closing balance", "", "4.00"),
        ("", "Endsaldo", "", "4.00"),
        ("--", "Sous-total", "30", ""),
        ("", "Итого", "30", "4.00"),
        ("", "合計", "30", "4.00"),
        ("", "Suma", "30", ""),
        ("", "Total - all", "30", ""),
        ("", "Hardware total", "30", "4.00"),
        ("2026-01-06", "TOTAL", "30", "4.00"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_total_is_found_wherever_it_stands(row: tuple[str, ...], place: int) -> None:
    rows: list[tuple[str, ...]] = [*SALES]
    rows.insert(place, row)

    assert lines_of_totals(*rows) == [place + 2]


def test_subtotals_are_sums_of_the_rows_since_the_last_one() -> None:
    assert lines_of_totals(
        ("2026-01-05", "Bolt", "50", "1"),
        ("2026-01-05", "Nut", "20", "2"),
        ("2026-01-05", "Total Berlin", "70", "3"),
        ("2026-01-05", "Cap", "5", "3"),
        ("2026-01-05", "Total Bonn", "5", "3"),
        ("2026-01-05", "Total", "75", "6"),
    ) == [4, 6, 7]


@pytest.mark.parametrize(
    "rows",
    [
        [*SALES, ("2026-01-07", "Total Gel 5W", "5", "1.00")],
        [*SALES, ("2026-01-07", "Total", "5", "1.00")],
        [*SALES, ("2026-01-07", "Suma", "5", "1.00")],
        [*SALES, ("2026-01-07", "Summer hat", "", "9.00")],
        [*SALES, ("2026-01-07", "Totally new", "", "9.00")],
        [*SALES, ("", "Rod", "30", "4.00")],
        [
            ("2026-01-05", "women", "10", "1"),
            ("2026-01-05", "men", "20", "2"),
            ("2026-01-05", "total", "30", "3"),
            ("2026-01-06", "women", "1", "1"),
            ("2026-01-06", "men", "2", "2"),
            ("2026-01-06", "total", "3", "3"),
        ],
    ],
)
def test_a_word_alone_is_no_total(rows: list[tuple[str, ...]]) -> None:
    assert lines_of_totals(*rows) == []


TOTAL = ("", "Total", "30", "4.00")


def test_totals_are_told_and_kept_unless_a_class_says_otherwise() -> None:
    found = rules(TYPES)(table(*SALES, TOTAL))

    assert found.df.height == 3
    assert found.noted.rows() == [(4, "looks like a total")]


def test_a_label_among_dates_is_left_out_with_its_row() -> None:
    cls = rules(TYPES, on_total_row=TotalRows.LEAVE_OUT)

    found = cls(table(*SALES, ("Grand total", "---", "30", "4.00")))

    assert found.df["name"].to_list() == ["Bolt", "Nut"]
    assert found.left_out.rows() == [(4, "looks like a total")]


def test_a_class_may_refuse_totals() -> None:
    cls = rules(TYPES, on_total_row=TotalRows.ERROR)

    with pytest.raises(CleaningError, match="looks like a total"):
        cls(table(*SALES, TOTAL))


def test_a_class_may_say_nothing_of_totals() -> None:
    found = rules(TYPES, on_total_row=TotalRows.IGNORE)(table(*SALES, TOTAL))

    assert (found.df.height, found.noted.height) == (3, 0)


def test_many_subtotals_among_many_rows_are_found() -> None:
    rows = [
        row
        for n in range(1, 2_001)
        for row in (
            ("2026-01-05", f"Bolt {n}", str(n), "1"),
            ("", f"Total {n}", str(n), ""),
        )
    ]

    assert lines_of_totals(*rows) == list(range(3, 4_002, 2))
