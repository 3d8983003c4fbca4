"""What a run did to rows is taken back, where nobody has changed them since."""

from importruns.undoing.prune import prune
from importruns.undoing.told import (
    Difference,
    Kept,
    Reason,
    UndoError,
    Undone,
    UndoneTable,
)
from importruns.undoing.undo import take_back, undo

__all__ = [
    "Difference",
    "Kept",
    "Reason",
    "UndoError",
    "Undone",
    "UndoneTable",
    "prune",
    "take_back",
    "undo",
]
