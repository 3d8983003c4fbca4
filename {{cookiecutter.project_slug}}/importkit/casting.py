"""Step 2, clean: a column gets its type; null where a value would be lost or changed."""

import polars as pl

from importkit import parsing
from importkit.errors import ConfigurationError

type DType = pl.DataType | type[pl.DataType]

INTEGER = r"^[+-]?\d+$"
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
# polars reads "24-1-2" as a day in the year 24: a date has four digits for its year.
ISO_DATE = r"^\d{4}-\d{2}-\d{2}$"
# Up to microseconds: neither Django nor its databases keep more.
ISO_DATETIME = (
    r"^\d{4}-\d{2}-\d{2}"
    r"([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6}0*)?)?([Zz]|[+-][01]\d(:?\d{2})?)?)?$"
)

NOUNS: dict[type[pl.DataType], str] = {
    pl.Boolean: "a yes or no",
    pl.Date: "a date (YYYY-MM-DD)",
    pl.Datetime: "a date and time (YYYY-MM-DD HH:MM:SS)",
    pl.Float32: "a number",
    pl.Float64: "a number",
    pl.Time: "a time (HH:MM:SS)",
}


def dtype_instance(dtype: DType) -> pl.DataType:
    """Return ``pl.Int64()`` for ``pl.Int64``.

    Raises:
        ConfigurationError: The class alone does not say enough.
    """
    if not isinstance(dtype, type):
        return dtype
    if issubclass(dtype, pl.Decimal):
        raise ConfigurationError(
            "pl.Decimal needs a precision and a scale, for example pl.Decimal(12, 2)."
        )
    return dtype()


def cast(value: pl.Expr, source: pl.DataType, target: pl.DataType) -> pl.Expr:
    """Return the value in another type, null where it does not fit exactly."""
    if source == target:
        return _finite(value) if target.is_float() else value
    if target.is_decimal() and source.is_float():
        # Binary floats have no exact decimals; what they print has.
        value, source = value.cast(pl.String), pl.String()
    if isinstance(source, pl.String):
        return _read(value, target)
    if isinstance(target, pl.Datetime) and isinstance(source, pl.Datetime):
        value, source = _in_zone(value, source, target)
    result = value.cast(target, strict=False)
    if isinstance(target, pl.String) or (source.is_float() and target.is_float()):
        return _finite(result) if target.is_float() else result
    unchanged = result.cast(source, strict=False) == value
    return pl.when(unchanged).then(result)


def describe(dtype: pl.DataType, *, read_by_default: bool = True) -> str:
    """Name what a text has to be, with the format unless a parser declares another."""
    wanted = _describe(dtype)
    return wanted if read_by_default else wanted.partition(" (")[0]


def _describe(dtype: pl.DataType) -> str:
    if isinstance(dtype, pl.Decimal):
        whole = (dtype.precision or 38) - dtype.scale
        return f"a number of up to {whole} digits and {dtype.scale} decimals"
    if dtype.is_integer():
        return f"a whole number that fits {dtype}"
    return NOUNS.get(dtype.base_type(), str(dtype))


def _read(text: pl.Expr, target: pl.DataType) -> pl.Expr:
    """Read text as this project's files write it unless a parser is declared."""
    match target:
        case pl.Decimal():
            value = _decimal(text, target)
        case pl.Date():
            value = _matching(text, ISO_DATE).str.to_date("%Y-%m-%d", strict=False)
        case pl.Datetime():
            value = _datetime(_matching(text, ISO_DATETIME), target)
        case pl.Time():
            value = _time(text)
        case pl.Boolean():
            value = parsing.boolean()(text)
        case _ if target.is_integer():
            value = _matching(text, INTEGER).cast(target, strict=False)
        case _ if target.is_float():
            value = _finite(_matching(text, NUMBER).cast(target, strict=False))
        case _:
            value = text.cast(target, strict=False)
    return value


def _matching(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(text.str.contains(pattern)).then(text)


def _finite(number: pl.Expr) -> pl.Expr:
    return pl.when(number.is_finite()).then(number)


def _decimal(text: pl.Expr, target: pl.Decimal) -> pl.Expr:
    """Refuse what polars would round: more decimals than the type has, save zeros."""
    plain = rf"^[+-]?(\d+\.?|\d*\.\d{{1,{max(target.scale, 1)}}}0*)$"
    if target.scale == 0:
        plain = r"^[+-]?\d+(\.0*)?$"
    return _matching(text, plain).cast(target, strict=False)


def _datetime(text: pl.Expr, target: pl.Datetime) -> pl.Expr:
    """Read ISO 8601; an offset counts, a local time is one of the target's zone."""
    clock = text.str.slice(11)
    offset = clock.str.extract(r"([Zz]|[+-].*)$")
    local = _local_datetime(text, clock.str.extract(r"^([\d:.]*)"), target)
    if target.time_zone is None:
        return pl.when(offset.is_null()).then(local)
    universal = (local - _duration(offset)).dt.replace_time_zone("UTC")
    return (
        pl.when(offset.is_null())
        .then(_localised(local, target.time_zone))
        .otherwise(universal.dt.convert_time_zone(target.time_zone))
    )


def _local_datetime(text: pl.Expr, clock: pl.Expr, target: pl.Datetime) -> pl.Expr:
    length = clock.str.len_bytes()
    missing = pl.when(length == 0).then(pl.lit("00:00:00"))
    seconds = (
        missing.when(length == len("12:30")).then(pl.lit(":00")).otherwise(pl.lit(""))
    )
    iso = pl.concat_str(text.str.slice(0, 10), pl.lit("T"), clock, seconds)
    return iso.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit=target.time_unit
    )


def _duration(offset: pl.Expr) -> pl.Expr:
    """Read ``Z``, ``+02``, ``+0200`` and ``+02:00``."""
    digits = offset.str.replace_all(r"\D", "").str.pad_end(4, "0")
    minutes = digits.str.head(2).cast(pl.Int64) * 60 + digits.str.tail(2).cast(pl.Int64)
    sign = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
    return pl.duration(minutes=sign * minutes)


def _time(text: pl.Expr) -> pl.Expr:
    full = pl.when(text.str.contains(r"^\d{1,2}:\d{2}$")).then(text + ":00")
    return full.otherwise(text).str.to_time("%H:%M:%S%.f", strict=False)


def _localised(naive: pl.Expr, zone: str) -> pl.Expr:
    """Give local times their zone; one that the clock skips or repeats is refused."""
    return naive.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")


def _in_zone(
    value: pl.Expr, source: pl.Datetime, target: pl.Datetime
) -> tuple[pl.Expr, pl.Datetime]:
    if source.time_zone is None and target.time_zone is not None:
        value = _localised(value, target.time_zone)
        return value, pl.Datetime(source.time_unit, target.time_zone)
    return value, source
