"""Workbooks with what spreadsheets hold."""

import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import xlsxwriter

from tests.importkit.ods import write_ods_cells

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


def write_cells(
    path: Path,
    rows: Sequence[Sequence[Any]],
    *,
    formats: Mapping[str, str] | None = None,
    merged: Sequence[str] = (),
    hidden: Sequence[int | str] = (),
) -> None:
    """Write rows into a sheet; nobody has calculated what begins with "=".

    Args:
        path: The workbook, .xlsx or .ods.
        rows: Its rows from the first one on.
        formats: The formats of cells: ``{"A2": "00000"}``.
        merged: The areas of merged cells, whose first cell keeps its value: ``A2:A4``.
        hidden: Rows that are hidden by their numbers from 1, and columns: ``B:C``.
    """
    if path.suffix == ".ods":
        write_ods_cells(path, rows, formats=formats, merged=merged, hidden=hidden)
        return
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                name = f"{chr(ord('A') + place)}{line + 1}"
                code = (formats or {}).get(name)
                style = book.add_format({"num_format": code}) if code else None
                if isinstance(value, str) and value.startswith("="):
                    sheet.write_formula(line, place, value, style)
                elif value is not None:
                    sheet.write(line, place, value, style)
        for area in merged:
            first = re.match("([A-Z])([0-9]+)", area)
            assert first
            value = rows[int(first[2]) - 1][ord(first[1]) - ord("A")]
            sheet.merge_range(area, value)
        for which in hidden:
            if isinstance(which, int):
                sheet.set_row(which - 1, options={"hidden": True})
            else:
                sheet.set_column(which, options={"hidden": True})
    # The library writes 0 as the value of a formula.
    rewrite(path, lambda _, text: text.replace("</f><v>0</v>", "</f>"))


def rewrite(path: Path, change: Callable[[str, str], str]) -> None:
    """Change the parts of a workbook, by their names and texts."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, change(name, text))
