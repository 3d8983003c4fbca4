"""Infer a kind, a notation and the evidence for each text column of a sample."""

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat

import polars as pl
from polars import selectors as cs

from generators.inference.as_imported import value_of
from generators.inference.column import TEXTS, Column, Kind
from generators.inference.no_values import with_nothing, with_shared_zeros
from generators.inference.raw_columns import (
    WEAK_NULL_WORDS,
    RawColumn,
    draft_of,
    raw_columns,
    stripped,
)
from generators.inference.rules.booleans import infer_boolean
from generators.inference.rules.codes import names_key
from generators.inference.rules.dates import (
    DAYS,
    Order,
    has_other_digits,
    infer_moment,
)
from generators.inference.rules.durations import (
    DURATION_LIKE,
    epoch_hint,
    infer_compact_date,
    infer_duration,
    infer_epoch,
)
from generators.inference.rules.forms import infer_form
from generators.inference.rules.marks import Evidence, marks_shown_by, option_name
from generators.inference.rules.named_dates import infer_named
from generators.inference.rules.notations import (
    NO_VALUES,
    NO_VALUES_OF_OTHERS,
    why_beside_a_word,
)
from generators.inference.rules.numbers import infer_number, longest
from generators.inference.rules.years import with_doubt
from generators.inference.shapes import examples_of
from generators.inference.stated_kinds import apply_stated_kind
from importkit import cleaning
from importkit.source import LINE

# Filled cells for each weak null word: with fewer, such signs may be values.
MIN_CELLS_PER_WEAK_WORD = 5
# Distinct values: a list of choices that is longer is more likely a table of its own.
MAX_CHOICES = 12
# Rows for each distinct value, on average: with fewer, the values may be free text.
MIN_ROWS_PER_CHOICE = 10
# Values that are looked at before the slower rule for durations is asked.
HEAD_VALUES = 5
DATE_ORDER_OPTION = "--date-order"
KEY_KINDS = {Kind.TEXT, Kind.INTEGER, Kind.UUID, Kind.EMAIL}


@dataclass(frozen=True)
class FileFacts:
    """Facts about the notation of a file, from its other columns or from the user.

    Attributes:
        marks: What the columns show of the mark before decimals.
        order: The order of day and month, for dates that can be read in two orders.
        source: The option or the column that gives the order.
    """

    marks: tuple[Evidence, ...] = ()
    order: Order | None = None
    source: str = ""


NO_FACTS = FileFacts()


def infer_columns(
    df: pl.DataFrame,
    order: Order | None = None,
    kinds: Mapping[str, Kind] | None = None,
) -> tuple[Column, ...]:
    """Infer the columns of a sample as ``read_csv`` gives it, all text.

    A column gets a kind only if every value fits. A column stays text, which loses
    nothing, if two notations fit or if reading would change a value.

    Args:
        df: The sample.
        order: The order of day and month that the user states.
        kinds: The kinds that the user states, by header.

    Returns:
        A column for each text column of the frame, in its order.

    Raises:
        ValueError: Values do not fit the kind that the user states.
    """
    text = df.select(cs.string() - cs.by_name(LINE, require_all=False))
    if not text.width:
        return ()
    raw = raw_columns(stripped(text))
    stated = FileFacts(order=order, source=DATE_ORDER_OPTION) if order else NO_FACTS
    # polars works outside Python's lock, so columns can be read side by side.
    with ThreadPoolExecutor() as pool:
        columns = list(pool.map(_infer, raw, repeat(stated)))
    facts = replace(_facts_of(columns, stated), marks=marks_shown_by(columns))
    for index, column in enumerate(columns):
        if _may_change(column, facts):
            columns[index] = _infer(raw[index], facts)
    for index, column in enumerate(columns):
        if kinds and column.header in kinds:
            lines = df[LINE] if LINE in df.columns else _numbered(df)
            columns[index] = _stated(
                raw[index], lines, kinds[column.header], facts.order
            )
    return with_shared_zeros(columns)


def _numbered(df: pl.DataFrame) -> pl.Series:
    return pl.Series(range(1, df.height + 1), dtype=pl.Int64)


def _stated(
    raw: RawColumn, lines: pl.Series, kind: Kind, order: Order | None
) -> Column:
    """Read a column as the kind that the user states; null words stay null words."""
    is_value = raw.cells.is_not_null()
    pattern = NO_VALUES if kind in DAYS else NO_VALUES_OF_OTHERS
    is_word = raw.cells.str.contains(pattern).fill_null(value=False)
    if kind in TEXTS:
        is_word &= False
    is_value &= ~is_word
    values = raw.cells.filter(is_value)
    draft = draft_of(raw, values)
    nothing = raw.cells.filter(is_word)
    column = apply_stated_kind(draft, values, lines.filter(is_value), kind, order)
    return with_nothing(column, nothing) or column


def _facts_of(columns: Sequence[Column], stated: FileFacts) -> FileFacts:
    """Return the order of day and month that columns prove, if all prove the same."""
    proofs = {
        column.order: place
        for place, column in reversed([*enumerate(columns, start=1)])
        if column.order
    }
    if stated.order or len(proofs) != 1:
        return stated
    [(order, place)] = proofs.items()
    return FileFacts(order=Order(order), source=f"column {place}")


def _may_change(column: Column, facts: FileFacts) -> bool:
    """Return whether facts from other columns may change the kind of a column."""
    is_whole_amount = column.scale == 0 and (
        column.currency or column.unit or column.percent
    )
    if facts.marks and (column.mark or is_whole_amount):
        return True
    undecided = column.formats and not column.format
    return bool(facts.order and undecided)


