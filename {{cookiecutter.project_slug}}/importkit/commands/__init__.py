"""The base of every command: its options, its questions and its time limit."""

from importkit.commands.base import INTERRUPTED, USAGE, ABCBaseCommand, spellings
from importkit.commands.time_limit import TIMED_OUT

__all__ = ["INTERRUPTED", "TIMED_OUT", "USAGE", "ABCBaseCommand", "spellings"]
