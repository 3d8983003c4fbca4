"""Points and commas in numbers: which of them stands before decimals.

Most numbers read in one style only: 0.31, 1,5, 1.234.567. A mark before three digits, as in
1.250, may also part thousands. Then evidence is weighed. Each piece of it speaks for a mark
before decimals:

- ``has_groups``: the values themselves look grouped, which is a proof;
- ``marks_shown_by``: other columns read in one style only, which is a proof; floats and
  days like 31.12.2026 only speak for a mark;
- ``is_no_money``: amounts of money rarely have three decimals, which is no proof.

The separator of a file is no evidence: programs write semicolons beside both marks. A style
is chosen by ``weigh`` if all evidence agrees and some of it is a proof.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

import polars as pl

from generators.inference.column import Column, Kind
from generators.naming import snake

type Mark = Literal[".", ","]


class Style(NamedTuple):
    """The marks of a number: before decimals and between thousands."""

    decimal: str
    thousands: str


STYLES = (
    Style(".", ""),
    Style(",", ""),
    *(Style(point, group) for group in ",. '’" for point in ".," if point != group),
)
# In India, digits are grouped like 12,34,567.89.
INDIAN = Style(".", ",")

# Words of headers of money, in languages whose numbers are written like 1.234,50.
COMMA_MONEY_WORDS = (
    "bedrag betrag importe importo kosten montant precio preis prezzo prix saldo umsatz"
)
MONEY_WORDS = (
    "amount balance charge cost costs discount fee fees income price revenue salary "
    f"subtotal tax total {COMMA_MONEY_WORDS}"
)


class Evidence(NamedTuple):
    """What speaks for a mark before decimals.

    Attributes:
        decimal: The mark.
        is_proof: Whether it is enough where nothing speaks for the other mark.
        source: What shows it, for people, as a clause: "column 2 shows".
    """

    decimal: Mark
    is_proof: bool
    source: str


def matching_styles(values: pl.Series, marks: set[str]) -> list[Style]:
    """Return the styles that fit every value and use every mark in them.

    More than one fits only where marks stand before three digits each: 1,234.
    """
    return [
        style
        for style in STYLES
        if marks <= set(style)
        and style.thousands in {"", *marks}
        and (style.decimal in {".", *marks} or style.thousands == ".")
        and values.str.contains(_pattern(style)).all()
    ]


def evidence_of_column(
    column: Column, values: pl.Series, mark: str
) -> Iterator[Evidence]:
    """Yield what a column of numbers shows of a mark before three digits.

    Args:
        column: The column, with the currency beside its numbers.
        values: The numbers, without signs beside them.
        mark: The mark in them: a point or a comma.
    """
    if has_groups(values, mark):
        yield Evidence(_other(mark), is_proof=True, source="its zeros show")
    # Decimal commas are written on purpose, points by any program: a comma in an amount
    # of money is not doubted.
    if mark == "." and is_no_money(column):
        yield Evidence(_other(mark), is_proof=False, source="amounts of money suggest")


def has_groups(values: pl.Series, mark: str) -> bool:
    """Return whether the mark in 1,230 parts thousands, as far as the values tell.

    Evidence: some number ends in a zero, which decimals of varying length do not; and
    each number without a mark is below a thousand, so none is filled up with zeros.
    """
    marked = values.str.contains(mark, literal=True)
    rest = values.filter(~marked)
    return bool(
        len(rest)
        and values.filter(marked).str.ends_with("0").any()
        and rest.str.contains("^[+-]?[0-9]{1,3}$").all()
    )


def is_no_money(column: Column) -> bool:
    """Return whether 12.340 is no amount with decimals: it is money, beside a currency.

    Evidence: each value has a currency, or the name is one for money in a language in
    which decimals are written behind a comma. A price of 1.559 occurs, for fuel.
    """
    return bool(column.currency) or _has_word(column.header, COMMA_MONEY_WORDS)


def is_money(header: str) -> bool:
    """Return whether a header is that of an amount of money."""
    return _has_word(header, MONEY_WORDS)


def marks_shown_by(columns: Sequence[Column]) -> tuple[Evidence, ...]:
    """Return what the columns of a file show of its mark before decimals."""
    found = (_shown_by(column, f"column {n}") for n, column in enumerate(columns, 1))
    return tuple(evidence for evidence in found if evidence)


def _shown_by(column: Column, place: str) -> Evidence | None:
    if column.kind in {Kind.INTEGER, Kind.DECIMAL}:
        if column.thousands == "." or (column.decimal == "," and column.scale):
            return Evidence(",", is_proof=True, source=f"{place} shows")
        is_marked = column.kind is Kind.DECIMAL and column.scale
        is_point = is_marked or column.thousands == ","
        point = Evidence(".", is_proof=True, source=f"{place} shows")
        return point if is_point else None
    if column.kind is Kind.FLOAT:
        # Printed by programs, whatever people write beside them.
        return Evidence(".", is_proof=False, source=f"{place} suggests")
    if "%d.%m" in (column.format or ""):
        # Who writes days as 31.12.2026 writes decimal commas.
        return Evidence(",", is_proof=False, source=f"the days in {place} suggest")
    return None


def weigh(evidence: Iterable[Evidence]) -> Mark | None:
    """Return the mark before decimals that evidence proves; None without or in doubt."""
    pieces = [*evidence]
    is_proved = any(piece.is_proof for piece in pieces)
    return leaning(pieces) if is_proved else None


def leaning(evidence: Iterable[Evidence]) -> Mark | None:
    """Return the mark for which all evidence speaks, proof or not."""
    marks = {piece.decimal for piece in evidence}
    return marks.pop() if len(marks) == 1 else None


def why_in_doubt(
    header: str, total: int, mark: str, evidence: Iterable[Evidence]
) -> str:
    """Say in which two ways a column reads, what speaks for each, and what decides."""
    words = {mark: "decimals", _other(mark): "thousands"}
    # The first piece of evidence for each mark is enough.
    first = {piece.decimal: piece.source for piece in reversed([*evidence])}
    shown = ", ".join(f"{w} as {first[m]}" for m, w in words.items() if m in first)
    return (
        f"{total:,} of {total:,} read as decimals or as thousands"
        f"{f' ({shown})' if shown else ''}: --type {option_name(header)}=decimal or "
        "integer decides"
    )


def option_name(header: str) -> str:
    """Return what the option ``--type`` calls a column, which is proposed to the user."""
    name = snake(header)
    return name if name.isidentifier() else "NAME"


def _other(mark: str) -> Mark:
    return "." if mark == "," else ","


def _pattern(style: Style) -> str:
    point, group = map(re.escape, style)
    grouped = rf"[1-9][0-9]{{0,2}}({group}[0-9]{{3}})+" if group else "[0-9]+"
    if style == INDIAN:
        grouped += "|[1-9][0-9]?(,[0-9]{2})+,[0-9]{3}"
    # Some programs write 5. for 5.0, in plain notation.
    some = "*" if style == STYLES[0] else "+"
    return rf"^[+-]?(({grouped}|[0-9]+)({point}[0-9]{some})?|{point}[0-9]+)$"


def _has_word(header: str, words: str) -> bool:
    return not {*snake(header).split("_")}.isdisjoint(words.split())
