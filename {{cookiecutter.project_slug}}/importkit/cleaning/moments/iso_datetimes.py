"""Step 2, clean: read ISO 8601 text as moments; other text becomes null."""

from datetime import MAXYEAR, MINYEAR
from functools import partial

import polars as pl

from importkit.cleaning.moments.leniency import ONE_DAY, at_midnight

# Four digits, because polars reads "24-1-2" as a day in the year 24. The year 0 is left
# out: polars has it, Python has not.
YEAR = r"(000[1-9]|00[1-9]\d|0[1-9]\d\d|[1-9]\d{3})"
# Down to microseconds: Django and its databases store no smaller part of a second.
ISO_DATETIME = (
    rf"^{YEAR}-\d{{2}}-\d{{2}}"
    r"([T ]\d{2}:\d{2}(:[0-5]\d(\.\d{1,6}0*)?)?"
    r"([Zz]| ?UTC| ?GMT| ?[+-][01]\d(:?[0-5]\d)?)?)?$"
)
# Nearly all files write moments in full, and these are read several times faster.
FULL_DATETIME = (
    rf"^{YEAR}-\d{{2}}-\d{{2}}[T ]\d{{2}}:\d{{2}}:[0-5]\d([Zz]|[+-][01]\d:[0-5]\d)?$"
)
FULL_LENGTH = len("2026-01-31T12:30:00")


def read(text: pl.Expr, zone: str | None) -> pl.Expr:
    """Read ISO 8601 in microseconds; a time without an offset is local in the zone."""
    dtype = pl.Datetime("us", zone)
    return text.map_batches(partial(_read, zone=zone), return_dtype=dtype)


def localised(naive: pl.Expr, zone: str) -> pl.Expr:
    """Give local times their zone; null where its clock skips or repeats the time."""
    return naive.dt.replace_time_zone(zone, ambiguous="null", non_existent="null")


def storable(day: pl.Expr) -> pl.Expr:
    """Return days and moments that Python can hold; null before year 1, after 9999."""
    return pl.when(day.dt.year().is_between(MINYEAR, MAXYEAR)).then(day)


def _read(texts: pl.Series, zone: str | None) -> pl.Series:
    text = pl.col(texts.name)
    if texts.str.contains(FULL_DATETIME).all():
        local = _full_datetime(texts)
        has_offset = text.str.len_bytes() > FULL_LENGTH
        offset: pl.Expr = pl.when(has_offset).then(text.str.slice(FULL_LENGTH))
    else:
        texts = texts.set(~texts.str.contains(ISO_DATETIME), None)
        clock = text.str.slice(11)
        offset = clock.str.extract(r"([Zz]|UTC|GMT|[+-].*)$")
        local = _local_datetime(text, clock.str.extract(r"^([\d:.]*)"))
    frame = texts.to_frame().select(local=local, offset=offset)
    if frame["local"].null_count() > texts.null_count():
        frame = _with_ends_of_days(frame, texts)
    value = _in_zone(frame["offset"], zone)
    # Compute a series first: polars would run an expression in both places below.
    moments = frame.select(value.alias(texts.name)).to_series()
    if _are_storable(moments):
        return moments
    return moments.to_frame().select(storable(pl.first())).to_series()


def _are_storable(moments: pl.Series) -> bool:
    """Return whether ``storable`` would keep all: two of them are enough to tell."""
    ends = (pl.first().min().alias("first"), pl.first().max().alias("last"))
    years = moments.to_frame().select(ends).select(pl.all().dt.year())
    return all(year is None or MINYEAR <= year <= MAXYEAR for year in years.row(0))


def _with_ends_of_days(frame: pl.DataFrame, texts: pl.Series) -> pl.DataFrame:
    """Read 24:00, which ends a day, as midnight of the next day."""
    text = pl.lit(texts)
    refused = frame["local"].is_null() & texts.is_not_null()
    local = _local_datetime(
        at_midnight(text), at_midnight(text).str.slice(11).str.extract(r"^([\d:.]*)")
    )
    return frame.with_columns(
        pl.when(refused).then(local + ONE_DAY).otherwise("local").alias("local")
    )


def _in_zone(offsets: pl.Series, zone: str | None) -> pl.Expr:
    local, offset = pl.col("local"), pl.col(offsets.name)
    if offsets.null_count() == len(offsets):
        return local if zone is None else localised(local, zone)
    if zone is None:
        return pl.when(offset.is_null()).then(local)
    # A file has few different offsets: each is read once, which is fast.
    found = offsets.drop_nulls().unique()
    durations = found.to_frame().select(_duration(offset)).to_series()
    shift = offset.replace_strict(found, durations, default=None)
    universal = (local - shift).dt.replace_time_zone("UTC").dt.convert_time_zone(zone)
    if not offsets.null_count():
        return universal
    return pl.when(offset.is_null()).then(localised(local, zone)).otherwise(universal)


def _full_datetime(texts: pl.Series) -> pl.Expr:
    iso = pl.col(texts.name).str.slice(0, FULL_LENGTH)
    if texts.str.contains(" ", literal=True).any():
        iso = iso.str.replace(" ", "T", literal=True)
    # To look a text up among those read before takes longer than to read it.
    return iso.str.to_datetime(
        "%Y-%m-%dT%H:%M:%S", strict=False, time_unit="us", cache=False
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
    """Read ``Z``, ``UTC``, ``+02``, ``+0200`` and ``+02:00``."""
    digits = offset.str.replace_all(r"\D", "").str.pad_end(4, "0")
    minutes = digits.str.head(2).cast(pl.Int64) * 60 + digits.str.tail(2).cast(pl.Int64)
    sign = pl.when(offset.str.starts_with("-")).then(-1).otherwise(1)
    return pl.duration(minutes=sign * minutes)
