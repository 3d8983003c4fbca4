"""Step 1, import: a workbook is opened, and one of its sheets is chosen."""

import logging
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

import polars as pl

from importkit.display_names import shown_name, with_shown_paths
from importkit.errors import SourceError, did_you_mean, visible
from importkit.source.formats import signature_of
from importkit.source.opening import (
    DAMAGED,
    STEP_BYTES,
    check_readable,
    needed,
    opened,
)
from importkit.source.sheets.elements import well_formed
from importkit.source.sheets.extent import (
    MOST_CELLS,
    MOST_TEXT,
    Extent,
    is_text_too_long,
    watched,
)
from importkit.source.sheets.ods_cells import ods_marks
from importkit.source.sheets.ods_styles import CONTENT
from importkit.source.sheets.sheet import Sheet
from importkit.source.sheets.xlsx_cells import find_texts, xlsx_marks
from importkit.source.tables import MOST_WHOLE_BYTES

HEAD_BYTES = 1_000  # By which the kind of another file is told.

logger = logging.getLogger(__name__)

# Raised by a part that is damaged, packed in an unknown way, or encrypted.
BROKEN: tuple[type[Exception], ...] = (*DAMAGED, NotImplementedError, RuntimeError)


def open_sheet(path: Path, sheet: str | int | None = None) -> Sheet:
    """Read the cells of a sheet of a workbook.

    Args:
        path: The workbook.
        sheet: The name of the sheet, or its number from 1. If left out, the first sheet
            that holds anything.

    Raises:
        SourceError: The workbook or the sheet cannot be read, or the sheet is empty.
    """
    with opened_workbook(path) as archive:
        reader = _reader(path)
        name = _chosen(path, reader, sheet)
        loaded = _sheet_of(path, reader, name, skip_rows=0, dtypes="string")
        values = _frame(path, loaded)
        if not values.width:
            raise SourceError(
                f'The sheet "{visible(name)}" of "{shown_name(path)}" is empty.'
            )
        # The number, from 0, of the first column that is not empty.
        with _errors_explained(path):
            first = int(loaded.available_columns()[0].absolute_index)
        find_marks = ods_marks if CONTENT in archive.namelist() else xlsx_marks
        try:
            marks = find_marks(archive, name)
        except (ParseError, ValueError) as error:
            raise _unreadable(path, error) from None
    # Cells without a value may stand before all columns that the reader of values has.
    left = min((cell.column for cell in marks.texts), default=first)
    left = min(left, first)
    columns = range(first, first + values.width)

    def load(above: int) -> pl.DataFrame:
        # What is seen as text is not read as a value: it may have no type in common.
        places = {cell.column for cell in marks.seen if cell.row >= above}
        dtypes = dict.fromkeys(places.intersection(columns), "string")
        options = {"skip_rows": above, "schema_sample_rows": None, "dtypes": dtypes}
        typed = _frame(path, _sheet_of(path, reader, name, **options))
        return _indented(typed, first - left)

    def texts(columns: Collection[int]) -> Mapping[int, Collection[int]]:
        with zipfile.ZipFile(path) as archive:
            return find_texts(archive, name, columns)

    indented = _indented(values, first - left)
    return Sheet(path, name, indented, left, marks, load, texts)


def sheets_with_data(path: Path) -> list[str]:
    """Return the names of the visible sheets that hold anything.

    Raises:
        SourceError: The workbook cannot be read.
    """
    with opened_workbook(path):
        return _with_data(path, _reader(path))


def _not_a_workbook(path: Path) -> str:
    with opened(path) as file:
        head = file.read(HEAD_BYTES)
    if not head.strip():
        return f'"{shown_name(path)}" is empty.'
    known = signature_of(head)
    # An encrypted workbook has the first bytes of an old one.
    if known and known.suffix != path.suffix.lower() and "workbook" not in known.kind:
        return f'"{shown_name(path)}" is {known.kind}, not a workbook. {known.remedy_for(path)}'
    if b"\0" not in head and not known:
        return (
            f'"{shown_name(path)}" is text, not a workbook. If it is a table, give it a name that '
            "ends with .csv; else ask for the workbook."
        )
    return (
        f'"{shown_name(path)}" is not an .xlsx or .ods workbook, or has a password: open it in '
        "a spreadsheet program, and save it as a workbook without password."
    )


def opened_workbook(path: Path) -> zipfile.ZipFile:
    """Open a workbook as the zip archive that it is, after checking all its parts.

    Raises:
        SourceError: The file is not a workbook, is damaged, has a password, or unpacks to
            more than ``MOST_WHOLE_BYTES``.
    """
    check_readable(path)
    try:
        archive = zipfile.ZipFile(path)
    except DAMAGED:
        raise SourceError(_not_a_workbook(path)) from None
    try:
        _check_parts(path, archive)
    except BaseException:
        archive.close()
        raise
    return archive


