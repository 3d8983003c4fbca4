"""Rules for integers, decimals and floats; a column stays text if reading loses some."""

import re
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from generators.inference.column import Column, Kind
from generators.inference.rules.codes import (
    as_int,
    count,
    names_code,
    reason_for_text,
)
from generators.inference.rules.cut_digits import count_cut
from generators.inference.rules.forms import IP_OCTET
from generators.inference.rules.marks import (
    STYLES,
    Evidence,
    Style,
    evidence_of_column,
    is_money,
    leaning,
    matching_styles,
    option_name,
    weigh,
    why_in_doubt,
)
from generators.inference.rules.notations import (
    PIECES,
    StrippedNumbers,
    signs_before,
    strip_notation,
    why_of_several_kinds,
)
from importkit.cleaning import cast

EXPONENT = r"[eE][+-]?[0-9]+$"
# The second pattern wants a point or a sign, since 12e10 may be an id.
FLOAT_OR_ID = r"^[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?$"
FLOAT = r"^[+-]?(([0-9]+\.[0-9]*|\.[0-9]+)([eE][+-]?[0-9]+)?|[0-9]+([eE][+-][0-9]+)?)$"

# Whole numbers that an import reads with a parser only.
PADDED = "^[^0-9]*0[0-9]"

# Digits that a decimal of polars holds.
DECIMAL_DIGITS = 38
# Significant digits that a program prints of a double, at most.
DOUBLE_DIGITS = 17
# Numbers with more digits than a double has, and without an exponent.
LONG_FLOAT = r"^[+-]?[0.]*[1-9](?:\.?[0-9]){17,}\.?$"
# Numbers whose mark (for %s) may stand before decimals or between thousands.
GROUPED = r"^[^0-9]*(?:[1-9][0-9]{0,2}%s[0-9]{3}|0|[1-9][0-9]*)[^0-9]*$"
# Signs of negative numbers that do not stand before them.
BEHIND_OR_AROUND = r"^[^(]*\(.*\)|-$"
# Decimals that people write, at most; programs that print floats write more.
MAX_SCALE_OF_PEOPLE = 6
# Groups: addresses, versions and phone numbers have at least so many.
LEAST_GROUPS_OF_CODES = 3
SPACES = {"\N{NO-BREAK SPACE}", "\N{NARROW NO-BREAK SPACE}"}


def infer_number(
    draft: Column, values: pl.Series, shown: Sequence[Evidence]
) -> Column | None:
    """Infer numbers, if one style fits every value.

    Args:
        draft: The column as text.
        values: Its stripped values, without nulls.
        shown: What the columns of the file show of its mark before decimals.

    Returns:
        The column, None where the values are something else.
    """
    found = _in_notation(draft, values, shown)
    if found is not None and found.kind is not Kind.TEXT:
        return found
    # Where all have the sign it may mean something else, as in grades: 2-, 3-.
    is_sign = 0 < count(values, BEHIND_OR_AROUND) < len(values)
    if not (is_sign or count(values, r"[^\x00-\x7f]")):
        return found
    again = _in_notation(draft, signs_before(values), shown)
    return again if again and again.kind is not Kind.TEXT else found


def _in_notation(
    draft: Column, values: pl.Series, shown: Sequence[Evidence]
) -> Column | None:
    numbers = strip_notation(draft, values)
    if numbers is None:
        return _text(draft, why_of_several_kinds(values, option_name(draft.header)))
    if numbers.notes and numbers.values.str.ends_with(".").any():
        return None
    marks = set().union(*numbers.values.str.replace_all("[0-9]+", "").unique())
    if not numbers.notes and (cut := count_cut(draft.header, values)):
        why = f"{cut:,} of {len(values):,} lack digits that a spreadsheet cut"
        return replace(_text(draft, why), unique=False, shortened=True)
    if marks & {"e", "E"}:
        return None if numbers.notes else _float(draft, values)
    if marks & SPACES:
        plain_spaces = numbers.values.str.replace_all(r"[\x{00a0}\x{202f}]", " ")
        numbers = numbers._replace(values=plain_spaces)
        marks = marks - SPACES | {" "}
    return _in_one_style(draft, numbers, marks - {"+", "-"}, shown)


