"""One column, inferred from its cells."""

import polars as pl

from generators.inference.column import Column, Kind
from generators.inference.infer import infer_columns


def infer(header: str, *cells: str | None) -> Column:
    """Infer one column."""
    frame = pl.DataFrame({header: cells}, schema={header: pl.String})
    (column,) = infer_columns(frame)
    return column


def read(*cells: str | None, header: str = "x") -> tuple[Kind, str]:
    """Infer one column and return what a user sees of it."""
    column = infer(header, *cells)
    return column.kind, column.evidence