def natural_key(columns: tuple[Column, ...]) -> Column | None:
    """Return the first column without repeated or empty values that is named like a key."""
    return next((column for column in columns if _is_key(column)), None)


def _infer(raw: RawColumn, facts: FileFacts) -> Column:
    """Infer one column from its stripped cells."""
    text = draft_of(raw, raw.texts)
    if wrapped := _unwrapped(text, raw):
        return wrapped
    typed = _with_null_words(raw, facts) or _with_weak_null_words(raw, facts)
    if typed is None or typed.kind is Kind.TEXT:
        why = typed.evidence if typed else _why_text(raw)
        undecided = typed or text
        choices = _choices(raw)
        offer = f"; {choices} distinct values in {len(raw.texts):,} rows: choices?"
        return replace(
            text,
            evidence=why + offer * bool(choices),
            choices=choices,
            examples=examples_of(raw.texts),
            formats=undecided.formats,
            mark=undecided.mark,
            shortened=undecided.shortened,
            unique=text.unique and not undecided.shortened,
        )
    return typed


def _with_null_words(
    raw: RawColumn, facts: FileFacts, pattern: str = NO_VALUES
) -> Column | None:
    """Infer a column in which some texts are null words; None if no rule fits."""
    if not raw.looks.null_words and pattern == NO_VALUES:
        return _apply_rules(raw, raw.texts, facts)
    is_word = raw.texts.str.contains(pattern)
    values = raw.texts.filter(~is_word)
    typed = _apply_rules(raw, values, facts)
    if typed and typed.kind is not Kind.TEXT and len(values) < len(raw.texts):
        typed = with_nothing(typed, raw.texts.filter(is_word))
    if typed is None and raw.looks.empty_dates:
        # 00000000 may be a code among codes: the texts are values as they stand.
        return _apply_rules(raw, raw.texts, facts)
    return typed


def _with_weak_null_words(raw: RawColumn, facts: FileFacts) -> Column | None:
    """Infer a column of decimals in which x, :, * or two points are null words.

    Evidence: all other values are decimals, at least four of five.
    """
    found = raw.looks.weak_words
    if not 0 < found * MIN_CELLS_PER_WEAK_WORD <= len(raw.texts):
        return None
    typed = _with_null_words(raw, facts, f"{NO_VALUES}|{WEAK_NULL_WORDS}")
    return typed if typed and typed.kind in {Kind.DECIMAL, Kind.FLOAT} else None


def _apply_rules(raw: RawColumn, values: pl.Series, facts: FileFacts) -> Column | None:
    """Apply the rules that the looks of the values admit; None if no rule fits."""
    total = len(values)
    looks = raw.looks
    if total == 0:
        return None
    draft = draft_of(raw, values)
    column = infer_boolean(draft, values)
    if column is None and all(
        re.search(DURATION_LIKE, value) for value in values.head(HEAD_VALUES)
    ):
        column = infer_duration(draft, values)
    if column is None and (
        max(looks.dates, looks.times) >= total or has_other_digits(values)
    ):
        column = infer_moment(draft, values, facts.order)
        if column and column.formats and column.format and facts.order:
            why = f"{column.evidence}, as {facts.source} has it"
            column = replace(column, evidence=why)
        if column and facts.source == DATE_ORDER_OPTION:
            column = replace(column, stated=True)
    if column is None:
        column = infer_named(draft, values)
    if column and column.kind in DAYS:
        column = with_doubt(column, draft, _read(column, values))
    if column is None and looks.numbers >= total:
        column = (
            infer_compact_date(draft, values)
            or infer_epoch(draft, values)
            or infer_number(draft, values, facts.marks)
        )
        if column and (hint := epoch_hint(column, values)):
            column = replace(column, evidence=column.evidence + hint)
    if column is None or (column.kind is Kind.TEXT and looks.numbers >= total):
        column = infer_form(draft, values) or column
    return column


def _read(column: Column, values: pl.Series) -> pl.Series:
    read = values.to_frame().select(value_of(column, pl.col(values.name)))
    return read.to_series()


def _unwrapped(text: Column, raw: RawColumn) -> Column | None:
    """Read texts that are wrapped for a spreadsheet. Evidence: every value is wrapped."""
    texts = raw.texts
    if texts.is_empty() or raw.looks.wrapped < len(texts):
        return None
    bare = texts.to_frame().select(cleaning.unwrapped()(pl.col(texts.name))).to_series()
    why = f"{len(texts):,} of {len(texts):,} are kept as text for a spreadsheet"
    return replace(text, wrapped=True, width=longest(bare), evidence=why)


def _choices(raw: RawColumn) -> int:
    """Count what may be choices. Evidence: few values, each in many rows on average."""
    distinct = raw.looks.distinct
    are_many = MIN_ROWS_PER_CHOICE * distinct <= len(raw.texts)
    return distinct if are_many and 1 < distinct <= MAX_CHOICES else 0


def _why_text(raw: RawColumn) -> str:
    """Say why a column is text: how many values look like the nearest other kind."""
    total, looks = len(raw.texts), raw.looks
    if total == 0:
        return "no row has a value"
    counts = {"numbers": looks.numbers, "dates": looks.dates, "times": looks.times}
    kind, fits = max(counts.items(), key=lambda item: item[1])
    if fits * 2 < total:
        why = why_beside_a_word(raw.texts, option_name(raw.header))
        return why or f"no other kind fits, width up to {looks.width}"
    rest = "but no one reading fits" if fits == total else "the rest does not"
    return f"{fits:,} of {total:,} look like {kind}, {rest}"


def _is_key(column: Column) -> bool:
    """Return whether the values and the header of a column are those of a key."""
    is_unique = column.unique and not column.nullable
    return is_unique and column.kind in KEY_KINDS and names_key(column.header)
