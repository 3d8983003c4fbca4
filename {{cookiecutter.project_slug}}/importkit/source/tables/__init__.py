"""Step 1, import: Parquet and JSON become frames that keep the types of the columns."""

import codecs
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import polars as pl

from importkit.display_names import shown_name, with_shown_paths
from importkit.errors import SourceError, visible
from importkit.source.formats import Format
from importkit.source.frames import LINE, PROBLEM
from importkit.source.opening import Stamp, check_readable, opened
from importkit.source.tables.exact_json import (
    EXACT,
    are_plain,
    frame_of,
    may_lose,
    parsed,
)

# JSON and workbooks are read at once, into several times their size of memory: their
# limit in bytes, unpacked.
MOST_WHOLE_BYTES = 1_000_000_000
BATCH_ROWS = 50_000  # Rows of a batch of a table that is in memory.
LINES = 20_000  # Lines of NDJSON that are read at a time.

UNREADABLE = (
    pl.exceptions.PolarsError,
    pl.exceptions.PanicException,
    RecursionError,
    ValueError,
)

type Batches = Callable[[], Iterator[pl.DataFrame]]
# The columns of batches of NDJSON by the hash of their text: polars needs twice as long to
# find the columns of a batch as to read it.
type Schemas = dict[int, pl.Schema]


class TableFile:
    """A file, or the sheet of one, whose columns have types.

    Attributes:
        path: The file.
        schema: The columns of its frames, and ``_line``: the number of the row, where the
            file has no lines.
        batches: Yields its rows, each time that it is called.
        misfits: How many rows cannot be read.
        warnings: What its users should know of it, a sentence each.
        stamp: What the file was before it was read, where that is known.
    """

    stamp: Stamp | None = None
    misfits = 0
    warnings: tuple[str, ...] = ()

    def __init__(self, path: Path, schema: pl.Schema, batches: Batches) -> None:
        """Keep what is known of the file; nothing is read."""
        self.path = path
        self.schema = dict(schema)
        self.batches = batches

    def rows_at(self, lines: pl.Series) -> pl.DataFrame:
        """Return the rows of some lines, in the order of the file."""
        wanted = pl.col(LINE).is_in(lines.implode())
        empty = pl.DataFrame(schema=self.schema)
        return pl.concat([empty, *(df.filter(wanted) for df in self.batches())])


def table_of(path: Path, format: Format) -> TableFile:
    """Return a Parquet, JSON or NDJSON file as a table.

    Columns of lists and of structures become text that holds JSON.

    Raises:
        SourceError: The file cannot be read.
    """
    check_readable(path)
    if format is Format.PARQUET:
        return _parquet(path)
    if format is Format.NDJSON:
        return _ndjson(path)
    return table_of_frame(path, _numbered(_json(path).lazy()).collect())


def table_of_frame(path: Path, df: pl.DataFrame) -> TableFile:
    """Return a table whose rows are all in memory."""
    return TableFile(path, df.schema, lambda: df.iter_slices(BATCH_ROWS))


def as_text(df: pl.DataFrame) -> pl.DataFrame:
    """Return a frame as text, which cleaning reads as the same values."""
    return pl.DataFrame([_text(column) for column in df])


def kept_apart(names: Iterable[str]) -> dict[str, str]:
    """Return new names for columns that have the name of ``_line`` or ``_problem``."""
    names = set(names)
    found = {}
    for own in (LINE, PROBLEM):
        number = 2
        while f"{own}_{number}" in names:
            number += 1
        if own in names:
            found[own] = f"{own}_{number}"
    return found


def _text(column: pl.Series) -> pl.Series:
    if column.dtype.is_temporal() and column.dtype != pl.Time:
        return column.dt.to_string("iso")
    if column.dtype == pl.Binary:
        return column.bin.encode("hex")
    text = column.cast(pl.String)
    # Whole numbers of a float column are read as integers, too.
    return text.str.strip_suffix(".0") if column.dtype.is_float() else text


def _numbered(lf: pl.LazyFrame) -> pl.LazyFrame:
    """Turn nested columns into text, and number the rows from 1."""
    schema = lf.collect_schema()
    flat = lf.select(_flat(schema)).rename(kept_apart(schema))
    return flat.with_row_index(LINE, offset=1).select(
        pl.exclude(LINE), pl.col(LINE).cast(pl.Int64)
    )


def _flat(schema: pl.Schema) -> list[pl.Expr]:
    # Each column by its place: to polars, a name such as "^x$" is a pattern.
    return [
        _flat_column(pl.nth(place), name, dtype)
        for place, (name, dtype) in enumerate(schema.items())
    ]


def _flat_column(value: pl.Expr, name: str, dtype: pl.DataType) -> pl.Expr:
    if isinstance(dtype, pl.Categorical | pl.Enum | pl.Null):
        return value.cast(pl.String)
    if not dtype.is_nested():
        return value
    # Keep VALUE of {"a":VALUE}.
    text = pl.struct(value.alias("a")).struct.json_encode().str.head(-1).str.slice(5)
    return pl.when(value.is_not_null()).then(text).alias(name)


