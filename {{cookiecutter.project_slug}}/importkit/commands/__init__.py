"""The base of every command: its options, its questions, its time limit, its transactions."""

from importkit.commands.base import (
    INTERRUPTED,
    USAGE,
    ABCBaseCommand,
    on_first_line,
    positive_number,
    spellings,
)
from importkit.commands.time_limit import TIMED_OUT, terminated_like_interrupted
from importkit.commands.transactions import opened

__all__ = [
    "INTERRUPTED",
    "TIMED_OUT",
    "USAGE",
    "ABCBaseCommand",
    "on_first_line",
    "opened",
    "positive_number",
    "spellings",
    "terminated_like_interrupted",
]
