"""Step 4, load: rows in the binary format of PostgreSQL's COPY, encoded column by column.

Each value is its length in four bytes and then the value, both with the highest byte first.
Source: https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format".
"""

import struct
from collections.abc import Callable, Mapping, Sequence
from functools import cache

import polars as pl

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
NULL = b"\xff\xff\xff\xff"  # The length of a null: -1.
WORD = (
    2**16
)  # The number of words: numbers of 16 bits, from which larger ones are put together.
EPOCH = 10_957  # Days from 1970, the epoch of polars, to 2000, that of PostgreSQL.
DAY = 86_400_000_000  # Microseconds in a day.
MOMENT = "timestamp with time zone"
DIGITS = 4  # Decimal digits in one word of a numeric.
NARROW = 18  # The most digits that fit into 64 bits.

type Encoder = Callable[[pl.Expr, pl.DataType], pl.Expr]
type Dtypes = tuple[type[pl.DataType], ...]


def encode(kinds: Sequence[str | None], df: pl.DataFrame) -> bytes | None:
    """Return rows as COPY reads them; None if a column has no encoder.

    Args:
        kinds: The types of the table's columns, as PostgreSQL names them.
        df: The values, one column for each.
    """
    fields = []
    for kind, values in zip(kinds, df.iter_columns(), strict=True):
        dtypes, encoder = ENCODERS.get(kind or "", NO_FORM)
        if values.dtype.base_type() not in dtypes or _is_long(values):
            return None
        if kind == MOMENT and getattr(values.dtype, "time_zone", None) is None:
            return None  # Only as text is a time read in the zone of the connection.
        fields.append(encoder(pl.col(values.name), values.dtype).fill_null(NULL))
    count = pl.lit(df.width.to_bytes(2))
    rows = df.select(_joined([count, *fields])).to_series()
    return b"".join([HEADER, *rows.to_list(), TRAILER])


def _is_long(values: pl.Series) -> bool:
    """Return whether the length of a value does not fit into a word."""
    if values.dtype == pl.String:
        values = values.cast(pl.Binary)
    if values.dtype != pl.Binary:
        return False
    longest = values.bin.size().max()
    return isinstance(longest, int) and longest >= WORD - 1


def _integer(size: int) -> Encoder:
    return lambda value, _: _number(value.cast(pl.Int64), size)


def _real(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    return _number(value.reinterpret(dtype=pl.Int64), 8)


def _boolean(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    forms = pl.Series([(1).to_bytes(4) + b"\0", (1).to_bytes(4) + b"\1"])
    return _looked_up(forms, value.cast(pl.Int64))


def _decimal(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Encode all groups of four digits that the type has room for, zeros included."""
    digits = getattr(dtype, "precision", None) or 38
    scale = getattr(dtype, "scale", 0)
    before, after = -(-(digits - scale) // DIGITS), -(-scale // DIGITS)
    amount = value.to_physical().cast(pl.Int64 if digits <= NARROW else pl.Int128)
    groups = [
        _group(amount.abs(), scale + DIGITS * place).cast(pl.Int64)
        for place in reversed(range(-after, before))
    ]
    heads = [
        struct.pack(">ihhHh", 8 + 2 * len(groups), len(groups), before - 1, sign, scale)
        for sign in (0, 0x4000)
    ]
    head = _looked_up(pl.Series(heads), (amount < 0).cast(pl.Int64))
    return _joined([head, *(_looked_up(_words(), group) for group in groups)])


def _group(amount: pl.Expr, shift: int) -> pl.Expr:
    """Return the four digits of a number above a decimal place; zeros below its last one."""
    place: int = 10 ** abs(shift)
    group: int = 10**DIGITS
    if shift >= 0:
        return amount // place % group
    return amount % (group // place) * place


def _date(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    return _number(value.to_physical().cast(pl.Int64) - EPOCH, 4)


def _moment(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    return _number(value.dt.cast_time_unit("us").to_physical() - EPOCH * DAY, 8)


def _time(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    return _number(value.to_physical() // 1000, 8)


def _interval(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    microseconds = value.dt.cast_time_unit("us").to_physical()
    no_days_no_months = pl.lit(bytes(8))
    return _number(microseconds, 8, (16).to_bytes(4)) + no_days_no_months


def _uuid(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    digits = value.str.replace_all("-", "", literal=True)
    return pl.lit((16).to_bytes(4)) + digits.str.decode("hex")


def _json(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    length = _looked_up(_words(bytes(2)), value.str.len_bytes().cast(pl.Int64) + 1)
    return length + (pl.lit(b"\1") + value.cast(pl.Binary))


def _bytes(value: pl.Expr, _: pl.DataType) -> pl.Expr:
    value = value.cast(pl.Binary)
    return _looked_up(_words(bytes(2)), value.bin.size().cast(pl.Int64)) + value


NO_FORM: tuple[Dtypes, Encoder] = ((), _bytes)
ENCODERS: Mapping[str, tuple[Dtypes, Encoder]] = {
    "smallint": ((pl.Int16,), _integer(2)),
    "integer": ((pl.Int16, pl.Int32), _integer(4)),
    "bigint": ((pl.Int16, pl.Int32, pl.Int64), _integer(8)),
    "double precision": ((pl.Float64,), _real),
    "boolean": ((pl.Boolean,), _boolean),
    "numeric": ((pl.Decimal,), _decimal),
    "date": ((pl.Date,), _date),
    MOMENT: ((pl.Datetime,), _moment),
    "timestamp without time zone": ((pl.Datetime,), _moment),
    "time without time zone": ((pl.Time,), _time),
    "interval": ((pl.Duration,), _interval),
    "uuid": ((pl.String,), _uuid),
    "jsonb": ((pl.String,), _json),
    "bytea": ((pl.Binary,), _bytes),
    "text": ((pl.String,), _bytes),
    "character varying": ((pl.String,), _bytes),
}


def _number(value: pl.Expr, size: int, length: bytes = b"") -> pl.Expr:
    """Encode whole numbers of ``size`` bytes, behind their length."""
    first, *others = [
        value // WORD**place % WORD for place in reversed(range(size // 2))
    ]
    head = _looked_up(_words(length or size.to_bytes(4)), first)
    return _joined([head, *(_looked_up(_words(), other) for other in others)])


@cache
def _words(before: bytes = b"") -> pl.Series:
    """Return all words in order, each behind the bytes ``before``."""
    numbers = pl.int_range(WORD, dtype=pl.Int64)
    single = pl.Series([bytes([number]) for number in range(256)])
    high, low = _looked_up(single, numbers // 256), _looked_up(single, numbers % 256)
    return pl.select(pl.lit(before) + (high + low)).to_series()


def _looked_up(table: pl.Series, place: pl.Expr) -> pl.Expr:
    return pl.lit(table).gather(place)


def _joined(parts: list[pl.Expr]) -> pl.Expr:
    """Join the parts by halves, so that few bytes are copied more than once."""
    if len(parts) == 1:
        return parts[0]
    middle = len(parts) // 2
    return _joined(parts[:middle]) + _joined(parts[middle:])
