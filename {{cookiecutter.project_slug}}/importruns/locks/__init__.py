"""One import at a time: locks that end with the process that holds them."""

from importruns.locks.holding import LockedError, holder, is_free, locked
from importruns.locks.of_runs import (
    RunLocks,
    databases_of_time_limit,
    is_alive,
    tables_of,
)

__all__ = [
    "LockedError",
    "RunLocks",
    "databases_of_time_limit",
    "holder",
    "is_alive",
    "is_free",
    "locked",
    "tables_of",
]
