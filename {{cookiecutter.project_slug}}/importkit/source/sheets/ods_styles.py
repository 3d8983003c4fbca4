"""Step 1, import: the styles of an .ods workbook whose cells hold codes."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element
from zipfile import ZipFile

from importkit.source.sheets.elements import local_name, parsed

CONTENT, STYLES = "content.xml", "styles.xml"
NUMBER = "{urn:oasis:names:tc:opendocument:xmlns:datastyle:1.0}"
STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
NAME = f"{STYLE}name"


def code_styles(archive: ZipFile) -> frozenset[str]:
    """Return the styles of cells whose numbers are shown with zeros in front.

    They say so of numbers that need no zero, too: 10115 is a code as 01067 is.

    Args:
        archive: The workbook.

    Raises:
        ParseError: A part of the workbook is no XML.
        ValueError: A count in it is none.
    """
    formats: set[str] = set()
    styles: dict[str, tuple[str, str]] = {}
    for part in (STYLES, CONTENT):
        for found in _styles(archive, part):
            name = found.get(NAME, "")
            if local_name(found) == "style":
                parent = found.get(f"{STYLE}parent-style-name", "")
                styles[name] = (found.get(f"{STYLE}data-style-name", ""), parent)
            elif _shows_zeros(found):
                formats.add(name)
    return frozenset(name for name in styles if _format(name, styles) in formats)


def _styles(archive: ZipFile, part: str) -> Iterator[Element]:
    """Yield the styles of cells and the formats of numbers of a part."""
    if part not in archive.namelist():
        return
    with archive.open(part) as file:
        for _, found in parsed(file):
            name = local_name(found)
            is_of_cells = found.get(f"{STYLE}family") == "table-cell"
            if name == "number-style" or (name == "style" and is_of_cells):
                yield found
            elif name == "automatic-styles" and part == CONTENT:
                return  # The cells come behind.


def _format(name: str, styles: dict[str, tuple[str, str]]) -> str:
    """Return the format of a style, which a style may have from its parent."""
    seen: set[str] = set()
    while name in styles and name not in seen:
        seen.add(name)
        code, name = styles[name]
        if code:
            return code
    return ""


def _shows_zeros(style: Element) -> bool:
    """Return whether a format shows whole numbers with zeros, and does not group them."""
    numbers = style.findall(f"{NUMBER}number")
    return len(numbers) == 1 and all(
        int(number.get(f"{NUMBER}min-integer-digits", 1)) > 1
        and int(number.get(f"{NUMBER}decimal-places", 0)) == 0
        and number.get(f"{NUMBER}grouping") != "true"
        for number in numbers
    )
