"""Step 1, import: texts among the numbers of a sheet that may be decimals or thousands.

The number 1234.5 is stored with a point whatever a person sees. So it does not show what the
point in the text "1.234" beside it is; other texts with a mark do, such as "2.5".
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

import polars as pl

from importkit.source.sheets.marks import Cell

# Returns the rows from 0 of the cells that hold texts, by their column from 0.
type FindTexts = Callable[[Collection[int]], Mapping[int, Collection[int]]]

DOUBTFUL = r"^[^0-9.,]*[1-9][0-9]{0,2}[.,][0-9]{3}[^0-9.,]*$"
MARKED = r"[0-9][.,][0-9]"
# A text with digits that is no number, as codes are.
OTHER = r"[0-9]\p{L}|\p{L}[^ ]*[0-9]|[0-9][-/:][0-9]"


def find_doubtful(
    columns: Sequence[pl.Series], above: int, first: int, find_texts: FindTexts
) -> Iterator[Cell]:
    """Yield the texts that may be decimals or thousands.

    Args:
        columns: The columns below the header.
        above: How many rows stand above them.
        first: The number, from 0, of the first of the columns in the sheet.
        find_texts: Returns which cells of columns hold texts.
    """
    asked = [place for place, column in enumerate(columns) if _may_hold(column)]
    if not asked:
        return
    texts = find_texts([place + first for place in asked])
    for place in asked:
        rows = pl.int_range(above, above + len(columns[place]), eager=True)
        cells = pl.DataFrame([rows.alias("row"), columns[place].alias("text")])
        is_text = rows.is_in([*texts.get(place + first, ())])
        for row, text in _doubtful(cells.filter(is_text), cells.filter(~is_text)):
            yield Cell(row, place + first, text)


def _may_hold(column: pl.Series) -> bool:
    if column.dtype != pl.String or not column.str.contains(DOUBTFUL).any():
        return False
    return not column.str.contains(OTHER).any()


def _doubtful(texts: pl.DataFrame, numbers: pl.DataFrame) -> list[tuple[int, str]]:
    """Return the doubtful texts, if numbers have decimals and no text shows its mark."""
    doubtful = texts.filter(pl.col("text").str.contains(DOUBTFUL))
    marked = texts["text"].str.contains(MARKED).sum()
    has_decimals = numbers["text"].str.contains(MARKED).any()
    return doubtful.rows() if has_decimals and marked == doubtful.height else []
