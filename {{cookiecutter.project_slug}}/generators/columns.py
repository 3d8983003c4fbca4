"""What startimport knows of a column: its kind, its measures and the evidence."""

from dataclasses import dataclass
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
        format: The strptime format of dates and times, None for ISO 8601.
        zone: Whether each datetime carries its offset.
        true: The words for true, where they are not those that every import reads.
        false: The words for false, as above.
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
    format: str | None = None
    zone: bool = False
    true: tuple[str, ...] = ()
    false: tuple[str, ...] = ()
    null_tokens: tuple[str, ...] = ()
    evidence: str = ""

    @property
    def nullable(self) -> bool:
        """Whether some row holds nothing."""
        return self.nulls > 0


# The default notation: of values that no sample shows.
PLAIN = Column("", Kind.TEXT, rows=0, nulls=0, unique=False, width=0)
