"""Step 1, import: a delimited file becomes text, every row with its line in the file."""

from pathlib import Path

import polars as pl

from importkit.delimited import LINE, DelimitedFile
from importkit.dialect import DEFAULT_DIALECT, Dialect
from importkit.lazy import lazily

# All that a command needs to import.
__all__ = ["LINE", "Dialect", "read_csv", "scan_csv"]


def read_csv(path: Path | str, dialect: Dialect = DEFAULT_DIALECT) -> pl.DataFrame:
    """Read a delimited file into a frame of text; nothing is guessed.

    Args:
        path: The file.
        dialect: How it is written.

    Returns:
        One String column per field, named by the header (repeated names are numbered,
        empty ones become ``column_3``), empty cells null, and ``_line`` (Int64): the
        physical line of the file on which the row starts. Blank rows are left out.

    Raises:
        SourceError: The file cannot be read so; says at which lines.
    """
    file = DelimitedFile(Path(path), dialect)
    return pl.concat([pl.DataFrame(schema=file.schema), *file.batches()])


def scan_csv(path: Path | str, dialect: Dialect = DEFAULT_DIALECT) -> pl.LazyFrame:
    """Read a delimited file piece by piece, when the frame is collected.

    Takes and promises what ``read_csv`` does, in memory that does not grow with the
    file. What cannot be read in the middle of it is raised when that is reached.
    """
    file = DelimitedFile(Path(path), dialect)
    return lazily(file.batches, file.schema)
