"""Step 1, import: what the cells of an .xlsx sheet show besides their values."""

import re
from collections.abc import Collection, Iterator
from typing import IO
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from importkit.source.sheets.elements import local_name, parsed
from importkit.source.sheets.marks import Area, Cell, Marks, doubted_number
from importkit.source.sheets.number_formats import shown_as, shows_otherwise

BOOK, BOOK_PARTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
STYLES = "xl/styles.xml"
TEXTS = ("s", "inlineStr")  # The types of cells whose value is a text.
ERROR, NUMBER, FORMULA_TEXT = "e", "n", "str"
TRUE = ("1", "true")


def xlsx_marks(archive: ZipFile, sheet: str) -> Marks:
    """Return what the cells of a sheet show besides their values.

    Args:
        archive: The workbook.
        sheet: The name of the sheet.

    Raises:
        ParseError: A part of the workbook is no XML.
    """
    part = _part(archive, sheet)
    if part is None:
        return Marks()
    formats = _formats(archive)
    with archive.open(part) as file:
        return _marks(file, formats)


def find_texts(
    archive: ZipFile, sheet: str, columns: Collection[int]
) -> dict[int, set[int]]:
    """Return the rows from 0 of the cells that hold texts, by their column from 0.

    Args:
        archive: The workbook; nothing is known of one that is not .xlsx.
        sheet: The name of the sheet.
        columns: The columns that are looked at.
    """
    found: dict[int, set[int]] = {column: set() for column in columns}
    part = _part(archive, sheet)
    if part is None:
        return found
    row = -1
    with archive.open(part) as file:
        for _, element in parsed(file):
            if local_name(element) != "row":
                continue
            row = int(element.get("r", row + 2)) - 1
            for place, cell in enumerate(element):
                if cell.get("t") in (*TEXTS, FORMULA_TEXT):
                    found.get(_column(element, place), set()).add(row)
            element.clear()
    return found


def _marks(file: IO[bytes], formats: dict[str, str]) -> Marks:
    marks = Marks()
    row = -1
    for _, element in parsed(file):
        match local_name(element):
            case "row":
                row = int(element.get("r", row + 2)) - 1
                if element.get("hidden") in TRUE:
                    marks.hidden_rows.append(row)
                _read_row(element, row, formats, marks)
                element.clear()
            case "col" if element.get("hidden") in TRUE:
                first, last = int(element.get("min", 1)), int(element.get("max", 1))
                marks.hidden_columns.append((first - 1, last - 1))
            case "mergeCell":
                marks.merged.append(_area(element.get("ref", "")))
    return marks


def _read_row(
    element: Element, row: int, formats: dict[str, str], marks: Marks
) -> None:
    for place, cell in enumerate(element):
        kind = cell.get("t", NUMBER)
        if kind in TEXTS:
            continue
        value, formula = _content(cell)
        if (
            formula is not None
            and not value
            and (kind != FORMULA_TEXT or value is None)
        ):
            found, text = marks.uncalculated, f"={formula}"
        elif not value:
            continue
        elif kind == ERROR:
            found, text = marks.seen, value
        elif kind != NUMBER:
            continue
        elif code := formats.get(cell.get("s", "")):
            found, text = marks.seen, shown_as(code, value) or value
        elif doubts := doubted_number(value, marks):
            found, text = doubts
        else:
            continue
        found.append(Cell(row, _column(element, place), text))


def _content(cell: Element) -> tuple[str | None, str | None]:
    """Return the value and the formula of a cell; None for what it does not have."""
    value = formula = None
    for part in cell:
        if local_name(part) == "v":
            value = part.text or ""
        elif local_name(part) == "f":
            formula = part.text or ""
    return value, formula


def _column(row: Element, place: int) -> int:
    """Return the column of a cell, which a cell may leave to the cells before it."""
    for before in range(place + 1):
        if reference := row[place - before].get("r"):
            return _position(reference)[1] + before
    return place


def _part(archive: ZipFile, sheet: str) -> str | None:
    """Return the name of the member that holds a sheet."""
    names = set(archive.namelist())
    if not {BOOK, BOOK_PARTS} <= names:
        return None
    targets = {
        found.get("Id"): found.get("Target", "")
        for found in _elements(archive, BOOK_PARTS, "Relationship")
    }
    for found in _elements(archive, BOOK, "sheet"):
        if found.get("name") == sheet:
            [key] = [v for name, v in found.items() if name.endswith("}id")]
            target = targets.get(key, "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _formats(archive: ZipFile) -> dict[str, str]:
    """Return the formats that show something else than the value, by the style of cells."""
    if STYLES not in archive.namelist():
        return {}
    codes = {
        int(found.get("numFmtId", 0)): found.get("formatCode", "")
        for found in _elements(archive, STYLES, "numFmt")
    }
    wanted = shows_otherwise(codes)
    [*blocks] = _elements(archive, STYLES, "cellXfs")
    styles = (int(style.get("numFmtId", 0)) for block in blocks for style in block)
    return {str(n): wanted[code] for n, code in enumerate(styles) if code in wanted}


def _elements(archive: ZipFile, part: str, name: str) -> Iterator[Element]:
    with archive.open(part) as file:
        yield from (found for _, found in parsed(file) if local_name(found) == name)


def _area(reference: str) -> Area:
    first, _, last = reference.partition(":")
    return Area(*_position(first), *_position(last or first))


def _position(reference: str) -> tuple[int, int]:
    """Return row and column from 0 of a reference such as AB12."""
    found = re.fullmatch(r"\$?([A-Z]+)\$?(\d+)", reference)
    if not found:
        raise ValueError(f"{reference!r} is no cell")
    letters, row = found.groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(row) - 1, column - 1
