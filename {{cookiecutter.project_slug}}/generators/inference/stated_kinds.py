"""Apply the kind that the user states for a column, or refuse it."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from generators.inference.as_imported import are_readable
from generators.inference.column import NUMBERS, Column, Kind
from generators.inference.rules.booleans import ONE_ZERO, PAIRS
from generators.inference.rules.dates import (
    ALL_DATES,
    DATETIMES,
    DAYS,
    TWELVE_HOUR_CLOCKS,
    Order,
    follows,
    formats_like,
    plain_values,
)
from generators.inference.rules.durations import COMPACT_DATE, EPOCH_PATTERNS
from generators.inference.rules.forms import NOUNS
from generators.inference.rules.marks import STYLES
from generators.inference.rules.named_dates import infer_named
from generators.inference.rules.notations import (
    strip_notation,
    units_of,
    why_not_one_unit,
)
from generators.inference.rules.numbers import PADDED, measured
from importkit.errors import visible

ALL_FORMATS = (*ALL_DATES, *DATETIMES)
# Lines that an error message names.
LINES_LISTED = 3
# Values on which all formats are tried, before one format is tried on all values.
HEAD_VALUES = 50


def apply_stated_kind(
    draft: Column, values: pl.Series, lines: pl.Series, kind: Kind, order: Order | None
) -> Column:
    """Return a column of the kind that the user states.

    Args:
        draft: The column as text; its null words are not among the values.
        values: Its stripped values, without nulls.
        lines: The line of each value.
        kind: The kind that the user states.
        order: The order of day and month, if the user states one.

    Raises:
        ValueError: Values do not fit the kind, or fit two orders of day and month.
    """
    draft = replace(draft, stated=True)
    total = len(values)
    why = f"{total:,} of {total:,} are {NOUNS.get(kind, kind)}, as --type says"
    if kind is Kind.TEXT or total == 0:
        return replace(
            draft, kind=kind, evidence=why if total else "no row has a value"
        )
    fits = [
        (column, are_readable(column, values))
        for column in _notations(draft, values, kind)
    ]
    counts = [int(mask.sum()) for _, mask in fits]
    best = [c for (c, _), count in zip(fits, counts, strict=True) if count == total]
    if not best:
        if kind in NUMBERS:
            _refuse_several_units(draft, values, kind)
        _raise_misfits(
            draft, kind, fits[counts.index(max(counts))][1] if fits else None, lines
        )
    ordered = [c for c in best if order and c.format and follows(c.format, order)]
    best = ordered or best
    if len(best) > 1 and best[0].format and best[1].format:
        raise ValueError(
            f'"{visible(draft.header)}" can be a {kind} in more than one order of day '
            "and month: say which with --date-order."
        )
    column = replace(best[0], evidence=why)
    return measured(column, values) if kind in NUMBERS else column


def _refuse_several_units(draft: Column, values: pl.Series, kind: Kind) -> None:
    units = units_of(values)
    if len({unit.lower() for unit in units}) > 1:
        raise ValueError(
            f'"{visible(draft.header)}" cannot be {kind}: its {why_not_one_unit(units)}. '
            "Write all values in one unit, or leave --type out."
        )


def _raise_misfits(
    draft: Column, kind: Kind, fits: pl.Series | None, lines: pl.Series
) -> None:
    """Name the number and the lines of the values that do not fit, never the values."""
    bad = lines.filter(~fits) if fits is not None else lines
    where = ", ".join(f"{line:,}" for line in bad.head(LINES_LISTED))
    if (more := len(bad) - LINES_LISTED) > 0:
        where += f" and {more:,} more"
    raise ValueError(
        f'"{visible(draft.header)}" cannot be {kind}: {len(bad):,} of {len(lines):,} '
        f"values do not fit, on line {where}. Correct them, or leave --type out."
    )


def _notations(draft: Column, values: pl.Series, kind: Kind) -> Iterator[Column]:
    """Yield the notations of a kind that are tried, the likeliest first."""
    if kind in NUMBERS:
        numbers = strip_notation(replace(draft, header=""), values)
        base = replace(
            numbers.column if numbers else draft, header=draft.header, kind=kind
        )
        grouped = kind is Kind.INTEGER
        if grouped and values.str.contains(PADDED).any():
            base = replace(base, padded=True)
        for style in sorted(STYLES, key=lambda style: bool(style.thousands) != grouped):
            yield replace(base, decimal=style.decimal, thousands=style.thousands)
    elif kind is Kind.BOOLEAN:
        for true, false in (ONE_ZERO, *PAIRS):
            yield replace(draft, kind=kind, true=(true,), false=(false,))
    elif kind is Kind.DATETIME:
        yield replace(draft, kind=kind)
        yield replace(draft, kind=kind, zone=True)
        for unit in EPOCH_PATTERNS:
            yield replace(draft, kind=kind, epoch=unit, zone=True)
    else:
        yield replace(draft, kind=kind)
    for format_ in _formats(kind, values.head(HEAD_VALUES)):
        yield replace(draft, kind=kind, format=format_)
    if kind in DAYS and (named := infer_named(draft, values)) and named.kind is kind:
        yield named


def _formats(kind: Kind, head: pl.Series) -> Iterator[str]:
    """Yield the formats of a kind that are like some of the first values."""
    if kind is Kind.DATE:
        yield COMPACT_DATE
    if kind is Kind.TIME:
        yield from TWELVE_HOUR_CLOCKS
    if head.is_empty() or kind not in DAYS:
        return
    plain, _ = plain_values(head)
    like = {f for text in plain for k, f in formats_like(text, ALL_DATES) if k is kind}
    yield from sorted(like, key=ALL_FORMATS.index)
