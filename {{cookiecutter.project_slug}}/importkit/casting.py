"""Step 2, clean: a column gets its type; null where a value would be lost or changed."""

import polars as pl

from importkit import parsing
from importkit.errors import ConfigurationError

type DType = pl.DataType | type[pl.DataType]

INTEGER = r"^[+-]?\d+$"
NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
# polars reads "24-1-2" as a day in the year 24: a date has four digits for its year.
# And none is of the year 0, which polars counts and Python does not.
YEAR = r"(000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{3})"
ISO_DATE = rf"^{YEAR}-\d{{2}}-\d{{2}}$"
TIME = r"^\d{1,2}:\d{2}(:[0-5]\d(\.\d{1,6}0*)?)?$"
# Up to microseconds: neither Django nor its databases keep more.
ISO_DATETIME = (
    rf"^{YEAR}-\d{{2}}-\d{{2}}"
    r"([T ]\d{2}:\d{2}(:[0-5]\d(\.\d{1,6}0*)?)?([Zz]|[+-][01]\d(:?\d{2})?)?)?$"
)

MOMENT = pl.Datetime("us")
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
    """Return the value in another type, null where it does not fit exactly.

    Raises:
        ConfigurationError: The source holds lists, structures or objects.
    """
    if source.is_nested() or source in (pl.Object, pl.Binary):
        raise ConfigurationError(f"{source} cannot become {target}: give plain values.")
    if source == target:
        return _finite(value) if target.is_float() else value
    if target.is_decimal() and source.is_float():
        # Binary floats have no exact decimals; what they print has.
        value, source = value.cast(pl.String), pl.String()
    if isinstance(source, pl.String):
        return _read(value, target)
    if isinstance(target, pl.Datetime):
        value, source = _as_moment(value, source, target)
    if source.is_numeric() and target.is_temporal():
        return _nothing(value).cast(target)
    result = value.cast(target, strict=False)
    if isinstance(target, pl.String) or (source.is_float() and target.is_float()):
        return _finite(result) if target.is_float() else result
    return _if_unchanged(result, value, source)


def wide(dtype: pl.DataType) -> pl.DataType:
    """Return a type in which sums of a type do not run over.

    Raises:
        ConfigurationError: Values of the type cannot be added up.
    """
    if isinstance(dtype, pl.Decimal):
        return pl.Decimal(38, dtype.scale)
    if dtype.is_float():
        return pl.Float64()
    if dtype.is_integer():
        return pl.Int128()
    raise ConfigurationError(f"{dtype} cannot be added up (get_add_on_duplicate_cols).")


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
            moment = pl.Datetime("us", target.time_zone)
            value = _datetime(_matching(text, ISO_DATETIME), target.time_zone)
            value = cast(value, moment, target)
        case pl.Time():
            value = _time(_matching(text, TIME))
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


def _datetime(text: pl.Expr, zone: str | None) -> pl.Expr:
    """Read ISO 8601 in microseconds; a time without an offset is one of the zone."""
    clock = text.str.slice(11)
    offset = clock.str.extract(r"([Zz]|[+-].*)$")
    local = _local_datetime(text, clock.str.extract(r"^([\d:.]*)"))
    if zone is None:
        return pl.when(offset.is_null()).then(local)
    universal = (local - _duration(offset)).dt.replace_time_zone("UTC")
    return (
        pl.when(offset.is_null())
        .then(_localised(local, zone))
        .otherwise(universal.dt.convert_time_zone(zone))
    )


def _local_datetime(text: pl.Expr, clock: pl.Expr) -> pl.Expr:
    length = clock.str.len_bytes()
    missing = pl.when(length == 0).then(pl.lit("00:00:00"))
    seconds = (
        missing.when(length == len("12:30")).then(pl.lit(":00")).otherwise(pl.lit(""))
    )
    iso = pl.concat_str(text.str.slice(0, 10), pl.lit("T"), clock, seconds)
    return iso.str.to_datetime("%Y-%m-%dT%H:%M:%S%.f", strict=False, time_unit="us")


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


def _as_moment(
    value: pl.Expr, source: pl.DataType, target: pl.Datetime
) -> tuple[pl.Expr, pl.DataType]:
    """Give days and local times the zone of the target; drop no zone silently."""
    if isinstance(source, pl.Date):
        value, source = value.cast(MOMENT), MOMENT
    if not isinstance(source, pl.Datetime):
        return value, source
    if source.time_zone and not target.time_zone:
        return _nothing(value), source
    if target.time_zone and not source.time_zone:
        value = _localised(value, target.time_zone)
        return value, pl.Datetime(source.time_unit, target.time_zone)
    return value, source


def _nothing(value: pl.Expr) -> pl.Expr:
    return pl.when(pl.lit(value=False)).then(value)


def _if_unchanged(result: pl.Expr, value: pl.Expr, source: pl.DataType) -> pl.Expr:
    return pl.when(result.cast(source, strict=False) == value).then(result)
