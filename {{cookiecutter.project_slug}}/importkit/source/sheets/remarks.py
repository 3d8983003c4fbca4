"""Step 1, import: what a person who looks at a sheet does not see, or sees otherwise."""

from collections.abc import Iterator, Mapping, Sequence

from importkit.errors import visible
from importkit.problems import ROWS, listed
from importkit.source.dialect import Dialect
from importkit.source.heads import Header
from importkit.source.sheets.marks import Cell
from importkit.source.sheets.sheet import Sheet

LISTED = 3  # Areas, cells and columns that a text names.


def remarks_on_sheet(sheet: Sheet, header: Header, dialect: Dialect) -> Iterator[str]:
    """Yield what a person who looks at the sheet does not see, or sees otherwise."""
    marks, above = sheet.marks, header.above
    rows = [n + 1 for n in marks.hidden_rows if above <= n < sheet.texts.height]
    if rows:
        yield f"The sheet hides {listed(rows, ROWS)}; an import reads hidden rows, too."
    hidden = [
        f'"{visible(name)}"'
        for place, name in enumerate(header.names)
        if name and any(a <= place + sheet.first <= b for a, b in marks.hidden_columns)
    ]
    if hidden:
        yield f"The sheet hides {_listed(hidden)}; an import reads hidden columns, too."
    areas = [
        f"{place_of(area.top, area.left)}:{place_of(area.bottom, area.right)}"
        for area in sheet.merged(above)
    ]
    if areas:
        which = (
            "each row has its value"
            if dialect.fill_merged
            else (
                "only the first cell has the value (fill_merged=True in a Dialect gives it to "
                "each row)"
            )
        )
        yield f"Cells are merged, {_listed(areas)}: {which}."


def remarks_on_doubts(doubtful: Mapping[str, Sequence[Cell]]) -> Iterator[str]:
    """Yield which texts among numbers may be decimals or thousands, by column."""
    for name, cells in doubtful.items():
        shown = [f'"{visible(c.text)}" in {place_of(c.row, c.column)}' for c in cells]
        yield (
            f'"{visible(name)}" has texts among its numbers that may be decimals or '
            f"thousands: {_listed(shown)}. Ask for numbers in these cells."
        )


def _listed(texts: Sequence[str]) -> str:
    more = len(texts) - LISTED
    return ", ".join(texts[:LISTED]) + (f" and {more:,} more" if more > 0 else "")


def place_of(row: int, column: int) -> str:
    """Return a place as sheets name it: ``AB12``."""
    letters, left = "", column + 1
    while left:
        left, letter = divmod(left - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row + 1}"
