"""Write source to files: all or nothing, and never over a person's file without --force."""

from generators.writing.files import Change, Status, diff, shown, write
from generators.writing.outcome import Outcome, find_outcome

__all__ = ["Change", "Outcome", "Status", "diff", "find_outcome", "shown", "write"]
