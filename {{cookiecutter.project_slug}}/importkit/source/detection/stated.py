"""Step 1, import: what a user states about how a sample is written."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stated:
    """What a user states about how a sample is written; the rest is detected.

    Attributes:
        separator: One character between the fields of a row; detected if None.
        quote: The character around fields, empty where quotes mean nothing; detected if
            None.
        escape: The character that makes the next one plain text, empty where there is
            none; detected if None.
        header: Whether the first record names the columns; detected if None.
        header_rows: How many records name the columns; detected if None.
        skip: How many physical lines stand above the table; detected if None.
    """

    separator: str | None = None
    quote: str | None = None
    escape: str | None = None
    header: bool | None = None
    header_rows: int | None = None
    skip: int | None = None


NOTHING = Stated()
