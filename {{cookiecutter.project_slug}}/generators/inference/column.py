"""A column of a sample: its kind, its measures, its notation and the evidence."""

from dataclasses import dataclass, replace
from enum import StrEnum


class Kind(StrEnum):
    """The kinds of values that a column may hold."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    FLOAT = "float"
    BOOLEAN = "boolean"
    DATE = "date"
    DATETIME = "datetime"
    TIME = "time"
    DURATION = "duration"
    UUID = "uuid"
    EMAIL = "email"
    URL = "url"
    IP = "ip"
    JSON = "json"


NUMBERS = frozenset({Kind.INTEGER, Kind.DECIMAL, Kind.FLOAT})
FORMS = frozenset({Kind.UUID, Kind.EMAIL, Kind.URL, Kind.IP, Kind.JSON})
# If two parts of a column differ in kind, the column has the first of these kinds.
WIDER = (Kind.TEXT, Kind.FLOAT, Kind.DECIMAL, Kind.INTEGER)
# Values. With fewer, a pattern that all of them share may be chance.
MANY_VALUES = 100
# Values. With fewer, one more may turn what the others seem to show.
FEW_VALUES = 30
# The kinds whose values are text in a cleaned frame.
TEXTS = FORMS | {Kind.TEXT}
# The kinds whose empty cells become an empty text, not null.
EMPTY_AS_TEXT = frozenset({Kind.TEXT, Kind.EMAIL, Kind.URL})


@dataclass(frozen=True)
class Column:
    """One column of a sample.

    The attributes come in four groups: the header and the kind; measures of the values
    (``rows`` to ``scale``); the notation (``decimal`` to ``null_tokens``); the evidence.

    Attributes:
        header: The header as in the file.
        kind: The kind that all values have.
        rows: The number of rows in the sample.
        nulls: The number of rows whose cell is empty, a null word, or an error.
        unique: Whether no value repeats; False for fewer than two values.
        width: The number of characters of the longest stripped text.
        minimum: The least integer.
        maximum: The greatest integer.
        digits: The most digits that a decimal has before its point.
        scale: The most digits that a decimal has after its point.
        decimal: The character before the decimals.
        thousands: The character between groups of three digits; a space stands for
            every kind of space.
        currency: The signs or codes of one currency that stand beside numbers.
        unit: The spellings of the one unit that stands behind each number.
        percent: Whether each number has a percent sign.
        negative: How a negative number may be written besides -1, as
            ``importkit.cleaning.number`` names it.
        padded: Whether whole numbers have zeros in front, which an import reads only with
            a parser: the user stated that they are no codes.
        format: The strptime format of dates and times, None for ISO 8601.
        formats: The formats that fit all values, if more than one does.
        mark: The character before three digits, if these may be decimals or thousands,
            also where evidence decides between the two.
        order: The order of day and month that the values prove: DMY or MDY.
        epoch: The unit in which datetimes are counted since 1970: s, ms or us.
        zone: Whether each datetime carries its offset.
        true: The words for true, unless an import reads them without a parser.
        false: The words for false, as above.
        months: The names of months in dates, if they are not the short or long English.
        weekdays: The names of days of the week in dates.
        languages: The language of these names, and others that have them, too.
        wrapped: Whether each text is written as ="..." or after an apostrophe, so that a
            spreadsheet keeps it as text.
        null_tokens: The null words, as spelled in the file.
        shortened: Whether a spreadsheet cut digits off numbers, so that numbers that
            differ may be one text.
        choices: How many distinct texts there are, where they are so few that they may be
            choices; 0 otherwise.
        examples: Two texts with letters and digits at the places where those of codes have
            them; they are invented. Empty where the texts are no codes of one form.
        stated: Whether the user, or a type in the file, says what the values are.
        errors: The errors of a spreadsheet, which an import refuses, as in the file.
        evidence: Why the column has this kind: counts and rules, never values.
    """

    header: str
    kind: Kind
    rows: int
    nulls: int
    unique: bool
    width: int
    minimum: int | None = None
    maximum: int | None = None
    digits: int = 0
    scale: int = 0
    decimal: str = "."
    thousands: str = ""
    currency: tuple[str, ...] = ()
    unit: tuple[str, ...] = ()
    percent: bool = False
    negative: str = "-"
    padded: bool = False
    format: str | None = None
    formats: tuple[str, ...] = ()
    mark: str = ""
    order: str | None = None
    epoch: str | None = None
    zone: bool = False
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    months: tuple[str, ...] = ()
    weekdays: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    wrapped: bool = False
    null_tokens: tuple[str, ...] = ()
    shortened: bool = False
    choices: int = 0
    examples: tuple[str, ...] = ()
    stated: bool = False
    errors: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def nullable(self) -> bool:
        """Whether some cell is empty or holds a null word."""
        return self.nulls > 0

    @property
    def reading(self) -> tuple[object, ...]:
        """The kind and the notation, without null words and the scale of decimals."""
        return (
            *(self.kind, self.decimal, self.thousands, self.currency, self.unit),
            *(self.percent, self.negative, self.format, self.epoch, self.zone),
            *(self.true, self.false, self.months, self.weekdays, self.wrapped),
        )


def includes(new: Column, old: Column) -> bool:
    """Return whether the new column reads all values of the old one in the same way."""
    if old.nulls == old.rows:
        return True
    # In a text column a null word is a value, and a wrapped text keeps its wrapping.
    if not {*old.null_tokens} <= {*new.null_tokens}:
        return False
    if new.kind is Kind.TEXT and not new.wrapped:
        return not old.wrapped
    if new.format and new.format in old.formats:
        return not (new.null_tokens or new.errors)
    if old.kind is Kind.INTEGER and new.kind is Kind.DECIMAL:
        old = replace(old, kind=new.kind, decimal=new.decimal)
    return new.reading == old.reading and new.scale >= old.scale


def merged(one: Column, other: Column) -> Column:
    """Merge what was found in two parts of one column that has a type in its file."""
    if one.nulls == one.rows:
        one, other = other, one
    kinds = [kind for kind in WIDER if kind in {one.kind, other.kind}]
    is_same = one.kind is other.kind or other.nulls == other.rows
    widest = one if is_same or one.kind is kinds[0] else other
    low = [n for n in (one.minimum, other.minimum) if n is not None]
    high = [n for n in (one.maximum, other.maximum) if n is not None]
    return replace(
        widest,
        rows=one.rows + other.rows,
        nulls=one.nulls + other.nulls,
        width=max(one.width, other.width),
        minimum=min(low, default=None),
        maximum=max(high, default=None),
        digits=max(one.digits, other.digits),
        scale=max(one.scale, other.scale),
    )


# A column of plain notation, for fields of which the sample shows no values.
PLAIN = Column("", Kind.TEXT, rows=0, nulls=0, unique=False, width=0)
