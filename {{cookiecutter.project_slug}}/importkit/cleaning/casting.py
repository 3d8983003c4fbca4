"""Step 2, clean: cast values to another type, to null where they would change or be lost."""

from collections.abc import Sequence
from functools import cache
from typing import Any

import polars as pl

from importkit.cleaning import moments, parsing
from importkit.cleaning.signs import ascii_digits, signs_before
from importkit.errors import ConfigurationError

type DType = pl.DataType | type[pl.DataType]

# Without a zero in front: a code such as 007 would become another.
INTEGER = r"^[+-]?(0|[1-9][0-9]*)$"
PADDED = r"^[+-]?0[0-9]+$"
ZEROS = "^([+-]?)0+([0-9])"
NUMBER = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
ISO_DATE = rf"^{moments.YEAR}-\d{{2}}-\d{{2}}$"
TIME = r"^\d{1,2}:\d{2}(:[0-5]\d(\.\d{1,6}0*)?)?$"
MOMENT = pl.Datetime("us")
DAYS = (pl.Date, pl.Datetime)
# Values are rounded in this type: one with fewer decimals would refuse them before that.
UNROUNDED = pl.Decimal(38, 12)
SHOWN_WORDS = 5  # The words of a type that a message lists; the others are counted.
# What text has to be for a type; the format in brackets holds without a parser.
NOUNS: dict[type[pl.DataType], str] = {
    pl.Boolean: f"yes or no ({', '.join([*parsing.TRUE, *parsing.FALSE])})",
    pl.Date: "a date (YYYY-MM-DD)",
    pl.Datetime: "a date and time (YYYY-MM-DD HH:MM:SS)",
    pl.Duration: "a duration (HH:MM:SS)",
    pl.Float32: "a number",
    pl.Float64: "a number",
    pl.Time: "a time (HH:MM:SS)",
}


def dtype_instance(dtype: DType) -> pl.DataType:
    """Return an instance of a type: ``pl.Int64()`` for ``pl.Int64``.

    Raises:
        ConfigurationError: It is ``pl.Decimal`` without precision and scale.
    """
    if not isinstance(dtype, type):
        return dtype
    if issubclass(dtype, pl.Decimal):
        raise ConfigurationError(
            "pl.Decimal needs a precision and a scale, for example pl.Decimal(12, 2)."
        )
    return dtype()


def cast(value: pl.Expr, source: pl.DataType, target: pl.DataType) -> pl.Expr:
    """Return a value in another type; null where that type cannot hold it unchanged.

    Args:
        value: The value.
        source: Its type; text is read in the default notation of the target.
        target: The other type.

    Raises:
        ConfigurationError: The source holds lists, structs, bytes or objects.
    """
    if not _is_plain(source, target):
        raise ConfigurationError(f"{source} cannot become {target}: give plain values.")
    if source == target:
        return _storable(value, target)
    # 0.1 as a binary float is not exactly 0.1; its text is.
    is_exact_in_text = target.is_decimal() and source.is_float()
    if is_exact_in_text or isinstance(target, pl.Categorical | pl.Enum):
        value, source = value.cast(pl.String), pl.String()
    if isinstance(source, pl.String):
        return _read(value, target)
    if isinstance(target, pl.Datetime):
        value, source = _as_moment(value, source, target)
    if not _are_alike(source, target):
        return _null_of(value, target)
    result = value.cast(target, strict=False)
    if source.is_float() and (target.is_float() or isinstance(target, pl.String)):
        return pl.when(value.is_finite()).then(result)
    if isinstance(target, pl.String):
        return result
    return _storable(_if_unchanged(result, value, source), target)


def is_local(lost: pl.Series, parse: parsing.Parser | None) -> pl.Series:
    """Return which of some values would be local times if their type had no zone.

    Args:
        lost: The values that did not become moments.
        parse: The parser that reads them; None for the default reading.

    Returns:
        One boolean a value: true for a time that the clock of the zone skips or repeats.
    """
    text = pl.col(lost.name)
    df = lost.to_frame().select(parse(text) if parse else text)
    local = cast(text, df.schema[lost.name], MOMENT)
    return df.select(local).to_series().is_not_null()


def cast_rounded(
    value: pl.Expr, source: pl.DataType, target: pl.DataType, places: int | None
) -> pl.Expr:
    """Return a value in another type as ``cast`` does, rounded before if it has places."""
    if places is None:
        return cast(value, source, target)
    unrounded = UNROUNDED if target.is_decimal() else target
    rounded = cast(value, source, unrounded).round(places)
    return cast(rounded, unrounded, target)


