"""Invented values and rows, for generated tests: they look like a sample's, none is real."""

from dataclasses import dataclass, replace
from typing import Self

from generators.code.expressions import Expression
from generators.naming import literal


@dataclass(frozen=True)
class Invented:
    """A value of an invented row.

    Attributes:
        text: The value in the file.
        cleaned: The value in the clean frame, as source.
        stored: The value that Django reads from the database, as source.
        other: A value for another row; None where no other is known.
    """

    text: str
    cleaned: Expression
    stored: Expression
    other: Self | None = None

    @classmethod
    def same(cls, text: str, value: Expression) -> Self:
        """Return a value that is stored as it is cleaned."""
        return cls(text, value, value)

    def beside(self, other: Self | None) -> Self:
        """Return the value with another one, unless the file writes both alike."""
        return replace(self, other=other if other and other.text != self.text else None)


EMPTY = Invented("", literal(None), literal(None))
