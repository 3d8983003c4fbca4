"""Step 1, import: a column of a sheet gets its type, or is text as a person sees it."""

import polars as pl

from importkit.source.sheets.number_formats import SHEET_DIGITS, as_clock

# A cell that holds a time without a date is read as a time on one of these days.
ZERO_DAYS = ("1899-12-30", "1899-12-31")
CLOCK = rf"^(?:{'|'.join(ZERO_DAYS)}) (\d{{2}}:\d{{2}}:\d{{2}})$"
MIDNIGHT = r"^(\d{4}-\d\d-\d\d) 00:00:00$"
# A number with more digits than a spreadsheet keeps: 0.30000000000000004.
NOISE = r"^-?[0-9]+\.[0-9]+$"


def typed_values(values: pl.Series) -> pl.Series | None:
    """Return the values of a column of one type; None if they are of several, or text."""
    match values.dtype:
        case pl.Float64() | pl.Int64():
            return _number(values.cast(pl.Float64))
        case pl.Datetime():
            return _moment(values)
        case pl.Duration():
            return _clock(values)
        case pl.Boolean() | pl.Date():
            return values
    return None


def moments_of(texts: pl.Series) -> pl.Series | None:
    """Return texts as dates with a time; what is something else becomes null.

    Args:
        texts: Dates as a person sees them, with a time or, at midnight, without.
    """
    full = texts.str.replace(r"^(\d{4}-\d\d-\d\d)$", "$1 00:00:00")
    return _moment(full.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", strict=False))


def longer(column: pl.Series, more: int) -> pl.Series:
    """Return a column with so many empty cells more, if any."""
    return column.extend_constant(None, more) if more > 0 else column


def as_seen(column: str) -> pl.Expr:
    """Return texts as a person sees them: dates without midnight, times without a day.

    Texts that are empty, as formulas give them, become null.

    Args:
        column: The name of a column of texts that the reader of workbooks made of values.
    """
    text = pl.col(column)
    is_noise = text.str.contains(NOISE) & (text.str.len_bytes() > SHEET_DIGITS + 1)
    short = (
        text.cast(pl.Float64, strict=False).round_sig_figs(SHEET_DIGITS).cast(pl.String)
    )
    plain = text.str.replace(CLOCK, "$1").str.replace(MIDNIGHT, "$1")
    seen = pl.when(is_noise).then(short.str.strip_suffix(".0")).otherwise(plain)
    return pl.when(text != "").then(seen).alias(column)


def _number(values: pl.Series) -> pl.Series:
    whole = (values == values.round()).all() and (values.abs() < 10**SHEET_DIGITS).all()
    return values.cast(pl.Int64) if whole else values.round_sig_figs(SHEET_DIGITS)


def _moment(values: pl.Series) -> pl.Series | None:
    has_no_day = values.dt.date().cast(pl.String).is_in(ZERO_DAYS)
    if has_no_day.all():
        return values.dt.time()
    if has_no_day.any():
        return None  # A time without a date among dates.
    if (values.dt.date() == values).all():
        return values.dt.date()
    return values.cast(pl.Datetime("us"))


def _clock(values: pl.Series) -> pl.Series:
    seconds = values.dt.total_seconds()
    return pl.Series(
        [None if s is None else as_clock(s) for s in seconds], dtype=pl.String
    )