def _parquet(path: Path) -> TableFile:
    try:
        lf = _numbered(pl.scan_parquet(path, glob=False))
        schema = lf.collect_schema()
    except (pl.exceptions.PolarsError, OSError) as error:
        raise _unreadable(path, Format.PARQUET, error) from None

    def batches() -> Iterator[pl.DataFrame]:
        try:
            yield from lf.collect_batches(maintain_order=True)
        except (pl.exceptions.PolarsError, OSError) as error:
            raise _unreadable(path, Format.PARQUET, error) from None

    return TableFile(path, schema, batches)


def _json(path: Path) -> pl.DataFrame:
    with opened(path) as file:
        data = file.read(MOST_WHOLE_BYTES + 1)
    if len(data) > MOST_WHOLE_BYTES:
        raise SourceError(
            f'"{shown_name(path)}" holds more than {MOST_WHOLE_BYTES:,} bytes of JSON, which is '
            "read at once: save it as NDJSON, one object on each line."
        )
    data = data.removeprefix(codecs.BOM_UTF8)
    if not data.lstrip().startswith(b"["):
        raise SourceError(
            f'"{shown_name(path)}" is not a list of JSON objects: save the rows as a list, '
            'for example [{"sku": "A1"}].'
        )
    try:
        if may_lose(data):
            rows = parsed(path, data.decode(), "row")
            if not all(isinstance(row, dict) for row in rows):
                raise _unreadable(path, Format.JSON, "the rows are not one object each")
            return frame_of(rows)
        return pl.read_json(data, infer_schema_length=None)
    except UNREADABLE as error:
        raise _unreadable(path, Format.JSON, error) from None


def _ndjson(path: Path) -> TableFile:
    """Return a file of objects, one on each line; it is read once to find the columns."""
    known: Schemas = {}
    empty = [df.clear() for df in _ndjson_batches(path, known)]
    if not empty:
        raise SourceError(f'"{shown_name(path)}" is empty.')
    schema = pl.concat(empty, how="diagonal_relaxed").schema
    names = [name for name in schema if name != LINE]
    schema = pl.Schema({name: schema[name] for name in (*names, LINE)})

    def batches() -> Iterator[pl.DataFrame]:
        like = pl.DataFrame(schema=schema)
        for df in _ndjson_batches(path, known):
            _refuse_rounding(path, df, schema)
            yield pl.concat([like, df], how="diagonal_relaxed")

    return TableFile(path, schema, batches)


def _refuse_rounding(path: Path, df: pl.DataFrame, schema: pl.Schema) -> None:
    """Refuse long integers in a column that has fractions in other lines."""
    for column in df:
        if not (column.dtype.is_integer() and schema[column.name].is_float()):
            continue
        lines = df[LINE].filter(column.abs() > EXACT)
        if not lines.is_empty():
            raise SourceError(
                f'"{shown_name(path)}" cannot be read: "{visible(column.name)}" has fractions, '
                f"and on line {lines[0]:,} a whole number that would lose digits beside "
                "them. Write the numbers of this column as text, in quotes."
            )


def _ndjson_batches(path: Path, known: Schemas) -> Iterator[pl.DataFrame]:
    """Yield the lines of a file in batches.

    Args:
        path: The file.
        known: The columns of batches that polars has read before; more are added.
    """
    with opened(path) as file:
        numbered = enumerate(_lines(file.read), 1)
        while group := list(islice(numbered, LINES)):
            lines = [(number, line) for number, line in group if line.strip()]
            if not lines:
                continue
            df = _objects(path, lines, known)
            df = df.select(_flat(df.schema)).rename(kept_apart(df.columns))
            numbers = [number for number, _ in lines]
            yield df.with_columns(pl.Series(LINE, numbers, dtype=pl.Int64))


def _lines(read: Callable[[int], bytes]) -> Iterator[bytes]:
    """Yield lines without their ends, and without a BOM."""
    rest = read(1_000_000).removeprefix(codecs.BOM_UTF8)
    while True:
        *lines, rest = rest.split(b"\n")
        yield from lines
        data = read(1_000_000)
        if not data:
            break
        rest += data
    yield rest


def _objects(
    path: Path, lines: list[tuple[int, bytes]], known: Schemas
) -> pl.DataFrame:
    data = b"\n".join(line for _, line in lines)
    mark = hash(data)
    reason: Exception | str = "the lines are not one object each"
    try:
        if mark in known:
            return pl.read_ndjson(data, schema=known[mark])
        if are_plain(data) or not may_lose(data):
            df = pl.read_ndjson(data, infer_schema_length=None)
            if df.height == len(lines):
                known[mark] = df.schema
                return df
    except UNREADABLE as error:
        reason = error
    rows = [_object_of(path, number, line) for number, line in lines]
    try:
        return frame_of(rows)
    except UNREADABLE:
        raise _unreadable(path, Format.NDJSON, reason) from None


def _object_of(path: Path, number: int, line: bytes) -> dict[str, object]:
    try:
        row = parsed(path, line.decode(), f"line {number:,}")
    except ValueError:
        row = None
    if isinstance(row, dict):
        return row
    raise SourceError(
        f'"{shown_name(path)}" cannot be read: line {number:,} is not a JSON object. '
        "Correct the line, or remove it."
    )


def _unreadable(path: Path, format: Format, reason: Exception | str) -> SourceError:
    first = visible(with_shown_paths(str(reason)).strip().split("\n")[0])[:200].rstrip(
        "."
    )
    return SourceError(
        f'"{shown_name(path)}" cannot be read as {format} ({first}): check that the file is '
        "complete, and that its name ends as its kind requires."
    )
