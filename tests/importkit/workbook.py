"""A workbook with what spreadsheets hold."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

HEADER = ("code", "n", "price", "day", "at", "moment", "took", "open", "mixed", "zip")
FORMATS = {
    "day": "yyyy-mm-dd",
    "at": "hh:mm",
    "moment": "yyyy-mm-dd hh:mm:ss",
    "took": "[h]:mm:ss",
    "zip": "00000",
}
# With their row in the sheet: two empty rows come first, and one in between.
ROWS: dict[int, tuple[Any, ...]] = {
    4: (
        *("00012", 1, 19.99, date(2026, 1, 31), time(9, 5)),
        *(datetime(2026, 1, 31, 12, 30, 15), timedelta(hours=30), True, 5, 123),
    ),
    6: (
        *("00013", 30_000_000_000, 0.1 + 0.2, date(2026, 2, 28), time(23, 59, 59)),
        *(datetime(2026, 2, 28), timedelta(0), False, "x", 99999),
    ),
    7: ("00014", 3, 5, None, None, None, None, True, "#N/A", None),
}


def write_workbook(path: Path, *, more_sheets: bool = False) -> None:
    """Write the rows into the sheet "Goods"."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Goods")
        formats = {n: book.add_format({"num_format": f}) for n, f in FORMATS.items()}
        sheet.write_row(2, 0, HEADER)
        for row, values in ROWS.items():
            for column, (name, value) in enumerate(zip(HEADER, values, strict=True)):
                if value == "#N/A":
                    sheet.write_formula(row - 1, column, "=NA()", None, value)
                elif value is not None:
                    sheet.write(row - 1, column, value, formats.get(name))
        if more_sheets:
            book.add_worksheet("Nothing")
            other = book.add_worksheet("Other")
            other.write_row(0, 0, ["sku"])
            other.write_row(1, 0, ["A1"])