def cast_lost(
    lost: pl.Series,
    target: pl.DataType,
    parse: parsing.Parser | None,
    places: int | None = None,
) -> pl.Series:
    """Return texts that were lost in a type once more, written plainly.

    Digits become those of ASCII, the minus of a number stands first, and what a parser
    makes of a whole number may begin with zeros, which ``parse`` states to mean nothing.

    Args:
        lost: The texts.
        target: A type of numbers or moments.
        parse: The parser that reads them; None for the default reading.
        places: The decimals to which they are rounded.
    """
    text = pl.col(lost.name)
    plain = plainly_written(text, target)
    read = lost.to_frame().select(plain.alias(lost.name))
    if parse:
        read = read.select(parse(text).alias(lost.name))
    if parse and target.is_integer():
        read = read.select(text.cast(pl.String).str.replace(ZEROS, "$1$2"))
    value = cast_rounded(text, read.schema[lost.name], target, places)
    return read.select(value.alias(lost.name)).to_series()


def plainly_written(text: pl.Expr, target: pl.DataType) -> pl.Expr:
    """Return text with digits of ASCII, and with the minus of a number before it."""
    return signs_before(text) if target.is_numeric() else ascii_digits(text)


def filler(name: str, value: object, dtype: pl.DataType) -> pl.Expr:
    """Return a value of ``get_fill_null_map`` in the type of its column.

    Raises:
        ConfigurationError: The type cannot hold the value.
    """
    try:
        kept = pl.Series([value], dtype=dtype)[0] == value
    except (TypeError, ValueError, pl.exceptions.PolarsError):
        kept = False
    if not kept:
        raise ConfigurationError(
            f'get_fill_null_map: "{name}" is {dtype}, not {value!r}.'
        )
    return pl.lit(value, dtype=dtype)


