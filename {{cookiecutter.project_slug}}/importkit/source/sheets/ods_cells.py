"""Step 1, import: what the cells of an .ods sheet show besides their values.

An OpenDocument cell holds its value and, in paragraphs, the text that a person sees. Cells
and rows that are alike are written once, with a count; that of the empty ones at the end of a
row or sheet is huge.
"""

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from importkit.source.sheets.elements import END, START, local_name, parsed
from importkit.source.sheets.marks import Area, Cell, Marks, doubted_number
from importkit.source.sheets.number_formats import shown_as
from importkit.source.sheets.ods_styles import CONTENT, code_styles

OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
CALCEXT = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}"

STRING, DATE, TIME, PERCENT = "string", "date", "time", "percentage"
NUMBERS = ("float", "currency", PERCENT)
# The attribute that holds the value, by the type of the cell.
VALUES = {
    **dict.fromkeys(NUMBERS, f"{OFFICE}value"),
    **{STRING: f"{OFFICE}string-value", "boolean": f"{OFFICE}boolean-value"},
    **{DATE: f"{OFFICE}date-value", TIME: f"{OFFICE}time-value"},
}
CONTENTS = {f"{OFFICE}value-type", f"{TABLE}formula"}
DEFAULT_STYLE = f"{TABLE}default-cell-style-name"
MIDNIGHT = ("00:00", "00:00:00")
HIDDEN = ("collapse", "filter")
# The largest sheet that programs write; the reader of values leaves out what is beyond.
MOST_ROWS, MOST_COLUMNS = 2**20, 2**14
MOST_REPEATED = 2 * MOST_ROWS
WHITE = {"s": " ", "tab": "\t", "line-break": "\n"}
# Errors of formulas as versions without a type for them show them, in any language.
ERROR = re.compile(r"#[¡¿]?[^\W\d_].*|[^\W\d_]+\s?:5\d\d")
CODE = re.compile(r"\d[\d /-]*\d")  # A number as a format such as 000-00 shows it.
GROUPED = re.compile(r"[1-9]\d{,2}( \d{3})*")
LENGTH = re.compile(
    r"(-?)P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?"
)


@dataclass(frozen=True)
class _Columns:
    """The styles that columns give to their cells.

    Attributes:
        codes: The styles whose cells hold codes.
        ends: The number of the column behind each group of columns.
        styles: The style of each group.
    """

    codes: frozenset[str]
    ends: list[int] = field(default_factory=lambda: [0])
    styles: list[str] = field(default_factory=list)

    def are_codes(self, cell: Element, row: Element, column: int) -> bool:
        """Return whether the style of a cell is one of codes."""
        style = cell.get(f"{TABLE}style-name") or row.get(DEFAULT_STYLE)
        place = bisect(self.ends, column) - 1
        if style is None and place < len(self.styles):
            style = self.styles[place]
        return style in self.codes


def ods_marks(archive: ZipFile, sheet: str) -> Marks:
    """Return what the cells of a sheet show besides their values.

    Args:
        archive: The workbook.
        sheet: The name of the sheet.

    Raises:
        ParseError: A part of the workbook is no XML.
        ValueError: A count in it is none, or too large.
    """
    marks = Marks()
    columns = _Columns(code_styles(archive))
    row = 0
    with archive.open(CONTENT) as file:
        for element in _parts(file, sheet):
            if local_name(element) == "table-row":
                rows = range(row, row + _count(element, "number-rows-repeated"))
                _read_row(element, rows, columns, marks)
                row = rows.stop
                continue
            first = columns.ends[-1]
            columns.ends.append(first + _count(element, "number-columns-repeated"))
            columns.styles.append(element.get(DEFAULT_STYLE, ""))
            if _is_hidden(element):
                marks.hidden_columns.append((first, columns.ends[-1] - 1))
    return marks


def _parts(file: IO[bytes], sheet: str) -> Iterator[Element]:
    """Yield the columns and rows of a sheet, not those of tables inside of its cells."""
    depth = 0
    for event, element in parsed(file, (START, END)):
        name = local_name(element)
        if name == "table":
            is_sheet = depth > 0 or element.get(f"{TABLE}name") == sheet
            depth += is_sheet if event == START else -is_sheet
            if event == END and is_sheet and not depth:
                return
        elif event == END and name in {"table-row", "table-column"}:
            if depth == 1:
                yield element
            if depth <= 1:
                element.clear()


def _read_row(row: Element, rows: range, styles: _Columns, marks: Marks) -> None:
    column = 0
    is_empty = True
    for cell in row:
        columns = range(column, column + _count(cell, "number-columns-repeated"))
        column = columns.stop
        if not (cell.attrib.keys() & CONTENTS or len(cell)):
            continue
        if rows.stop > MOST_ROWS or columns.stop > MOST_COLUMNS:
            raise ValueError("a cell stands beyond the last row or column of a sheet")
        is_empty = False
        is_code = styles.are_codes(cell, row, columns.start)
        found = _mark(cell, marks, is_code=is_code)
        area = _span(cell)
        if not found and not area:
            continue
        for top, left in _repeated(rows, columns):
            if found:
                found[0].append(Cell(top, left, found[1]))
            if area:
                bottom, right = top + area[0] - 1, left + area[1] - 1
                marks.merged.append(Area(top, left, bottom, right))
    if _is_hidden(row) and not is_empty:
        marks.hidden_rows.extend(n for n, _ in _repeated(rows, range(1)))


