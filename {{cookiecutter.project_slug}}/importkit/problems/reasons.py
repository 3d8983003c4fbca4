"""Reasons that say more than their code: what to do about them, for both kinds of people."""

import re
from collections.abc import Sequence
from enum import Enum

from importkit.problems.codes import Code
from importkit.problems.frame import Cause

LONGEST = 100  # Characters of a remedy; a longer one gives way to that of the code.


class Reason(Enum):
    """A reason of problems, in the words of people who know the file and not the code.

    Attributes:
        text: The reason; ``{}`` stands for a limit.
        for_sender: What the person who made the file can do, with the same limit.
        remedy: What a developer can do; None if that of the code says it.
    """

    text: str
    for_sender: str
    remedy: str | None

    def __init__(self, text: str, for_sender: str, remedy: str | None = None) -> None:
        """Keep what can be done beside the reason."""
        self.text, self.for_sender, self.remedy = text, for_sender, remedy

    LONGER = ("longer than {} characters", "Write at most {} characters.")
    SHORTER = ("shorter than {} characters", "Write at least {} characters.")
    LESS = ("is less than {}", "Write a value of at least {}.")
    MORE = ("is more than {}", "Write a value of at most {}.")
    NO_CHOICE = ("not one of {}", "Write one of {}.")
    PADDED = (
        "begins with a zero, which a whole number would lose",
        "Write the number without zeros before it.",
        "Declare pl.String, or number() in get_col_parser_map, or correct the value.",
    )
    INEXACT = (
        "has more than {} digits, which the database does not keep exactly",
        "Write at most {} digits.",
        "Correct the number, or use PostgreSQL: SQLite keeps decimals as floats.",
    )
    NOT_HASHED = (
        "not the hash of a password, so that its user could not log in",
        "Send no passwords in a file.",
        "Hash the password with make_password in get_bulks_by_model.",
    )
    NOT_ONCE = (
        "not a time that exists once in {}",
        "Write a time that clocks in {} show once.",
    )

    def of(self, limit: object) -> str:
        """Return the reason with its limit."""
        return self.text.format(limit)

    def limit_in(self, reason: str) -> Sequence[str] | None:
        """Return the limit in a reason, none or one; None if it is another reason."""
        pattern = re.escape(self.text).replace(r"\{\}", "(.+)")
        found = re.fullmatch(pattern, reason, re.DOTALL)
        return found.groups() if found else None


NOT = "not "


def remedy_of(code: str, reason: str = "") -> str | None:
    """Return what a developer can do; None for a code of a project's own.

    Args:
        code: The code of a problem.
        reason: Its reason, if that is known.
    """
    for known in Reason:
        if known.remedy and known.limit_in(reason) is not None:
            return known.remedy
    found = _known(code)
    return found.remedy if found else None


def remedy_for_sender(cause: Cause) -> str | None:
    """Return what the person who made the file can do; None for a project's own code.

    Args:
        cause: Problems with one code and reason.
    """
    for known in Reason:
        limit = known.limit_in(cause.reason)
        if (
            limit is not None
            and len(text := known.for_sender.format(*limit)) <= LONGEST
        ):
            return text
    found = _known(cause.code)
    if found is Code.UNREADABLE and cause.reason.startswith(NOT):
        text = f"Write {cause.reason.removeprefix(NOT)}."
        return text if len(text) <= LONGEST else found.for_sender
    return found.for_sender if found else None


def _known(code: str) -> Code | None:
    found = Code.__members__.get(code.upper())
    return found if found and found == code else None
