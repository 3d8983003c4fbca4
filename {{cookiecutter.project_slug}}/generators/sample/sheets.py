"""A sheet of a workbook is a sample: which sheet, where its table starts, what is unusual."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from generators.inference import NUMBERS, Column, Kind
from generators.sample.facts import Origin
from generators.sample.stated import Statements, find_stated
from importkit.errors import visible
from importkit.problems import LINES, listed
from importkit.source import (
    Format,
)
from importkit.source.detection import detect_sheet
from importkit.source.sheets import (
    SHEET_DIGITS,
    SheetFile,
    open_sheet,
    sheets_with_data,
)

LONG = f"numbers of more than {SHEET_DIGITS} digits"
WHY_DOUBTFUL = "it has texts among numbers, which may be decimals or thousands"


def read_table(path: Path, stated: Statements) -> tuple[SheetFile, Origin]:
    """Return the table of a sheet, and what the output calls it.

    Raises:
        ValueError: What the user states contradicts itself.
        SourceError: The workbook or the sheet cannot be read.
    """
    origin = _origin(path, stated.sheet)
    cells = open_sheet(path, origin.sheet)
    dialect = replace(
        detect_sheet(cells, find_stated(stated)), fill_merged=stated.fill_merged
    )
    if not dialect.header:
        origin = replace(origin, kind=f"{origin.kind}, no header")
    return SheetFile(cells, dialect), origin


def with_doubts_as_text(
    columns: Sequence[Column], file: SheetFile, kinds: Mapping[str, Kind]
) -> tuple[Column, ...]:
    """Return the columns; those that may have lost digits are text, and no keys.

    Text are also those with texts among numbers that may be decimals or thousands.

    Args:
        columns: The columns of the table.
        file: The table.
        kinds: The kinds that the user states, by header: they are kept.
    """
    long = file.long.keys() - kinds.keys()
    doubtful = file.doubtful - kinds.keys()
    columns = [
        replace(column, kind=Kind.TEXT, mark="", evidence=WHY_DOUBTFUL)
        if column.header in doubtful and column.kind in NUMBERS
        else column
        for column in columns
    ]
    return tuple(
        replace(
            column,
            kind=Kind.TEXT,
            unique=False,
            shortened=False,  # The note of its own says so.
            evidence=f"it has {LONG}, which no sheet keeps",
        )
        if column.header in long
        else column
        for column in columns
    )


def notes_on_long(file: SheetFile) -> Iterator[str]:
    """Yield which columns have numbers of more digits than a spreadsheet keeps."""
    for header, lines in file.long.items():
        yield (
            f'"{visible(header)}": {LONG} in {listed(lines, LINES)}, '
            f"of which a spreadsheet keeps {SHEET_DIGITS}: digits may be "
            "gone, so that it is text and no key. Ask for such a column as text"
        )


def _origin(path: Path, sheet: str | None) -> Origin:
    """Find the sheet; without a statement, each import reads the first that has data."""
    if sheet is not None:
        return Origin(f'sheet "{visible(sheet)}"', sheet, format=Format.WORKBOOK)
    first, *others = sheets_with_data(path)
    if not others:
        return Origin("a sheet of a workbook", format=Format.WORKBOOK)
    names = ", ".join(f'"{visible(name)}"' for name in others)
    kind = f'sheet "{visible(first)}" (--sheet takes another: {names})'
    return Origin(kind, first, format=Format.WORKBOOK)