def _mark(
    cell: Element, marks: Marks, *, is_code: bool
) -> tuple[list[Cell], str] | None:
    """Return the marks that a cell belongs to, and its text.

    Args:
        cell: The cell.
        marks: The marks of its sheet.
        is_code: Whether its format shows numbers with zeros in front.
    """
    kind = cell.get(f"{OFFICE}value-type", "")
    value = cell.get(VALUES.get(kind, ""))
    if kind == STRING and value is None:
        # The reader of values takes what is drawn in a cell for its text, and no tabs.
        text = "" if _is_plain(cell) else _shown(cell)
        return (marks.seen, text) if text else None
    shown = _shown(cell)
    if shown and (not value or _is_error(cell, value, shown)):
        return marks.seen, shown
    if not value:
        is_open = f"{TABLE}formula" in cell.attrib and kind != STRING
        return (marks.uncalculated, _formula(cell)) if is_open else None
    if kind in NUMBERS and _is_code(value, shown, is_code=is_code):
        return marks.seen, shown
    return _mark_value(kind, value, marks, is_code=is_code)


def _mark_value(
    kind: str, value: str, marks: Marks, *, is_code: bool
) -> tuple[list[Cell], str] | None:
    if kind == TIME:
        return marks.seen, _clock(value)
    if kind == DATE:
        return (marks.moments, _moment(value)) if "T" in value else None
    if kind == PERCENT:
        return marks.seen, shown_as("0%", value) or value
    if kind not in NUMBERS:
        return None
    return (marks.seen, value) if is_code else doubted_number(value, marks)


def _is_error(cell: Element, value: str, shown: str) -> bool:
    """Return whether a formula failed; programs store 0 or no text as its value."""
    if cell.get(f"{CALCEXT}value-type") == "error":
        return True
    is_zero = f"{TABLE}formula" in cell.attrib and value == "0"
    return is_zero and ERROR.fullmatch(shown) is not None


def _is_code(value: str, shown: str, *, is_code: bool) -> bool:
    """Return whether a number is shown with zeros in front, or with marks of a code.

    Args:
        value: The number as the workbook stores it.
        shown: The text that a person sees.
        is_code: Whether its format shows zeros: groups of three are no thousands.
    """
    if shown == value or not value.isdecimal() or not CODE.fullmatch(shown):
        return False
    digits = re.sub("[ /-]", "", shown)
    is_number = GROUPED.fullmatch(shown) and not is_code
    return digits == value.zfill(len(digits)) and not is_number


def _moment(value: str) -> str:
    """Return a date with a time as a person sees it: 2026-01-31 12:30:15."""
    day, _, clock = value.partition("T")
    clock = clock.rstrip("0").rstrip(".") if "." in clock else clock
    return day if clock in MIDNIGHT else f"{day} {clock}"


def _clock(value: str) -> str:
    """Return a time or duration such as PT30H05M00S as the format [h]:mm:ss shows it."""
    found = LENGTH.fullmatch(value)
    if not found:
        return value
    sign, *parts = found.groups()
    days, hours, minutes = (int(part or 0) for part in parts[:3])
    # Digits behind the sixth are noise of a number of days.
    micros = round(float(parts[3] or 0) * 10**6)
    seconds, micros = divmod(micros, 10**6)
    minutes, seconds = divmod((days * 24 + hours) * 3600 + minutes * 60 + seconds, 60)
    hours, minutes = divmod(minutes, 60)
    rest = f".{micros:06}".rstrip("0") if micros else ""
    return f"{sign}{hours}:{minutes:02}:{seconds:02}{rest}"


def _formula(cell: Element) -> str:
    """Return the formula of a cell without the name of its language: ``of:=1+1``."""
    return re.sub(r"^\w+:(?==)", "", cell.get(f"{TABLE}formula", ""))


def _is_plain(cell: Element) -> bool:
    """Return whether a cell holds nothing but paragraphs of letters and blanks."""
    plain = {f"{TEXT}p", f"{TEXT}s", f"{TEXT}span"}
    return all(part.tag in plain for part in cell.iter() if part is not cell)


def _shown(cell: Element) -> str:
    """Return the text of a cell, without those of its notes and drawings."""
    return "\n".join(_text(part) for part in cell.iterfind(f"{TEXT}p")).strip()


def _text(part: Element) -> str:
    text = part.text or ""
    for child in part:
        name = local_name(child)
        if name in WHITE:
            text += WHITE[name] * int(child.get(f"{TEXT}c", 1))
        elif child.tag.startswith(TEXT):
            text += _text(child)
        text += child.tail or ""
    return text


def _span(cell: Element) -> tuple[int, int] | None:
    """Return how many rows and columns a cell spans; None for a cell by itself."""
    rows, columns = (
        _count(cell, "number-rows-spanned"),
        _count(cell, "number-columns-spanned"),
    )
    return (rows, columns) if (rows, columns) != (1, 1) else None


def _is_hidden(element: Element) -> bool:
    return element.get(f"{TABLE}visibility") in HIDDEN


def _count(element: Element, name: str) -> int:
    return int(element.get(f"{TABLE}{name}", 1))


def _repeated(rows: range, columns: range) -> Iterator[tuple[int, int]]:
    """Yield the places of cells that are written once.

    Raises:
        ValueError: They are more than sheets have.
    """
    if len(rows) * len(columns) > MOST_REPEATED:
        raise ValueError(f"a cell is repeated {len(rows) * len(columns):,} times")
    return ((row, column) for row in rows for column in columns)
