"""Step 4, load: what a database says when it refuses, and whether rows are to blame.

The drivers of MariaDB and MySQL put a number before the sentence; theirs are the numbers here.
Source: https://mariadb.com/kb/en/mariadb-error-code-reference/
"""

from django.db import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    OperationalError,
)

# The first characters of the SQLSTATE of an error that a function in PostgreSQL raises.
RAISED = "P0"
REPEATED = 1062  # A unique value that another row has.
LOCKED = 1205  # A lock that another transaction keeps for too long.
LOCKED_STATE = "55P03"
ABSENT = {1054, 1146}  # A column, and a table.
ABSENT_STATES = {"42703", "42P01"}  # The same.
ABSENT_WORDS = ("no such table", "no such column", "has no column named")  # Of SQLite.
TRANSIENT = {1020, 1213}  # A row that changed since it was read, and a deadlock.
TRANSIENT_STATES = {"40P01", "40001"}  # A deadlock, and a conflict of serialization.
# The first characters of the SQLSTATE of errors for which no statement is to blame: of the
# connection, of another transaction, of the machine, of whoever ends it, of the server itself.
BEYOND_STATEMENTS = ("08", "40", "53", "57", "58", "F0", "XX")
# Errors for which a value of a row is to blame, though the drivers call them operational.
OF_ROWS = {
    1264,  # A number out of range.
    1265,  # A value that an enum or a type does not know.
    1292,  # An incorrect value, for example a date.
    1364,  # A column without a default that has no value.
    1366,  # A text that a number or a character set cannot hold.
    1406,  # A text that is too long.
    1644,  # SIGNAL, with which triggers refuse.
    1690,  # A computed number out of range.
    3140,  # Not JSON.
    3819,  # A check constraint of MySQL.
    4025,  # A check constraint of MariaDB.
}


def blames_rows(error: DatabaseError) -> bool:
    """Return whether rows are to blame, not the connection or the statement."""
    if isinstance(error, IntegrityError | DataError) or _number(error) in OF_ROWS:
        return True
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return bool(state.startswith(RAISED))


def sentence(error: Exception) -> str:
    """Return what the database says, without the number of the error."""
    return str(error.args[1] if _number(error) else error).strip()


def is_transient(error: Exception) -> bool:
    """Return whether the same may succeed if it is done again at once.

    The database ended one of two transactions that got into each other's way.
    """
    state = getattr(error.__cause__, "sqlstate", None)
    return state in TRANSIENT_STATES or _number(error) in TRANSIENT


def is_locked(error: Exception) -> bool:
    """Return whether another program kept a lock for longer than was waited."""
    state = getattr(error.__cause__, "sqlstate", None)
    is_sqlite = isinstance(error, OperationalError) and "is locked" in str(error)
    return state == LOCKED_STATE or _number(error) == LOCKED or is_sqlite


def is_refusal(error: Exception) -> bool:
    """Return whether PostgreSQL refuses what a statement asks, and could do otherwise."""
    state = getattr(error.__cause__, "sqlstate", None) or ""
    return bool(state) and not state.startswith(BEYOND_STATEMENTS)


def lacks_table(error: Exception) -> bool:
    """Return whether a table or a column of a model is not in the database."""
    state = getattr(error.__cause__, "sqlstate", None)
    is_sqlite = any(words in str(error) for words in ABSENT_WORDS)
    return state in ABSENT_STATES or _number(error) in ABSENT or is_sqlite


def repeats_unique(error: Exception) -> bool:
    """Return whether a row has a unique value that another row has."""
    # SQLite and PostgreSQL both use this word for a broken unique constraint.
    return _number(error) == REPEATED or "unique" in str(error).lower()


def _number(error: Exception) -> int | None:
    if not isinstance(error, Error) or len(error.args) != 2:
        return None
    number = error.args[0]
    return number if isinstance(number, int) else None