def type_of_sums(dtype: pl.DataType) -> pl.DataType:
    """Return the type in which sums of a type are counted: they do not overflow it.

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


def expected(dtype: pl.DataType, parser: parsing.Parser | None = None) -> str:
    """Name what text has to be for a type, with the notation as far as it is known.

    Args:
        dtype: The type.
        parser: The parser of the column; None for the default reading.
    """
    notation = parser if isinstance(parser, parsing.Notation) else None
    if notation and notation.is_complete:
        return notation.noun
    example = example_of(dtype, notation) if notation else ""
    like = f" like {example}" if example else ""
    if isinstance(dtype, pl.Decimal):
        whole = (dtype.precision or 38) - dtype.scale
        return f"a number{like} of up to {whole} digits and {dtype.scale} decimals"
    if dtype.is_integer():
        low, high = _bounds(dtype)
        return f"a whole number{like} between {low:,} and {high:,}"
    if notation:
        return f"{notation.noun}{like}"
    if isinstance(dtype, pl.Enum):
        words = [repr(word) for word in dtype.categories[:SHOWN_WORDS]]
        more = len(dtype.categories) - SHOWN_WORDS
        rest = f" and {more:,} more" if more > 0 else ""
        return f"one of {', '.join(words)}{rest}"
    noun = NOUNS.get(dtype.base_type(), str(dtype))
    return noun.partition(" (")[0] if parser else noun


def example_of(dtype: pl.DataType, notation: parsing.Notation) -> str:
    """Return the first example of a notation that fits a type; none fits: no text."""
    texts = pl.DataFrame({"text": notation.examples}, schema={"text": pl.String})
    values = texts.with_columns(value=notation(pl.col("text")))
    target = cast(pl.col("value"), values.schema["value"], dtype)
    return next(iter(values.filter(target.is_not_null())["text"]), "")


@cache
def _bounds(dtype: Any) -> tuple[int, int]:
    """Return the least and the greatest number of a type of whole numbers."""
    low, high = pl.select(low=dtype.min(), high=dtype.max()).row(0)
    return low, high


def _read(text: pl.Expr, target: pl.DataType) -> pl.Expr:
    """Read text in the default notation: the one for columns without a parser."""
    match target:
        case pl.Decimal():
            value = _decimal(text, target)
        case pl.Date():
            # To look a text up among those read before takes longer than to read it.
            value = _matching(text, ISO_DATE).str.to_date(
                "%Y-%m-%d", strict=False, cache=False
            )
        case pl.Datetime():
            moment = pl.Datetime("us", target.time_zone)
            value = moments.read(text, target.time_zone)
            value = value if target == moment else cast(value, moment, target)
        case pl.Time():
            value = _time(_matching(text, TIME))
        case pl.Boolean():
            value = parsing.boolean()(text)
        case _ if target.is_integer():
            value = _matching(text, INTEGER).cast(target, strict=False)
        case _ if target.is_float():
            value = _matching(text, NUMBER).cast(target, strict=False)
            # One function for all values: polars would read them once for each use.
            value = pl.map_batches([text, value], _exact_floats, return_dtype=target)
        case _:
            value = text.cast(target, strict=False)
    return value


def _exact_floats(columns: Sequence[pl.Series]) -> pl.Series:
    """Return floats, but null for those that their texts have become infinite or 0.

    Args:
        columns: The texts, such as 1e400 and 1e-400, and the floats that were read.
    """
    texts, values = columns
    is_odd = (values == 0) | ~values.is_finite()
    if not is_odd.any():
        return values
    odd = is_odd.fill_null(value=False)
    is_lost = texts.filter(odd).str.contains(r"^[^eE]*[1-9]")
    return values.scatter(odd.arg_true().filter(is_lost), None)


def _matching(text: pl.Expr, pattern: str) -> pl.Expr:
    return pl.when(text.str.contains(pattern)).then(text)


def _decimal(text: pl.Expr, target: pl.Decimal) -> pl.Expr:
    """Refuse more decimals than the type has, which polars would round; zeros may follow."""
    plain = rf"^[+-]?(\d+\.?|\d*\.\d{{1,{max(target.scale, 1)}}}0*)$"
    if target.scale == 0:
        plain = r"^[+-]?\d+(\.0*)?$"
    return _matching(text, plain).cast(target, strict=False)


def _time(text: pl.Expr) -> pl.Expr:
    full = pl.when(text.str.contains(r"^\d{1,2}:\d{2}$")).then(text + ":00")
    return full.otherwise(text).str.to_time("%H:%M:%S%.f", strict=False)


def _as_moment(
    value: pl.Expr, source: pl.DataType, target: pl.Datetime
) -> tuple[pl.Expr, pl.DataType]:
    """Return days and local times as moments in the zone of the target.

    A moment with a zone becomes null where the target has no zone.
    """
    if isinstance(source, pl.Date):
        value, source = value.cast(MOMENT), MOMENT
    if not isinstance(source, pl.Datetime):
        return value, source
    if source.time_zone and not target.time_zone:
        return _null_of(value, source), source
    if target.time_zone and not source.time_zone:
        value = moments.localised(value, target.time_zone)
        return value, pl.Datetime(source.time_unit, target.time_zone)
    return value, source


def _is_plain(source: pl.DataType, target: pl.DataType) -> bool:
    if source.is_nested() or isinstance(source, pl.Object | pl.Binary):
        return False
    return isinstance(source, pl.Null) or (
        isinstance(source, pl.Duration) == isinstance(target, pl.Duration)
    )


def _are_alike(source: pl.DataType, target: pl.DataType) -> bool:
    """Return whether values of a type mean the same in another; days are not numbers."""
    if isinstance(target, pl.String):
        return True
    if isinstance(source, pl.Boolean) or isinstance(target, pl.Boolean):
        return not (source.is_temporal() or target.is_temporal()) and not (
            source.is_decimal() or target.is_decimal()
        )
    if isinstance(source, DAYS) and isinstance(target, DAYS):
        return True
    if source.is_temporal() or target.is_temporal():
        return source.base_type() is target.base_type()
    return True


def _storable(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    """Return values that Python and databases can hold: finite, up to the year 9999."""
    if dtype.is_float():
        return pl.when(value.is_finite()).then(value)
    if isinstance(dtype, DAYS):
        return moments.storable(value)
    if isinstance(dtype, pl.Time):
        return pl.when(value.dt.nanosecond() % 1000 == 0).then(value)
    return value


def _null_of(value: pl.Expr, dtype: pl.DataType) -> pl.Expr:
    null = pl.when(pl.lit(value=False)).then(value.is_null().cast(pl.Int64))
    return null.cast(dtype)


def _if_unchanged(result: pl.Expr, value: pl.Expr, source: pl.DataType) -> pl.Expr:
    return pl.when(result.cast(source, strict=False) == value).then(result)
