"""Step 4, load: as long as an import writes, SQLite keeps more pages in memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections

# New keys may go to any page of an index, and the default of 2,000 KiB holds no index of a
# large table. So many KiB hold those of some million rows.
LEAST, MOST = 32_768, 81_920
# The part of a database that its indexes are, about.
PART = 4
# What holds the rows of a batch.
TEMPORARY = 65_536
SCHEMAS = ("main", "temp")


@contextmanager
def larger_cache(using: str) -> Iterator[None]:
    """Let SQLite keep the pages of indexes in memory, until the block ends."""
    connections[using].ensure_connection()
    raw = connections[using].connection
    with connections[using].wrap_database_errors:
        before = {name: _value(raw, f"{name}.cache_size") for name in SCHEMAS}
        raw.execute(f"PRAGMA temp.cache_size = -{TEMPORARY}")
        follow_size(raw)
    try:
        yield
    finally:
        for name, size in before.items():
            raw.execute(f"PRAGMA {name}.cache_size = {size}")


def follow_size(raw: Any) -> None:
    """Let the cache grow with the database, whose pages come into it anyway."""
    size = _value(raw, "main.page_count") * _value(raw, "main.page_size") // 1024
    wanted = min(max(size // PART, LEAST), MOST)
    raw.execute(f"PRAGMA main.cache_size = -{wanted}")


def _value(raw: Any, name: str) -> int:
    [(value,)] = raw.execute(f"PRAGMA {name}")
    return int(value)