def _in_one_style(
    draft: Column,
    numbers: StrippedNumbers,
    marks: set[str],
    shown: Sequence[Evidence],
) -> Column | None:
    styles = matching_styles(numbers.values, marks)
    if not styles:
        return None
    total = len(numbers.values)
    style, mark = styles[0], ""
    if len(styles) > 1:
        mark, *others = sorted(marks)
        own = [] if others else evidence_of_column(numbers.column, numbers.values, mark)
        evidence = [*own, *shown]
        decimal = weigh(evidence)
        if others or decimal is None:
            why = why_in_doubt(draft.header, total, mark, evidence)
            return replace(_text(draft, why), mark=mark)
        style = next(style for style in styles if style.decimal == decimal)
    if _are_groups_of_codes(draft, numbers, style):
        return _text(draft, f"{total:,} of {total:,} have as many groups, as codes do")
    is_whole = style.decimal not in marks
    column = _in_style(draft, numbers, style, shown, is_whole=is_whole)
    return replace(column, mark=mark)


def _in_style(
    draft: Column,
    numbers: StrippedNumbers,
    style: Style,
    shown: Sequence[Evidence],
    *,
    is_whole: bool,
) -> Column:
    """Read numbers in a style, unless they are codes."""
    plain = _as_python(numbers.values, style)
    is_amount = numbers.notes or style != STYLES[0] or is_money(draft.header)
    # A letter may be part of a code.
    sure = numbers.column.currency or max(map(len, numbers.column.unit), default=0) > 1
    has_unit = bool(sure or numbers.column.percent)
    if why := reason_for_text(
        draft.header, plain, is_amount=bool(is_amount), has_unit=has_unit
    ):
        return _text(draft, why)
    column = replace(
        numbers.column,
        decimal="." if is_whole else style.decimal,
        thousands=style.thousands,
    )
    notes = (*_name_marks(column), *numbers.notes)
    if not is_whole:
        return _decimal(column, plain, notes)
    is_counted = not column.unit or column.unit[0] in PIECES.split()
    if is_counted and not (column.currency or column.percent):
        return _integer(column, plain, notes)
    # Prices, weights and percentages that are whole in the sample may have decimals later.
    later = style.decimal if style.thousands in {".", ","} else leaning(shown)
    return _decimal(replace(column, decimal=later or "."), plain, notes)


def measured(column: Column, values: pl.Series) -> Column:
    """Measure numbers whose kind and notation are known."""
    numbers = strip_notation(replace(column, header=""), values)
    plain = _as_python(
        numbers.values if numbers else values, Style(column.decimal, column.thousands)
    )
    if column.kind is Kind.INTEGER:
        found = _integer(column, plain, ())
    else:
        found = _scaled(column, plain)
    return replace(found, kind=column.kind, evidence=column.evidence)


def _scaled(draft: Column, plain: pl.Series) -> Column:
    """Count the digits before and after the point."""
    digits = longest(plain.str.extract(r"^[+-]?0*([0-9]*)"))
    return replace(draft, digits=digits, scale=as_int(_scales(plain).max()))


def _scales(plain: pl.Series) -> pl.Series:
    """Return how many digits each number has behind the point."""
    return plain.str.extract(r"\.([0-9]+)$").str.len_chars().fill_null(0)


def _are_groups_of_codes(draft: Column, numbers: StrippedNumbers, style: Style) -> bool:
    """Return whether groups of digits may be parts of a code, as in 192.168.100.200.

    Evidence: points or spaces divide all values into as many groups, three or more, and
    the values have one width, as phone numbers have, or are addresses. As text, numbers of
    one magnitude that look so as well lose nothing.
    """
    if style.thousands not in {".", " "} or numbers.notes or is_money(draft.header):
        return False
    values = numbers.values
    marks = values.str.count_matches(style.thousands, literal=True)
    is_even = marks.n_unique() == 1 and as_int(marks[0]) >= LEAST_GROUPS_OF_CODES - 1
    if not is_even or values.str.contains(rf"[+-]|{re.escape(style.decimal)}").any():
        return False
    is_address = values.str.contains(rf"^({IP_OCTET}\.){{3}}{IP_OCTET}$").all()
    return bool(is_address or values.str.len_chars().n_unique() == 1)


