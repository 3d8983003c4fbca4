"""Step 4, load: imports into the same table go one after the other, and wait with a limit."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import takewhile
from os import getpid
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connections, router
from django.db.models import Model

from importkit.models import concrete

# By database: what reads how long a statement waits for a lock, and what sets it.
WAITS = {
    "postgresql": ("SHOW lock_timeout", "SET lock_timeout = '{}'"),
    "mysql": (
        "SELECT @@SESSION.innodb_lock_wait_timeout",
        "SET SESSION innodb_lock_wait_timeout = {}",
    ),
    "sqlite": ("PRAGMA busy_timeout", "PRAGMA busy_timeout = {}"),
}

# The sessions that hold the lock of an import into a table, or that write to the table. Of
# those of other users, the catalogue may tell no more than the number and the user.
HOLDERS = """
    SELECT DISTINCT pid, usename, application_name, host(client_addr), xact_start
    FROM pg_locks l JOIN pg_stat_activity USING (pid)
    WHERE granted AND pid <> pg_backend_pid()
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND (locktype = 'advisory' AND classid = hashtext('importkit')::oid
            AND objid = hashtext(%s)::oid
        OR locktype = 'relation' AND relation = to_regclass(%s)
            AND mode NOT IN ('AccessShareLock', 'RowShareLock'))
    ORDER BY xact_start
"""
COLUMNS = ("user", "application", "address")
LOCKS = Path("/proc/locks")  # Of Linux.


@contextmanager
def waiting(models: Iterable[type[Model]], seconds: int | None) -> Iterator[None]:
    """Let statements wait so long for the locks of others, until the block ends.

    Args:
        models: The models that are written.
        seconds: How long; None leaves it to the settings.
    """
    if seconds is None:
        yield
        return
    with ExitStack() as stack:
        for using in dict.fromkeys(map(router.db_for_write, models)):
            stack.enter_context(_waiting(using, seconds))
        yield


@contextmanager
def _waiting(using: str, seconds: int) -> Iterator[None]:
    vendor = connections[using].vendor
    if vendor not in WAITS:
        yield
        return
    ask, change = WAITS[vendor]
    new = {"postgresql": f"{seconds}s", "sqlite": seconds * 1000}.get(vendor, seconds)
    with connections[using].cursor() as cursor:
        cursor.execute(ask)
        [before] = cursor.fetchone()
        cursor.execute(change.format(new))
    try:
        yield
    finally:
        if connections[using].is_usable() and not connections[using].needs_rollback:
            with connections[using].cursor() as cursor:
                cursor.execute(change.format(before))


def one_at_a_time(models: Iterable[type[Model]], tell: Callable[[str], None]) -> None:
    """Wait until no other import writes to the tables of some models.

    PostgreSQL keeps the lock until the end of the transaction. It is known to imports
    only, so that the application goes on. SQLite has one writer anyway.

    Args:
        models: The models that are written.
        tell: Receives a remark, before it waits.
    """
    tables = {
        (router.db_for_write(model), concrete(model)._meta.db_table): model
        for model in models
    }
    # In the same order in each import, so that no two wait for each other.
    for (using, table), model in sorted(tables.items(), key=lambda item: item[0]):
        connection: Any = connections[using]
        if connection.vendor != "postgresql":
            continue
        lock = "advisory_xact_lock(hashtext('importkit'), hashtext(%s))"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_try_{lock}", [table])
            if cursor.fetchone() == (False,):
                who = "; ".join(_sessions(cursor, table))
                about = f": {who}" if who else ""
                label = model._meta.label
                tell(f"Waiting for another import into {label} to end{about}.")
                cursor.execute(f"SELECT pg_{lock}", [table])


def holders_of(models: Iterable[type[Model]]) -> list[str]:
    """Return who keeps others from writing to the tables of models, as far as is known.

    Args:
        models: The models that are written, whose transactions have ended.
    """
    found: list[str] = []
    for using in dict.fromkeys(map(router.db_for_write, models)):
        connection: Any = connections[using]
        if connection.vendor == "sqlite":
            found += _processes(str(connection.settings_dict["NAME"]))
        if connection.vendor == "postgresql":
            tables = dict.fromkeys(concrete(m)._meta.db_table for m in models)
            # Not the connection of the run, which may be in a transaction that failed.
            own = connection.copy()
            try:
                with own.cursor() as cursor:
                    for table in tables:
                        quoted = own.ops.quote_name(table)
                        found += _sessions(cursor, table, quoted)
            except DatabaseError:  # Its catalogue is not for this user.
                continue
            finally:
                own.close()
    return list(dict.fromkeys(found))


def _sessions(cursor: Any, table: str, quoted: str | None = None) -> Iterator[str]:
    """Yield the sessions of PostgreSQL that import into a table, or write to it.

    Args:
        cursor: What asks.
        table: The table.
        quoted: Its quoted name; None where only imports are asked for.
    """
    cursor.execute(HOLDERS, [table, quoted])
    for pid, *values, start in cursor.fetchall():
        about = [
            f"{name} {value}"
            for name, value in zip(COLUMNS, values, strict=True)
            if value
        ]
        since = f" since {start:%Y-%m-%d %H:%M:%S}" if start else ""
        who = f" ({', '.join(about)})" if about else ""
        yield f"session {pid}{who}{since}"


def _processes(path: str) -> Iterator[str]:
    """Yield the other processes of this machine that lock a file of SQLite."""
    try:
        files = [Path(f"{path}{end}") for end in ("", "-shm")]
        inodes = {str(file.stat().st_ino) for file in files if file.exists()}
        locks = LOCKS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return
    for words in map(str.split, locks):
        pid, file = words[-4], words[-3]
        is_of_file = (
            file.rpartition(":")[2] in inodes and "WRITE" in words and "->" not in words
        )
        if is_of_file and pid.isdecimal() and int(pid) != getpid():
            yield f"process {pid}{_called(pid)}"


def _called(pid: str) -> str:
    """Return how a process was called, up to its first option: these may be secrets."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8").split("\0")
    except (OSError, UnicodeError):
        return ""
    named = takewhile(lambda word: word and not word.startswith("-"), words)
    return f" ({' '.join(Path(word).name for word in named)})"


def keep_others_out(using: str, table: str) -> None:
    """Let nobody else write to a table until the transaction ends.

    Args:
        using: The alias of the database.
        table: The quoted name of the table.
    """
    if connections[using].vendor == "postgresql":
        with connections[using].cursor() as cursor:
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