def _check_parts(path: Path, archive: zipfile.ZipFile) -> None:
    """Read all parts of a workbook, and refuse those that are damaged or too large."""
    if sum(member.file_size for member in archive.infolist()) > MOST_WHOLE_BYTES:
        raise SourceError(
            f'"{shown_name(path)}" unpacks to more than {MOST_WHOLE_BYTES:,} bytes. If you '
            "trust it, save its sheet as CSV, and import that."
        )
    # The reader of .ods never comes to the end of a part that breaks off in an element.
    is_ods = CONTENT in archive.namelist()
    shared = 0
    try:
        # The sizes are only claims. Reading a part up to its size checks its sum, and a
        # part that is larger than it claims has another sum.
        for member in archive.infolist():
            with archive.open(member) as file:
                chunks = iter(partial(file.read, STEP_BYTES), b"")
                if is_ods and member.filename.endswith(".xml"):
                    chunks = well_formed(chunks)
                extent = Extent()
                _refuse_more_cells(path, watched(chunks, extent))
                shared += extent.shared
        is_too_long = is_text_too_long(archive, shared)
    except ParseError as error:
        raise _unreadable(path, error) from None
    except BROKEN as error:
        raise SourceError(
            f'"{shown_name(path)}" is damaged ({visible(with_shown_paths(str(error)))}): open it in a '
            "spreadsheet program, and save it again."
        ) from None
    if is_too_long:
        raise SourceError(
            f'"{shown_name(path)}" has cells whose texts have more than {MOST_TEXT:,} bytes '
            "together. If you trust it, save its sheet as CSV, and import that."
        )


def _refuse_more_cells(path: Path, cells: Iterator[int]) -> None:
    if any(number > MOST_CELLS for number in cells):
        raise SourceError(
            f'"{shown_name(path)}" has a sheet in which more than {MOST_CELLS:,} cells lie between '
            "its first and its last value: delete the values far below the table or to the "
            "right of it, and save the workbook again."
        )


def _reader(path: Path) -> Any:
    fastexcel = needed("fastexcel", "fastexcel", f'"{shown_name(path)}"')
    # It would log a warning for each column that is empty, and for empty cells of an .ods
    # beyond the largest sheet. Values there are refused.
    for name in ("fastexcel", "calamine"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with _errors_explained(path):
        return fastexcel.read_excel(path)


@contextmanager
def _errors_explained(path: Path) -> Iterator[None]:
    """Turn the errors of the reader of workbooks into SourceError."""
    fastexcel = needed("fastexcel", "fastexcel", f'"{shown_name(path)}"')
    try:
        yield
    except (fastexcel.FastExcelError, pl.exceptions.PolarsError, ValueError) as error:
        raise _unreadable(path, error) from None
    except BaseException as error:
        # A panic of the reader is not an Exception, and has no class that can be imported.
        if type(error).__name__ != "PanicException":
            raise
        raise _unreadable(path, Exception("the reader of workbooks failed")) from None


def _frame(path: Path, sheet: Any) -> pl.DataFrame:
    """Return a sheet that was loaded as a frame whose columns are named by their places."""
    with _errors_explained(path):
        df: pl.DataFrame = sheet.to_polars()
    return df.rename({name: str(place) for place, name in enumerate(df.columns)})


def _indented(df: pl.DataFrame, more: int) -> pl.DataFrame:
    """Put empty columns of text before those of a frame."""
    if not more:
        return df
    empty = pl.lit(None, dtype=pl.String)
    columns = [pl.col(name).alias(str(n)) for n, name in enumerate(df.columns, more)]
    return df.select(*(empty.alias(str(n)) for n in range(more)), *columns)


def _sheet_of(path: Path, reader: Any, name: str, **options: Any) -> Any:
    with _errors_explained(path):
        return reader.load_sheet(name, header_row=None, **options)


def _unreadable(path: Path, error: Exception) -> SourceError:
    reason = visible(with_shown_paths(str(error)).strip().split("\n")[0]).rstrip(".")
    return SourceError(
        f'"{shown_name(path)}" cannot be read as a workbook ({reason}): open it in a '
        "spreadsheet program, and save it again."
    )


def _with_data(path: Path, reader: Any) -> list[str]:
    found = []
    for name in reader.sheet_names:
        sheet = _sheet_of(path, reader, name, n_rows=1)
        with _errors_explained(path):
            if sheet.visible == "visible" and sheet.total_height:
                found.append(name)
    if not found:
        raise SourceError(f'"{shown_name(path)}" has no sheet that holds anything.')
    return found


def _chosen(path: Path, reader: Any, sheet: str | int | None) -> str:
    names: Sequence[str] = reader.sheet_names
    if sheet is None:
        first, *others = _with_data(path, reader)
        if others:
            logger.warning(
                '"%s": the sheet "%s" is read; there is data in %s, too.',
                *(shown_name(path), visible(first), _listed(others)),
            )
        return first
    if sheet in names:
        return str(sheet)
    if str(sheet).isdecimal() and 1 <= int(sheet) <= len(names):
        return names[int(sheet) - 1]
    near = did_you_mean(str(sheet), names)
    raise SourceError(
        f'"{shown_name(path)}" has no sheet "{visible(str(sheet))}"{near}: it has '
        f"{_listed(names)}."
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{visible(name)}"' for name in names)
