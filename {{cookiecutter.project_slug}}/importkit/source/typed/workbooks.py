"""Step 1, import: the sheet of a workbook becomes a frame, as a person sees the sheet."""

import logging
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl

from importkit.errors import SourceError, did_you_mean, visible
from importkit.source.frames import LINE, column_names
from importkit.source.opening import DAMAGED, STEP_BYTES, check_readable, needed
from importkit.source.typed.sheet_cells import Cell, seen_cells
from importkit.source.typed.tables import MOST_WHOLE_BYTES

logger = logging.getLogger(__name__)

# Raised by a part that is damaged, packed in an unknown way, or encrypted.
BROKEN: tuple[type[Exception], ...] = (*DAMAGED, NotImplementedError, RuntimeError)
DIGITS = 15  # Digits that a spreadsheet keeps of a number; any further are noise.
# A cell that holds a time without a date is read as a time on one of these days.
ZERO_DAYS = ("1899-12-30", "1899-12-31")


def read_sheet(path: Path, sheet: str | int | None = None) -> pl.DataFrame:
    """Read a sheet of a workbook.

    A column keeps its type if all its cells are numbers, dates, times or booleans. In any
    other column each cell is text, as a person sees it.

    Args:
        path: The workbook.
        sheet: The name of the sheet, or its number from 1. If left out, the first sheet
            that holds anything.

    Returns:
        One column per field, named by the first row that is not empty, and ``_line``
        (Int64): the number of the row in the sheet. Empty rows are left out.

    Raises:
        SourceError: The workbook or the sheet cannot be read.
    """
    with opened_workbook(path) as archive:
        reader = _reader(path)
        name = _chosen(path, reader, sheet)
        grid = _load(path, reader, name, skip_rows=0, dtypes="string")
        if not grid.width:
            raise SourceError(f'The sheet "{visible(name)}" of "{path.name}" is empty.')
        first = _first_column(reader, name)
        cells = list(seen_cells(archive, name))
    header = _header(grid)
    if header + 1 == grid.height:
        typed = grid.clear()
    else:
        typed = _load(path, reader, name, skip_rows=header + 1, schema_sample_rows=None)
    return _frame(
        grid, typed, header, [c._replace(column=c.column - first) for c in cells]
    )


def sheets_with_data(path: Path) -> list[str]:
    """Return the names of the visible sheets that hold anything.

    Raises:
        SourceError: The workbook cannot be read.
    """
    with opened_workbook(path):
        return _with_data(path, _reader(path))


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
        raise SourceError(
            f'"{path.name}" is not an .xlsx or .ods workbook, or has a password: open it in '
            "a spreadsheet program, and save it as a workbook without password."
        ) from None
    size = sum(member.file_size for member in archive.infolist())
    if size > MOST_WHOLE_BYTES:
        archive.close()
        raise SourceError(
            f'"{path.name}" unpacks to more than {MOST_WHOLE_BYTES:,} bytes. If you '
            "trust it, save its sheet as CSV, and import that."
        )
    try:
        # The sizes are only claims. Reading a part up to its size checks its sum, and a
        # part that is larger than it claims has another sum.
        for member in archive.infolist():
            with archive.open(member) as file:
                while file.read(STEP_BYTES):
                    pass
    except BROKEN as error:
        archive.close()
        raise SourceError(
            f'"{path.name}" is damaged ({visible(str(error))}): open it in a '
            "spreadsheet program, and save it again."
        ) from None
    return archive


def _reader(path: Path) -> Any:
    fastexcel = needed("fastexcel", "excel", f'"{path.name}"')
    # It would log a warning for each column that is empty.
    logging.getLogger("fastexcel").setLevel(logging.ERROR)
    try:
        return fastexcel.read_excel(path)
    except fastexcel.FastExcelError as error:
        raise _unreadable(path, error) from None


def _load(path: Path, reader: Any, name: str, **options: Any) -> pl.DataFrame:
    fastexcel = needed("fastexcel", "excel", f'"{path.name}"')
    try:
        sheet = reader.load_sheet(name, header_row=None, **options)
        df: pl.DataFrame = sheet.to_polars()
    except fastexcel.FastExcelError as error:
        raise _unreadable(path, error) from None
    return df.rename({name: str(place) for place, name in enumerate(df.columns)})


def _unreadable(path: Path, error: Exception) -> SourceError:
    reason = visible(str(error).strip().split("\n")[0]).rstrip(".")
    return SourceError(
        f'"{path.name}" cannot be read as a workbook ({reason}): open it in a '
        "spreadsheet program, and save it again."
    )


def _first_column(reader: Any, name: str) -> int:
    """Return the number, from 0, of the first column that is not empty."""
    columns = reader.load_sheet(name, header_row=None, n_rows=1).available_columns()
    return int(columns[0].absolute_index) if columns else 0


