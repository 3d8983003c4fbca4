"""Notes on a last row without a name whose numbers are the sums of those above."""

from collections.abc import Iterator, Sequence

import polars as pl

from generators.inference import NUMBERS, Column, value_of
from importkit.source import LINE

LEAST_ROWS = 2  # Rows that are added up: one alone is only repeated.
TOLERANCE = 1e-9  # Of sums of floats, for each unit of the sum.


def notes_on_sums(rows: pl.DataFrame, columns: Sequence[Column]) -> Iterator[str]:
    """Yield that the last row looks like a total that nothing calls so.

    Evidence: each number in it is the sum of its column, and all other cells are empty.

    Args:
        rows: The rows of the table as text, with their lines.
        columns: The columns, without the lines, in the order of the rows.
    """
    cells = rows.drop(LINE)
    # By place: to polars, a name such as "^x$" is a pattern.
    cells.columns = [str(place) for place in range(cells.width)]
    if cells.height <= LEAST_ROWS:
        return
    of_numbers = [str(n) for n, column in enumerate(columns) if column.kind in NUMBERS]
    others = cells.tail(1).select(
        pl.exclude(of_numbers).str.strip_chars().fill_null("")
    )
    if not of_numbers or not others.width or any(others.row(0)):
        return
    values = cells.select(
        value_of(columns[int(n)], pl.col(n).str.strip_chars()).cast(pl.Float64).alias(n)
        for n in of_numbers
    )
    *_, last = values.rows()
    sums = values.head(-1).sum().row(0)
    if all(map(_is_sum, last, sums)):
        yield (
            f"line {rows[LINE][-1]:,} has the sums of the rows above and no name: an import "
            "reads it as a row"
        )


def _is_sum(number: float | None, total: float) -> bool:
    if not number:
        return False
    return abs(number - total) <= TOLERANCE * abs(total)
