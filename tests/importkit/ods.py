"""OpenDocument sheets, written as spreadsheet programs write them."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

OASIS = "urn:oasis:names:tc:opendocument:xmlns"
SPACES = {
    **{name: f"{OASIS}:{name}:1.0" for name in ("office", "table", "text", "style")},
    "draw": f"{OASIS}:drawing:1.0",
    "number": f"{OASIS}:datastyle:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "calcext": "urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0",
}
MANIFEST = f'<manifest:manifest xmlns:manifest="{OASIS}:manifest:1.0"/>'
# Sheets end in empty cells and rows, each written once.
COLUMNS = 16384
LAST_ROWS = (
    '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
    f'table:number-columns-repeated="{COLUMNS}"/></table:table-row>'
)


def write_ods(path: Path, tables: str, styles: str = "") -> None:
    """Write a workbook of the XML of its sheets and styles."""
    names = " ".join(f'xmlns:{name}="{space}"' for name, space in SPACES.items())
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr(
            "content.xml",
            f"<office:document-content {names}>"
            f"<office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:spreadsheet>{tables}</office:spreadsheet>"
            "</office:body></office:document-content>",
        )


def table(*rows: str, columns: str = "", name: str = "Sheet1") -> str:
    """Return the XML of a sheet."""
    return f'<table:table table:name="{name}">{columns}{"".join(rows)}</table:table>'


def row(*cells: object, **attributes: object) -> str:
    """Return the XML of a row; cells are XML, or values."""
    inner = "".join(
        cell if isinstance(cell, str) and cell.startswith("<") else value_cell(cell)
        for cell in cells
    )
    return f"<table:table-row{_attributes(attributes)}>{inner}</table:table-row>"


def cell(kind: str, value: object, shown: object, **attributes: object) -> str:
    """Return the XML of a cell of a type, with its value and the text that it shows."""
    names = {"date": "date-value", "time": "time-value", "boolean": "boolean-value"}
    if kind == "string" and value is None:
        office = 'office:value-type="string"'
    else:
        name = names.get(kind, "string-value" if kind == "string" else "value")
        office = f'office:value-type="{kind}" office:{name}="{value}"'
    text = f"<text:p>{escape(str(shown))}</text:p>"
    return (
        f"<table:table-cell {office}{_attributes(attributes)}>{text}</table:table-cell>"
    )


def value_cell(value: object, code: str = "", **attributes: object) -> str:
    """Return the XML of a cell that holds a value; "=" begins a formula without one.

    Args:
        value: The value.
        code: Its format: zeros, a percentage, or nothing.
        attributes: More attributes of the table.
    """
    if value is None or str(value).startswith("="):
        formula = {"formula": f"of:{value}"} if value else {}
        return f"<table:table-cell{_attributes(formula | attributes)}/>"
    match value:
        case str():
            kind, stored, shown = "string", None, value
        case bool():
            kind, stored, shown = "boolean", str(value).lower(), str(value).upper()
        case date():
            kind, stored, shown = "date", value.isoformat(), f"{value:%d.%m.%y}"
        case _ if "%" in code:
            kind, stored, shown = "percentage", str(value), f"{float(str(value)):.0%}"
        case _:
            kind, stored, shown = "float", str(value), _zeros(code, str(value))
    return cell(kind, stored, shown, **attributes)


def write_ods_cells(
    path: Path,
    rows: Sequence[Sequence[Any]],
    *,
    formats: Mapping[str, str] | None = None,
    merged: Sequence[str] = (),
    hidden: Sequence[int | str] = (),
) -> None:
    """Write rows into a sheet, as ``write_cells`` does into another kind of workbook."""
    spans, covered = _spans(merged)
    lines = []
    for line, values in enumerate(rows, 1):
        cells = []
        for place, value in enumerate(values):
            name = f"{chr(ord('A') + place)}{line}"
            if name in covered:
                cells.append("<table:covered-table-cell/>")
                continue
            code = (formats or {}).get(name, "")
            cells.append(value_cell(value, code, **spans.get(name, {})))
        visible = {"visibility": "collapse"} if line in hidden else {}
        rest = value_cell(None, number_columns_repeated=COLUMNS - len(cells))
        lines.append(row(*cells, rest, **visible))
    columns = "".join(
        f'<table:table-column table:visibility="{_visibility(letter, hidden)}"/>'
        for letter in "ABCDEF"
    )
    write_ods(path, table(*lines, LAST_ROWS, columns=columns))


def _attributes(attributes: Mapping[str, object]) -> str:
    return "".join(
        f' table:{name.replace("_", "-")}="{escape(str(value))}"'
        for name, value in attributes.items()
    )


def _zeros(code: str, text: str) -> str:
    """Return digits in the place of the zeros of a format, from the right."""
    mask = code.replace("\\", "").replace('"', "")
    if not re.fullmatch("0[0 -]*0", mask) or not text.isdecimal():
        return text
    left = list(text.zfill(mask.count("0")))
    shown = [left.pop() if sign == "0" else sign for sign in reversed(mask)]
    return "".join([*left, *reversed(shown)])


def _spans(merged: Sequence[str]) -> tuple[dict[str, dict[str, int]], set[str]]:
    spans, covered = {}, set()
    for area in merged:
        found = re.fullmatch("([A-Z])([0-9]+):([A-Z])([0-9]+)", area)
        assert found
        left, right = ord(found[1]), ord(found[3])
        top, bottom = int(found[2]), int(found[4])
        first = f"{found[1]}{top}"
        spans[first] = {
            "number_rows_spanned": bottom - top + 1,
            "number_columns_spanned": right - left + 1,
        }
        covered |= {
            f"{chr(letter)}{line}"
            for letter in range(left, right + 1)
            for line in range(top, bottom + 1)
        } - {first}
    return spans, covered


def _visibility(letter: str, hidden: Sequence[int | str]) -> str:
    areas = [area.split(":") for area in hidden if isinstance(area, str)]
    is_hidden = any(area[0] <= letter <= area[-1] for area in areas)
    return "collapse" if is_hidden else "visible"
