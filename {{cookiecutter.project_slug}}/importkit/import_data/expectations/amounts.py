"""Expectations: the numbers and shares that limits are written as."""

import re
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from importkit.errors import ConfigurationError

SHARE = re.compile(r"(\d+(?:\.\d+)?)%")

# A number, or a share such as "5%".
type Amount = int | float | Decimal | str


@dataclass(frozen=True)
class Limit:
    """A limit as it was written.

    Attributes:
        number: The number; of a share, the percents.
        is_share: Whether it is a share.
    """

    number: Decimal
    is_share: bool

    def of(self, whole: Decimal) -> Decimal:
        """Return the limit as a number, as exact as the decimal context is.

        Args:
            whole: What a share is a share of.
        """
        if not self.is_share:
            return self.number
        return whole * self.number / 100

    def __str__(self) -> str:
        """Return a share as it was written, and a number with commas."""
        return f"{self.number}%" if self.is_share else f"{self.number:,}"


def read_limit(amount: object, what: str, *, is_count: bool) -> Limit:
    """Return a limit.

    Args:
        amount: The limit as it is written in the code.
        what: What the limit is for, for the message: ``Rows: at_least``.
        is_count: Whether it is one of whole numbers from 0 on.

    Raises:
        ConfigurationError: It is neither a number nor a share.
    """
    if isinstance(amount, str):
        if found := SHARE.fullmatch(amount):
            return Limit(Decimal(found[1]), is_share=True)
    elif isinstance(amount, int | float | Decimal) and not isinstance(amount, bool):
        number = exact(amount)
        if number.is_finite() and not (
            is_count and (number < 0 or number != whole_down(number))
        ):
            return Limit(number, is_share=False)
    numbers = "a whole number from 0 on" if is_count else "a number"
    raise ConfigurationError(
        f'{what}={amount!r} is neither {numbers} nor a share such as "5%".'
    )


def exact(number: int | float | Decimal) -> Decimal:
    """Return a number as a decimal; of a float the one that its digits say."""
    return Decimal(repr(number) if isinstance(number, float) else number)


def whole_up(number: Decimal) -> Decimal:
    """Return the lowest whole number that is not below a number."""
    return number.to_integral_value(ROUND_CEILING)


def whole_down(number: Decimal) -> Decimal:
    """Return the highest whole number that is not above a number."""
    return number.to_integral_value(ROUND_FLOOR)


def nearest_whole(number: Decimal) -> Decimal:
    """Return the whole number that is nearest to a number; of two the one farther from 0."""
    return number.to_integral_value(ROUND_HALF_UP)
