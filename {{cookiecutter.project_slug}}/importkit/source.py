"""Step 1, import: a delimited file becomes text, every row with its line in the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import polars as pl

from importkit import problems
from importkit.delimited import LINE, PROBLEM, DelimitedFile
from importkit.dialect import DEFAULT_DIALECT, Dialect
from importkit.errors import SourceError
from importkit.lazy import lazily

# All that a command needs to import.
__all__ = ["LINE", "Dialect", "read_csv", "scan_csv"]

EXAMPLES = 3

# The files that the import of this context has read, if one is running.
_files: ContextVar[list[DelimitedFile] | None] = ContextVar("files", default=None)


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
    file = _opened(path, dialect)
    df = pl.concat([pl.DataFrame(schema=file.schema), *file.batches()])
    uneven = df.filter(pl.col(PROBLEM).is_not_null())
    if not uneven.is_empty():
        examples = [
            f"line {line}: {problem.partition(': ')[2]}"
            for line, problem in uneven.select(LINE, PROBLEM).head(EXAMPLES).rows()
        ]
        more = uneven.height - EXAMPLES
        codes = uneven[PROBLEM].str.extract("^([a-z_]+)").unique(maintain_order=True)
        raise SourceError(
            f'"{file.path.name}": {uneven.height:,} of {df.height:,} rows cannot be read: '
            f"{'; '.join(examples)}{f' and {more:,} more' if more > 0 else ''}. "
            f"{' '.join(problems.REMEDIES[code] for code in codes)}"
        )
    return df.drop(PROBLEM)


def scan_csv(path: Path | str, dialect: Dialect = DEFAULT_DIALECT) -> pl.LazyFrame:
    """Read a delimited file piece by piece, when the frame is collected.

    Takes and promises what ``read_csv`` does, in memory that does not grow with the
    file. A row that cannot be read, or of another width than the header, is there
    without values, and ``_problem`` says so: cleaning names it with the other problems.
    """
    file = _opened(path, dialect)
    return lazily(file.batches, file.schema)


@contextmanager
def files_read() -> Iterator[list[DelimitedFile]]:
    """Collect the files that are read in the block."""
    files: list[DelimitedFile] = []
    token = _files.set(files)
    try:
        yield files
    finally:
        _files.reset(token)


def _opened(path: Path | str, dialect: Dialect) -> DelimitedFile:
    file = DelimitedFile(Path(path), dialect)
    if (files := _files.get()) is not None:
        files.append(file)
    return file
