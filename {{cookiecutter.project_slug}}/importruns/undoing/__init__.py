"""What a run did to rows is taken back, where nobody has changed them since."""

from importruns.undoing.prune import keep_last, noted_rows, prune
from importruns.undoing.told import (
    Difference,
    Kept,
    Reason,
    UndoError,
    Undone,
    UndoneTable,
)
from importruns.undoing.undo import take_back, undo
from importruns.undoing.words import describe

__all__ = [
    "Difference",
    "Kept",
    "Reason",
    "UndoError",
    "Undone",
    "UndoneTable",
    "describe",
    "keep_last",
    "noted_rows",
    "prune",
    "take_back",
    "undo",
]
