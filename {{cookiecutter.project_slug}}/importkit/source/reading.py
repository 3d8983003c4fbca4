"""Step 1, import: a source becomes a frame, every row with its line in the file."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import polars as pl

from importkit import problems
from importkit.errors import SourceError
from importkit.source.delimited.dialect import DEFAULT_DIALECT, Dialect
from importkit.source.delimited.file import DelimitedFile
from importkit.source.fetching import discard, keep_for, local
from importkit.source.formats import Format, format_of
from importkit.source.frames import LINE, PROBLEM, lazily
from importkit.source.typed.tables import TableFile, table_of, whole
from importkit.source.typed.workbooks import read_sheet

# All that a command needs to import.
__all__ = ["LINE", "Dialect", "read_csv", "read_source", "scan_csv", "scan_source"]

EXAMPLES = 3

type SourceFile = DelimitedFile | TableFile

# The files that the import of this context has read, if one is running.
_files: ContextVar[list[SourceFile] | None] = ContextVar("files", default=None)


def read_source(
    source: Path | str,
    dialect: Dialect = DEFAULT_DIALECT,
    *,
    sheet: str | int | None = None,
) -> pl.DataFrame:
    """Read a file of any kind that is known by the end of its name.

    Args:
        source: A path, a URL (``https://``, ``s3://``), or ``-`` for standard input.
        dialect: How it is written, if it is delimited text.
        sheet: The name of a sheet, or its number from 1, if it is a workbook; the first
            that holds anything if left out. Other files, such as the rejects of a
            sheet, have none.

    Returns:
        Of delimited text, packed or not, what ``read_csv`` returns. Else the columns
        with the types that the file gives them, and ``_line`` (Int64): the line of
        NDJSON, the row of a sheet, and in Parquet and JSON the number of the row.

    Raises:
        SourceError: It cannot be had, or not be read.
    """
    file = _opened(source, dialect, sheet)
    if isinstance(file, DelimitedFile):
        return _read(file)
    return pl.concat([pl.DataFrame(schema=file.schema), *file.batches()])


def scan_source(
    source: Path | str,
    dialect: Dialect = DEFAULT_DIALECT,
    *,
    sheet: str | int | None = None,
) -> pl.LazyFrame:
    """Read a file of any kind piece by piece, when the frame is collected.

    Takes and promises what ``read_source`` does, and of delimited text what
    ``scan_csv`` does. Workbooks and JSON are read as a whole, the others in memory that
    does not grow with the file.
    """
    file = _opened(source, dialect, sheet)
    return lazily(file.batches, file.schema)


def read_csv(path: Path | str, dialect: Dialect = DEFAULT_DIALECT) -> pl.DataFrame:
    """Read a delimited file into a frame of text; nothing is guessed.

    Args:
        path: The file, plain or packed; or whatever else ``read_source`` takes.
        dialect: How it is written.

    Returns:
        One String column per field, named by the header (repeated names are numbered,
        empty ones become ``column_3``), empty cells null, and ``_line`` (Int64): the
        physical line of the file on which the row starts. Blank rows are left out.

    Raises:
        SourceError: The file cannot be read so; says at which lines.
    """
    return _read(_delimited(path, dialect))


def scan_csv(path: Path | str, dialect: Dialect = DEFAULT_DIALECT) -> pl.LazyFrame:
    """Read a delimited file piece by piece, when the frame is collected.

    Takes and promises what ``read_csv`` does, in memory that does not grow with the
    file. A row that cannot be read, or of another width than the header, is there
    without values, and ``_problem`` says so: cleaning names it with the other problems.
    """
    file = _delimited(path, dialect)
    return lazily(file.batches, file.schema)


@contextmanager
def files_read() -> Iterator[list[SourceFile]]:
    """Collect the files that are read in the block."""
    files: list[SourceFile] = []
    token = _files.set(files)
    try:
        yield files
    finally:
        _files.reset(token)


def _read(file: DelimitedFile) -> pl.DataFrame:
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
            f"{' '.join(problems.Code[code.upper()].remedy for code in codes)}"
        )
    return df.drop(PROBLEM)


def _opened(
    source: Path | str, dialect: Dialect, sheet: str | int | None
) -> SourceFile:
    path = local(source)
    try:
        file = _known(path, dialect, sheet)
    except BaseException:
        discard(path)
        raise
    return _noted(file)


def _known(path: Path, dialect: Dialect, sheet: str | int | None) -> SourceFile:
    format = format_of(path)
    if format is Format.WORKBOOK:
        return whole(path, read_sheet(path, sheet))
    if format is Format.DELIMITED:
        return DelimitedFile(path, dialect)
    return table_of(path, format)


def _delimited(source: Path | str, dialect: Dialect) -> DelimitedFile:
    path = local(source)
    try:
        file = DelimitedFile(path, dialect)
    except BaseException:
        discard(path)
        raise
    _noted(file)
    return file


def _noted(file: SourceFile) -> SourceFile:
    keep_for(file, file.path)
    if (files := _files.get()) is not None:
        files.append(file)
    return file
