"""Step 1, import: a source becomes a frame, each row with its line in the file."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import polars as pl

from importkit import problems
from importkit.display_names import shown_name
from importkit.errors import SourceError
from importkit.source.delimited.file import DelimitedFile
from importkit.source.dialect import DEFAULT_DIALECT, Dialect
from importkit.source.fetching import discard, keep_for, local_copy
from importkit.source.formats import Format, format_of
from importkit.source.frames import LINE, PROBLEM, lazily
from importkit.source.heads import AreNames
from importkit.source.opening import refuse_change, stamp_of
from importkit.source.tables import TableFile, table_of

# The names that a command needs to import a file.
__all__ = ["LINE", "Dialect", "read_csv", "read_source", "scan_csv", "scan_source"]

EXAMPLES = 3  # Lines that an error names.

type SourceFile = DelimitedFile | TableFile

# The frames of a command do not know their files. Reports and rejects need them, so each
# file that is opened inside of ``files_read`` is noted here.
_files: ContextVar[list[SourceFile] | None] = ContextVar("files", default=None)
# Tells whether a header has the columns that the command needs.
_are_names: ContextVar[AreNames | None] = ContextVar("are_names", default=None)


def read_source(
    source: Path | str,
    dialect: Dialect = DEFAULT_DIALECT,
    *,
    sheet: str | int | None = None,
) -> pl.DataFrame:
    """Read a source of any kind; the end of its name tells the kind.

    Args:
        source: A path, a URL (``https://``, ``s3://``), or ``-`` for standard input.
        dialect: How the file is written, if it is delimited text. Of a sheet it says
            where its header is and whether merged cells are filled, of others nothing.
        sheet: The name of a sheet of a workbook, or its number from 1. If left out, the
            first sheet that holds anything. A source of another kind, such as the
            rejects of a sheet, ignores it.

    Returns:
        For delimited text, packed or not, what ``read_csv`` returns. Else the columns
        with the types that the file gives them, and ``_line`` (Int64): the line of
        NDJSON, the row of a sheet, the number of the row in Parquet and JSON.

    Raises:
        SourceError: The source cannot be fetched or read.
    """
    return _read(_opened(source, dialect, sheet))


def scan_source(
    source: Path | str,
    dialect: Dialect = DEFAULT_DIALECT,
    *,
    sheet: str | int | None = None,
) -> pl.LazyFrame:
    """Read a source of any kind piece by piece, when the frame is collected.

    Arguments and errors are those of ``read_source``. Delimited text gives what
    ``scan_csv`` does, anything else what ``read_source`` does. Workbooks and JSON are
    read at once, all others in memory that does not grow with the file.
    """
    return _scanned(_opened(source, dialect, sheet))


def read_csv(path: Path | str, dialect: Dialect = DEFAULT_DIALECT) -> pl.DataFrame:
    """Read a delimited file into a frame of text; no types are guessed.

    Args:
        path: The file, plain or packed; or a URL or ``-``, as for ``read_source``.
        dialect: How the file is written.

    Returns:
        One String column per field, named by the header (repeated names are numbered,
        empty ones become ``column_3``), empty cells null, and ``_line`` (Int64): the
        physical line of the file on which the row starts. Blank rows are left out.

    Raises:
        SourceError: The file, or a row of it, cannot be read; the message names the
            lines.
    """
    return _read(_delimited(path, dialect))


def scan_csv(path: Path | str, dialect: Dialect = DEFAULT_DIALECT) -> pl.LazyFrame:
    """Read a delimited file piece by piece, when the frame is collected.

    Arguments and columns are those of ``read_csv``; memory does not grow with the file.
    A row that cannot be read, or that has another number of fields than the header, is
    not an error here: its columns are null, and one column more, ``_problem``, says what
    is wrong. Cleaning reports it with all other problems.
    """
    return _scanned(_delimited(path, dialect))


@contextmanager
def files_read(are_names: AreNames | None = None) -> Iterator[list[SourceFile]]:
    """Return a list to which each file is added that is opened inside of the block.

    Args:
        are_names: Tells whether names are those of the columns that are needed. Where the
            header of a delimited file is not where its dialect has it, it is sought.
    """
    files: list[SourceFile] = []
    tokens = _files.set(files), _are_names.set(are_names)
    try:
        yield files
    finally:
        _files.reset(tokens[0])
        _are_names.reset(tokens[1])


def _scanned(file: SourceFile) -> pl.LazyFrame:
    def batches() -> Iterator[pl.DataFrame]:
        yield from file.batches()
        refuse_change(file.path, file.stamp)

    return lazily(batches, file.schema)


def _read(file: SourceFile) -> pl.DataFrame:
    df = pl.concat([pl.DataFrame(schema=file.schema), *file.batches()])
    refuse_change(file.path, file.stamp)
    if PROBLEM not in df.columns:
        return df
    misfits = df.filter(pl.col(PROBLEM).is_not_null())
    if not misfits.is_empty():
        examples = [
            f"line {line}: {problem.partition(': ')[2]}"
            for line, problem in misfits.select(LINE, PROBLEM).head(EXAMPLES).rows()
        ]
        more = misfits.height - EXAMPLES
        codes = misfits[PROBLEM].str.extract("^([a-z_]+)").unique(maintain_order=True)
        raise SourceError(
            f'"{shown_name(file.path)}": {misfits.height:,} of {df.height:,} rows cannot be read: '
            f"{'; '.join(examples)}{f' and {more:,} more' if more > 0 else ''}. "
            f"{' '.join(problems.Code[code.upper()].remedy for code in codes)}"
        )
    return df.drop(PROBLEM)


def _opened(
    source: Path | str, dialect: Dialect, sheet: str | int | None
) -> SourceFile:
    return _noted(source, lambda path: _known(path, dialect, sheet))


def _known(path: Path, dialect: Dialect, sheet: str | int | None) -> SourceFile:
    format = format_of(path)
    if format is Format.WORKBOOK:
        # Most imports read no workbook.
        from importkit.source.sheets import SheetFile, open_sheet  # noqa: PLC0415

        return SheetFile(open_sheet(path, sheet), dialect, _are_names.get())
    if format is Format.DELIMITED:
        return _delimited_file(path, dialect)
    return table_of(path, format)


def _delimited(source: Path | str, dialect: Dialect) -> SourceFile:
    return _noted(source, lambda path: _delimited_file(path, dialect))


def _delimited_file(path: Path, dialect: Dialect) -> DelimitedFile:
    try:
        return DelimitedFile(path, dialect, _are_names.get(), _detected)
    except SourceError as error:
        error.dialect = dialect
        raise


def _detected(path: Path) -> Dialect:
    # Only a file that is not as its dialect says needs these modules.
    from importkit.source.detection import detect  # noqa: PLC0415

    return detect(path).dialect


def _noted(source: Path | str, open_file: Callable[[Path], SourceFile]) -> SourceFile:
    """Open a source, and note it for reports and rejects."""
    path = local_copy(source)
    stamp = stamp_of(path)
    try:
        file = open_file(path)
    except BaseException:
        discard(path)
        raise
    file.stamp = stamp
    keep_for(file, path)
    if (files := _files.get()) is not None:
        files.append(file)
    return file