def _as_python(values: pl.Series, style: Style) -> pl.Series:
    """Write numbers in the notation of Python."""
    if style.thousands:
        values = values.str.replace_all(style.thousands, "", literal=True)
    if style.decimal != ".":
        values = values.str.replace(style.decimal, ".", literal=True)
    return values


def _integer(draft: Column, plain: pl.Series, notes: tuple[str, ...]) -> Column:
    """Read integers. Evidence: all are digits, and 64 bits hold each."""
    total = len(plain)
    numbers = plain.cast(pl.Int64, strict=False)
    if long := numbers.null_count():
        return _text(draft, f"{long:,} of {total:,} have more digits than 64 bits hold")
    return replace(
        draft,
        kind=Kind.INTEGER,
        unique=total > 1 and numbers.n_unique() == total,
        minimum=as_int(numbers.min()),
        maximum=as_int(numbers.max()),
        evidence=f"{total:,} of {total:,} are whole numbers{_with_notes(notes)}",
    )


def _decimal(draft: Column, plain: pl.Series, notes: tuple[str, ...]) -> Column:
    """Read decimals, or floats if the numbers look printed by a program.

    Evidence for floats: numbers of decimals differ, some have more than six, no number
    has more than the 17 digits of a double, and the header is not that of money.
    """
    total = len(plain)
    column = _scaled(draft, plain)
    scale, least = column.scale, as_int(_scales(plain).min())
    printed = least < scale and scale > MAX_SCALE_OF_PEOPLE and not notes
    fits_float = printed and _significant(plain) <= DOUBLE_DIGITS
    if fits_float and not is_money(draft.header):
        why = f"{total:,} of {total:,} are numbers of scale {least} to {scale}"
        return replace(draft, kind=Kind.FLOAT, evidence=why)
    if (digits := column.digits + scale) > DECIMAL_DIGITS:
        return _text(draft, f"{total:,} of {total:,} are numbers, {digits} digits")
    why = f"{total:,} of {total:,} are decimals, scale up to {scale}"
    why += _with_notes(notes)
    return replace(column, kind=Kind.DECIMAL, evidence=why)


def _float(draft: Column, values: pl.Series) -> Column | None:
    """Read floats: plain numbers of which some have an exponent.

    Evidence that the exponent is not part of an id: more than half of the numbers have
    a point, or each exponent has a sign or a point before it.
    """
    is_loose = 2 * count(values, "[.]") > len(values)
    pattern = FLOAT_OR_ID if is_loose else FLOAT
    if not values.str.contains(pattern).all() or count(values, r"^[+-]?0[0-9]"):
        return None
    if not _are_doubles(values):
        return None
    total = len(values)
    if names_code(draft.header):
        return _text(
            draft, f"{total:,} of {total:,} are numbers, but the name says code"
        )
    why = f"{count(values, EXPONENT):,} of {total:,} numbers have an exponent"
    return replace(draft, kind=Kind.FLOAT, evidence=why)


def _are_doubles(values: pl.Series) -> bool:
    """Return whether a double holds all numbers: none is too great or too small."""
    read = cast(pl.col(values.name), pl.String(), pl.Float64())
    return bool(values.to_frame().select(read.is_not_null().all()).item())


def _significant(plain: pl.Series) -> int:
    """Return the digits of the longest number, without leading zeros."""
    return longest(plain.str.replace(".", "", literal=True).str.extract("([1-9].*)"))


def _name_marks(style: Column) -> tuple[str, ...]:
    """Name the marks of numbers for the evidence, except those of Python's notation."""
    marks = ["grouped thousands"] if style.thousands else []
    marks += ["decimal commas"] if style.decimal == "," else []
    return tuple(marks)


def _with_notes(notes: tuple[str, ...]) -> str:
    return f", with {' and '.join(notes)}" if notes else ""


def _text(draft: Column, evidence: str) -> Column:
    return replace(
        draft,
        decimal=".",
        thousands="",
        currency=(),
        unit=(),
        percent=False,
        negative="-",
        evidence=evidence,
    )


def longest(texts: pl.Series) -> int:
    """Return the number of characters of the longest text, 0 if there are no texts."""
    return as_int(texts.str.len_chars().max())