def _with_data(path: Path, reader: Any) -> list[str]:
    found = []
    for name in reader.sheet_names:
        sheet = reader.load_sheet(name, header_row=None, n_rows=1)
        if sheet.visible == "visible" and sheet.total_height:
            found.append(name)
    if not found:
        raise SourceError(f'"{path.name}" has no sheet that holds anything.')
    return found


def _chosen(path: Path, reader: Any, sheet: str | int | None) -> str:
    names: Sequence[str] = reader.sheet_names
    if sheet is None:
        first, *others = _with_data(path, reader)
        if others:
            logger.warning(
                '"%s": the sheet "%s" is read; there is data in %s, too.',
                *(path.name, visible(first), _listed(others)),
            )
        return first
    if sheet in names:
        return str(sheet)
    if str(sheet).isdecimal() and 1 <= int(sheet) <= len(names):
        return names[int(sheet) - 1]
    near = did_you_mean(str(sheet), names)
    raise SourceError(
        f'"{path.name}" has no sheet "{visible(str(sheet))}"{near}: it has '
        f"{_listed(names)}."
    )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(f'"{visible(name)}"' for name in names)


def _header(grid: pl.DataFrame) -> int:
    """Return the number, from 0, of the first row that is not empty."""
    some = grid.select(pl.any_horizontal(pl.all().is_not_null())).to_series()
    return some.arg_max() or 0


def _frame(
    grid: pl.DataFrame, typed: pl.DataFrame, header: int, cells: list[Cell]
) -> pl.DataFrame:
    """Make a frame of typed columns, and of columns of text as a person sees it."""
    names = ["" if cell is None else cell for cell in grid.row(header)]
    seen: dict[int, dict[int, str]] = {}
    for cell in cells:
        if cell.row > header and cell.column < grid.width:
            seen.setdefault(cell.column, {})[cell.row - header - 1] = cell.text
    below = grid.slice(header + 1)
    columns = [
        _column(below.to_series(place), typed.to_series(place), seen.get(place, {}))
        for place in range(grid.width)
    ]
    lines = pl.int_range(header + 2, grid.height + 1, dtype=pl.Int64, eager=True)
    df = pl.DataFrame(
        [
            column.alias(name)
            for column, name in zip(columns, column_names(names), strict=True)
        ]
    )
    some = df.select(~pl.all_horizontal(pl.all().is_null())).to_series()
    # A column without a header and values holds only formats.
    kept = [
        column
        for column, name in zip(df, names, strict=True)
        if name.strip() or column.null_count() < df.height
    ]
    return pl.DataFrame([*kept, lines.alias(LINE)]).filter(some)


def _column(text: pl.Series, typed: pl.Series, seen: dict[int, str]) -> pl.Series:
    if seen:
        text = _plain(text)
        return text.scatter(list(seen), list(seen.values()))
    match typed.dtype:
        case pl.Float64() | pl.Int64():
            return _number(typed.cast(pl.Float64))
        case pl.Datetime():
            return _moment(typed)
        case pl.Duration():
            return _clock(typed)
        case pl.Boolean() | pl.Date():
            return typed
    return _plain(text)


def _number(values: pl.Series) -> pl.Series:
    whole = (values == values.round()).all() and (values.abs() < 10**DIGITS).all()
    return values.cast(pl.Int64) if whole else values.round_sig_figs(DIGITS)


def _moment(values: pl.Series) -> pl.Series:
    if values.dt.date().cast(pl.String).is_in(ZERO_DAYS).all():
        return values.dt.time()
    if (values.dt.date() == values).all():
        return values.dt.date()
    return values.cast(pl.Datetime("us"))


def _clock(values: pl.Series) -> pl.Series:
    """Return durations as the format [h]:mm:ss shows them."""
    seconds = values.dt.total_seconds().abs()
    parts = pl.DataFrame({"s": seconds, "is_negative": values.dt.total_seconds() < 0})
    two = (pl.col("s") // 60 % 60, pl.col("s") % 60)
    return parts.select(
        pl.format(
            "{}{}:{}:{}",
            pl.when("is_negative").then(pl.lit("-")).otherwise(pl.lit("")),
            pl.col("s") // 3600,
            *(part.cast(pl.String).str.zfill(2) for part in two),
        )
    ).to_series()


def _plain(text: pl.Series) -> pl.Series:
    """Remove midnight from dates, and day 0 from times: a person does not see them."""
    day, clock = r"^(\d{4}-\d\d-\d\d) 00:00:00$", r"^1899-12-3[01] (\d\d:\d\d:\d\d)$"
    return text.str.replace(clock, "$1").str.replace(day, "$1")
