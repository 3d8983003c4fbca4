"""Transactions that write, and transactions that only read."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction


@contextmanager
def opened(using: str, *, writes: bool) -> Iterator[None]:
    """Open a transaction on a database.

    With ``transaction_mode`` set to IMMEDIATE a transaction of SQLite holds the lock of the
    one writer from its start. A transaction that only reads must not hold it.

    Args:
        using: The alias of the database.
        writes: Whether the transaction writes.
    """
    connection: Any = connections[using]
    if writes or connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic(using=using):
            yield
        return
    connection.ensure_connection()
    mode, connection.transaction_mode = connection.transaction_mode, "DEFERRED"
    try:
        with transaction.atomic(using=using):
            connection.transaction_mode = mode
            yield
    finally:
        connection.transaction_mode = mode
