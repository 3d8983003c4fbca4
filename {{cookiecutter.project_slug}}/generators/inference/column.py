"""What startimport knows of a column: its kind, its measures and the evidence."""

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
# Of parts of a column the first of these is the kind of the whole.
WIDER = (Kind.TEXT, Kind.FLOAT, Kind.DECIMAL, Kind.INTEGER)
# So many values are rarely alike by chance.
MANY_VALUES = 100
# The kinds that a clean frame holds as text.
TEXTS = FORMS | {Kind.TEXT}
# The kinds of which an empty value is an empty text.
EMPTY_AS_TEXT = frozenset({Kind.TEXT, Kind.EMAIL, Kind.URL})


@dataclass(frozen=True)
class Column:
    """One column of a sample.

    Attributes:
        header: The header as it stands in the file.
        kind: The kind that all values have.
        rows: How many rows the sample has.
        nulls: How many of them hold nothing, or a word for it.
        unique: Whether no value repeats, among at least two.
        width: The characters of the longest text, stripped.
        minimum: The least integer.
        maximum: The greatest integer.
        digits: The most digits that a decimal has before its point.
        scale: The most digits that a decimal has after its point.
        decimal: The character before the decimals.
        thousands: The character between groups of three digits; a space stands for
            every kind of space.
        currency: The signs or codes of one currency that stand beside numbers.
        percent: Whether each number has a percent sign.
        negative: How a negative number may be written besides -1, as
            ``parsing.number`` names it.
        format: The strptime format of dates and times, None for ISO 8601.
        formats: The formats that all values fit, where nothing decides between them.
        mark: The character before three digits, where nothing decides whether they are
            decimals or thousands.
        order: The order of day and month that the values prove: DMY or MDY.
        epoch: The unit of moments that are counted since 1970: s, ms or us.
        zone: Whether each datetime carries its offset.
        true: The words for true, where they are not those that every import reads.
        false: The words for false, as above.
        wrapped: Whether text is kept from a spreadsheet by ="..." or an apostrophe.
        null_tokens: The words that stand for nothing, as they are spelled.
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
    percent: bool = False
    negative: str = "-"
    format: str | None = None
    formats: tuple[str, ...] = ()
    mark: str = ""
    order: str | None = None
    epoch: str | None = None
    zone: bool = False
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    wrapped: bool = False
    null_tokens: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def nullable(self) -> bool:
        """Whether some row holds nothing."""
        return self.nulls > 0

    @property
    def reading(self) -> tuple[object, ...]:
        """How its values are read, save words for nothing and the scale of decimals."""
        return (
            *(self.kind, self.decimal, self.thousands, self.currency, self.percent),
            *(self.negative, self.format, self.epoch, self.zone, self.true, self.false),
            self.wrapped,
        )


def includes(new: Column, old: Column) -> bool:
    """Say whether what was read as one column reads as another, with nothing changed."""
    if old.nulls == old.rows:
        return True
    # As text, a word for nothing is a value, and what was unwrapped is longer.
    if not {*old.null_tokens} <= {*new.null_tokens}:
        return False
    if new.kind is Kind.TEXT and not new.wrapped:
        return not old.wrapped
    if new.format and new.format in old.formats:
        return not new.null_tokens
    if old.kind is Kind.INTEGER and new.kind is Kind.DECIMAL:
        old = replace(old, kind=new.kind, decimal=new.decimal)
    return new.reading == old.reading and new.scale >= old.scale


def merged(one: Column, other: Column) -> Column:
    """Return what two parts of a column that has a type are together."""
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


# The default notation: of values that no sample shows.
PLAIN = Column("", Kind.TEXT, rows=0, nulls=0, unique=False, width=0)
