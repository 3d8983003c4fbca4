"""Session locks: held by the process that imports, and free as soon as it has ended.

A lock needs no row and no lease, so that it neither lapses while its process lives nor stays
when the process is killed. PostgreSQL and MariaDB keep it with the connection; for SQLite,
which is on one machine, the system keeps it with an open file.
"""

import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Protocol

from django.db import DatabaseError, NotSupportedError
from django.db.backends.base.base import BaseDatabaseWrapper

from importruns.locks.files import LockFiles

PAUSE = 0.05  # Seconds between two attempts to take a lock.
# Who looks whether a file is locked, locks it for microseconds: that is not a holder.
ATTEMPTS = 3


class LockedError(Exception):
    """Another process holds a lock.

    Attributes:
        name: The name of the lock.
    """

    def __init__(self, name: str) -> None:
        """Take the name of the lock."""
        super().__init__(f'The lock "{name}" is held by another process.')
        self.name = name


class Locks(Protocol):
    """How a database keeps locks."""

    def take(self, name: str) -> bool:
        """Take a lock, unless it is held; return whether it was taken."""

    def release(self, name: str) -> None:
        """Let go of a lock that was taken."""

    def is_free(self, name: str) -> bool:
        """Return whether nobody holds a lock, this process included."""

    def holder(self, name: str) -> str:
        """Return who holds a lock, as far as that is known."""


@contextmanager
def locked(
    connection: BaseDatabaseWrapper, names: Sequence[str], wait: float = 0
) -> Iterator[None]:
    """Hold locks until the block ends: all of them, or none.

    The locks stay with the connection, whatever becomes of its transactions.

    Args:
        connection: A connection of this thread, which nobody closes before the block ends.
        names: The names of the locks, such as ``table:products_product``.
        wait: For how many seconds to try again while one of them is held.

    Raises:
        LockedError: One of them is still held.
    """
    locks, process = _locks(connection), os.getpid()
    ordered = sorted(set(names))
    _take_all(locks, ordered, wait)
    try:
        yield
    finally:
        if os.getpid() == process:  # A fork that leaves the block holds nothing.
            _release_all(locks, ordered)


def is_free(connection: BaseDatabaseWrapper, name: str) -> bool:
    """Return whether nobody holds a lock, this process included; it is not taken.

    Args:
        connection: A connection to the database that keeps the lock.
        name: The name of the lock.
    """
    return _locks(connection).is_free(name)


def holder(connection: BaseDatabaseWrapper, name: str) -> str:
    """Return who holds a lock, as far as the database tells; nobody is "".

    Args:
        connection: A connection to the database that keeps the lock.
        name: The name of the lock.
    """
    return _locks(connection).holder(name)


def _take_all(locks: Locks, names: Sequence[str], wait: float) -> None:
    """Take all locks in their order, which is that of each process."""
    ends = time.monotonic() + wait
    attempts = 0
    while (held := _held_by_another(locks, names)) is not None:
        attempts += 1
        left = ends - time.monotonic()
        if left <= 0 and attempts >= ATTEMPTS:
            raise LockedError(held)
        time.sleep(PAUSE)


def _held_by_another(locks: Locks, names: Sequence[str]) -> str | None:
    """Take all locks and return None, or take none and return the one that is held."""
    taken: list[str] = []
    try:
        for name in names:
            if not locks.take(name):
                _release_all(locks, taken)
                return name
            taken.append(name)
    except BaseException:
        _release_all(locks, taken)
        raise
    return None


def _release_all(locks: Locks, names: Sequence[str]) -> None:
    for name in reversed(names):
        locks.release(name)


def _locks(connection: BaseDatabaseWrapper) -> Locks:
    database = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        return LockFiles(database)
    if connection.vendor not in STATEMENTS:
        raise NotSupportedError(f"No lock is known for {connection.display_name}.")
    return SessionLocks(connection, database, STATEMENTS[connection.vendor])


@dataclass(frozen=True)
class Statements:
    """The SQL of locks that a database keeps with a session.

    Attributes:
        stay: Keeps the session, and so its locks, however long it is idle; empty if taking
            a lock does that.
        take: Takes a lock and gives whether it was taken.
        release: Lets go of a lock.
        is_free: Gives whether nobody holds a lock.
        holder: Gives the number of the session that holds it, user, application, address.
    """

    stay: str
    take: str
    release: str
    is_free: str
    holder: str


LOCK = "hashtext('importruns'), hashtext(%s)"
NO_TIMEOUT = "set_config('idle_session_timeout', '0', false)"
OF_LOCK = """
    FROM pg_locks l {}
    WHERE granted AND locktype = 'advisory' AND objsubid = 2
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND classid = hashtext('importruns')::oid AND objid = hashtext(%s)::oid
"""
STATEMENTS = {
    "postgresql": Statements(
        stay="",
        take=f"SELECT pg_try_advisory_lock({LOCK}) FROM {NO_TIMEOUT}",  # noqa: S608  both stand above
        release=f"SELECT pg_advisory_unlock({LOCK})",
        # It is looked up, not taken: who comes at this moment shall not find it held.
        is_free=f"SELECT NOT EXISTS (SELECT {OF_LOCK.format('')})",
        holder="SELECT pid, usename, application_name, host(client_addr)"
        + OF_LOCK.format("JOIN pg_stat_activity USING (pid)"),
    ),
    "mysql": Statements(
        stay="SET SESSION wait_timeout = 31536000",
        take="SELECT GET_LOCK(%s, 0)",
        release="SELECT RELEASE_LOCK(%s)",
        is_free="SELECT IS_FREE_LOCK(%s)",
        holder="SELECT id, user, NULL, host FROM information_schema.processlist "
        "WHERE id = IS_USED_LOCK(%s)",
    ),
}
FACTS = ("user", "application", "address")


@dataclass
class SessionLocks:
    """Locks that PostgreSQL or MariaDB keeps with the session of a connection."""

    connection: BaseDatabaseWrapper
    database: str
    statements: Statements
    _session: Any = None

    def take(self, name: str) -> bool:
        """Take a lock, unless another session holds it."""
        with self.connection.cursor() as cursor:
            if self._session is None and self.statements.stay:
                cursor.execute(self.statements.stay)
            self._session = self.connection.connection
        [is_taken] = self._ask(self.statements.take, name)
        return bool(is_taken)

    def release(self, name: str) -> None:
        """Let go of a lock; its session ends if that is not possible otherwise."""
        if self.connection.connection is not self._session:
            return  # The session has ended, and its locks with it.
        try:
            self._ask(self.statements.release, name)
        except DatabaseError:
            self.connection.close()

    def is_free(self, name: str) -> bool:
        """Return whether no session holds a lock."""
        [is_free] = self._ask(self.statements.is_free, name)
        return bool(is_free)

    def holder(self, name: str) -> str:
        """Return the session that holds a lock."""
        found = self._ask(self.statements.holder, name)
        if not found:
            return ""
        number, *values = found
        facts = zip(FACTS, values, strict=True)
        known = ", ".join(f"{fact} {value}" for fact, value in facts if value)
        return f"session {number} ({known})" if known else f"session {number}"

    def _ask(self, sql: str, name: str) -> Sequence[Any]:
        if self.connection.vendor == "mysql":
            # Its names are those of a whole server, and short.
            name = sha256(f"{self.database} {name}".encode()).hexdigest()[:40]
        with self.connection.cursor() as cursor:
            cursor.execute(sql, [name])
            return cursor.fetchone() or ()
