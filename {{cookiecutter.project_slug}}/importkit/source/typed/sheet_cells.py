"""Step 1, import: cells of an .xlsx sheet that say more than their value.

A number that its format pads with zeros (a postcode) is seen with them, and a formula
that failed is seen as its error. Neither is among the values that the reader of
workbooks returns.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.sax.saxutils import unescape
from zipfile import ZipFile

from importkit.source.opening import STEP_BYTES, Readable

# An empty cell, <c .../>, is none of these.
CELL = re.compile(rb"<c ([^>]*)(?<!/)>((?:(?!</c>).)*+)</c>", re.DOTALL)
END_OF_CELL = b"</c>"
VALUE = re.compile(rb"<v>([^<]*)</v>")
# Formats such as 00000, and 00000;@ as Excel writes it for postcodes of some countries.
ZEROS = re.compile(r"(0{2,})(;@)?")


class Cell(NamedTuple):
    """What is seen in a cell: its row and column from 0, and its text."""

    row: int
    column: int
    text: str


def seen_cells(archive: ZipFile, sheet: str) -> Iterator[Cell]:
    """Yield the cells of a sheet that are seen as something else than their value.

    Args:
        archive: The workbook; only one that is .xlsx has such cells.
        sheet: The name of the sheet.
    """
    part = _part(archive, sheet)
    if part is None:
        return
    widths = _zeros(archive)
    marks = [b't="e"', *(b's="%d"' % style for style in widths)]
    marked = re.compile(rb"(?:^| )(?:%b)(?: |$)" % b"|".join(marks))
    with archive.open(part) as file:
        for attributes, inside in _cells(file):
            if not marked.search(attributes):
                continue
            value = VALUE.search(inside)
            found = _attributes(attributes)
            if value is None or "r" not in found:
                continue
            text = unescape(value[1].decode())
            if found.get("t", "n") == "n":
                if not text.isdecimal():
                    continue
                text = text.zfill(widths[int(found["s"])])
            elif found["t"] != "e":
                continue
            yield Cell(*_position(found["r"]), text)


def _cells(file: Readable) -> Iterator[tuple[bytes, bytes]]:
    rest = b""
    while data := file.read(STEP_BYTES):
        rest += data
        cut = rest.rfind(END_OF_CELL) + len(END_OF_CELL)
        if cut < len(END_OF_CELL):
            continue
        for match in CELL.finditer(rest, 0, cut):
            yield match[1], match[2]
        rest = rest[cut:]


def _part(archive: ZipFile, sheet: str) -> str | None:
    """Return the name of the member that holds a sheet."""
    names = set(archive.namelist())
    listed, related = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
    if not {listed, related} <= names:
        return None
    targets = {
        found.get("Id"): found.get("Target", "")
        for found in _elements(archive, related, "Relationship")
    }
    for found in _elements(archive, listed, "sheet"):
        if found.get("name") == sheet:
            target = targets.get(found.get("r:id"), "")
            part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            return part if part in names else None
    return None


def _zeros(archive: ZipFile) -> dict[int, int]:
    """Return which styles pad numbers with zeros, and to how many digits."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    codes = {
        found.get("numFmtId"): ZEROS.fullmatch(found.get("formatCode", ""))
        for found in _elements(archive, "xl/styles.xml", "numFmt")
    }
    text = archive.read("xl/styles.xml").decode(errors="replace")
    block = re.search(r"<cellXfs\b.*?</cellXfs>", text, re.DOTALL)
    styles = re.findall(r"<xf\b([^>]*)>", block[0]) if block else []
    widths = {}
    for style, attributes in enumerate(styles):
        code = codes.get(_attributes(attributes.encode()).get("numFmtId"))
        if code:
            widths[style] = len(code[1])
    return widths


def _elements(archive: ZipFile, part: str, tag: str) -> list[dict[str, str]]:
    text = archive.read(part)
    found = re.findall(rb"<(?:\w+:)?%b\b([^>]*)>" % tag.encode(), text)
    return [_attributes(attributes) for attributes in found]


def _attributes(text: bytes) -> dict[str, str]:
    pairs = re.findall(r"""([\w:]+)\s*=\s*"([^"]*)\"""", text.decode(errors="replace"))
    quotes = {"&quot;": '"', "&apos;": "'"}
    return {name: unescape(value, quotes) for name, value in pairs}


def _position(reference: str) -> tuple[int, int]:
    """Return row and column from 0 of a reference such as AB12."""
    letters = reference.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(reference[len(letters) :]) - 1, column - 1
