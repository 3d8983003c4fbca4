"""Step 2, clean: names of months and days of the week give way to numbers."""

import re
from dataclasses import dataclass

import polars as pl

from importkit.errors import ConfigurationError

MONTHS, DAYS = 12, 7
OR = "|"
DIRECTIVE = re.compile(r"(%\.f|%[A-Za-z])")
# Behind the number of a day: 1er, 2nd, 5th, 1º. A full stop belongs to the format.
ORDINAL = "(?:st|nd|rd|th|er|re|e|º|ª|°)?"
PARTS = {
    **{"%Y": "[0-9]{4}", "%y": "[0-9]{2}", "%m": "[0-9]{1,2}", "%d": "[0-9]{1,2}"},
    **{"%H": "[0-9]{1,2}", "%I": "[0-9]{1,2}", "%M": "[0-9]{2}", "%S": "[0-9]{2}"},
    **{"%p": "[ap]m", "%.f": r"(?:\.[0-9]+)?"},
}
SPACES = "[ \N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}]"


@dataclass(frozen=True)
class Names:
    """The names that stand in dates; none where they are English or there are none.

    Attributes:
        months: The names of January to December; ``|`` stands between other spellings
            of the same month: ``mars|mar.``.
        weekdays: The names of Monday to Sunday, in the same way.
    """

    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an incomplete list of names."""
        for noun, names, count in (
            ("months", self.months, MONTHS),
            ("weekdays", self.weekdays, DAYS),
        ):
            known = [name for ways in names for name in spellings(ways)]
            if len(names) not in {0, count} or len(known) > len({*known}):
                raise ConfigurationError(
                    f"{noun}={names!r}: give {count} different names, or leave it out."
                )

    def __bool__(self) -> bool:
        """Return whether there are names."""
        return bool(self.months or self.weekdays)


def folded(name: str) -> str:
    """Return a name as names are compared, like ``_folded`` does with text."""
    return name.lower().replace("\N{COMBINING DOT ABOVE}", "")


def spellings(ways: str) -> list[str]:
    """Return the spellings of a name, folded."""
    return [*map(folded, ways.split(OR))]


def plain_format(format: str, names: Names) -> str:
    """Return the format of the text that ``plain_text`` makes."""
    if names.weekdays:
        format = re.sub("%[aA]", "", format)
    return re.sub("%[bB]", "%m", format) if names.months else format


def plain_text(text: pl.Expr, format: str, names: Names) -> tuple[pl.Expr, pl.Expr]:
    """Return text with numbers for names, and the number of the day from Monday on.

    Both are null where the text is not in the format.
    """
    pieces = [piece for piece in DIRECTIVE.split(format) if piece]
    groups = _folded(text).str.extract_groups(_pattern(pieces, names))
    weekday = pl.lit(None, dtype=pl.Int8)
    parts = []
    for place, piece in enumerate(pieces, start=1):
        part = groups.struct.field(str(place))
        if piece in {"%a", "%A"} and names.weekdays:
            weekday = _numbered(part, names.weekdays)
            continue
        if piece in {"%b", "%B"} and names.months:
            part = _numbered(part, names.months).cast(pl.String).str.zfill(2)
        # A literal is written as the format has it: spaces and letters may differ.
        is_literal = not DIRECTIVE.fullmatch(piece)
        parts.append(
            pl.when(part.is_not_null()).then(pl.lit(piece)) if is_literal else part
        )
    return pl.concat_str(parts), weekday


def drawn(moment: pl.Expr, format: str, names: Names) -> pl.Expr:
    """Write a moment in a format with names."""
    parts = []
    for piece in filter(None, DIRECTIVE.split(format)):
        if piece in {"%a", "%A"} and names.weekdays:
            part = _named(moment.dt.weekday(), names.weekdays)
        elif piece in {"%b", "%B"} and names.months:
            part = _named(moment.dt.month(), names.months)
        else:
            part = moment.dt.strftime(piece)
        parts.append(part)
    return pl.concat_str(parts) if names else moment.dt.strftime(format)


def _folded(text: pl.Expr) -> pl.Expr:
    return text.str.to_lowercase().str.replace_all(
        "\N{COMBINING DOT ABOVE}", "", literal=True
    )


def _pattern(pieces: list[str], names: Names) -> str:
    """Return the pattern of a format: a group for each piece."""
    parts = []
    for piece in pieces:
        known = PARTS.get(piece)
        if piece in {"%a", "%A"}:
            known = _one_of(names.weekdays)
        elif piece in {"%b", "%B"}:
            known = _one_of(names.months)
        if known is None:
            known = re.sub(r"(?:\\ )+", f"{SPACES}+", re.escape(folded(piece)))
        parts.append(f"({known})" + (ORDINAL if piece == "%d" else ""))
    return f"^{''.join(parts)}$"


def _one_of(names: tuple[str, ...]) -> str:
    """Return the pattern of one of some names, the longest first; of letters without any."""
    known = [name for ways in names for name in spellings(ways)]
    longest = sorted(known, key=len, reverse=True)
    return "|".join(map(re.escape, longest)) or "[a-z]+"


def _numbered(name: pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    numbers = {
        name: number
        for number, ways in enumerate(names, start=1)
        for name in spellings(ways)
    }
    return name.replace_strict(numbers, default=None, return_dtype=pl.Int8)


def _named(number: pl.Expr, names: tuple[str, ...]) -> pl.Expr:
    return number.replace_strict(
        dict(enumerate(names, start=1)), return_dtype=pl.String
    )
