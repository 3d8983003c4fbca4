"""Source becomes files: all or nothing, and no file of a person is replaced unasked."""

from generators.writing.files import Change, Status, diff, shown, write
from generators.writing.outcome import Outcome, find_outcome

__all__ = ["Change", "Outcome", "Status", "diff", "find_outcome", "shown", "write"]
