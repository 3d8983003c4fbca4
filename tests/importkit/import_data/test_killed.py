"""A process that ends in the middle of an import leaves the table as promised."""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from tests.importkit.killed import BATCHES
from tests.processes import environment, succeed

ROOT = Path(__file__).parents[3]
SCRIPT = "tests.importkit.killed"
COUNT = "SELECT count(*) FROM shop_product"


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """Return the address of a database of the kind that is tested, with nothing in it."""
    server = os.environ.get("DATABASE_URL")
    if server is None:
        yield f"sqlite:///{tmp_path}/killed.db"
        return
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE killed")
        yield urlsplit(server)._replace(path="/killed").geturl()
        connection.execute("DROP DATABASE killed WITH (FORCE)")


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """Return a file with ten rows, and one with these and more."""
    paths = tmp_path / "some.csv", tmp_path / "more.csv"
    for path, rows in zip(paths, (10, 100), strict=True):
        path.write_text("sku\n" + "".join(f"{number}\n" for number in range(rows)))
    return paths


def variables(url: str) -> dict[str, str]:
    paths = [str(ROOT), str(ROOT / "{{cookiecutter.project_slug}}")]
    return {
        "DATABASE_URL": url,
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": os.pathsep.join(paths),
    }


def imported(url: str, path: Path) -> int:
    """Import a file to its end and return how many rows there are then."""
    succeed(["python", "-m", SCRIPT, path], ROOT, variables=variables(url))
    return rows(url)


def rows(url: str) -> int:
    if url.startswith("sqlite"):
        with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as database:
            return int(database.execute(COUNT).fetchone()[0])
    with psycopg.connect(url) as connection:
        row = connection.execute(COUNT).fetchone()
    return int(row[0]) if row else 0


def standing_still(url: str, path: Path, *flags: str) -> subprocess.Popen[str]:
    """Start an import that waits in its middle."""
    return subprocess.Popen(  # noqa: S603  the script of this test
        [sys.executable, "-m", SCRIPT, str(path), "--stand-still", *flags],
        cwd=ROOT,
        env=environment(**variables(url)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def interrupted(url: str, path: Path, number: signal.Signals, *flags: str) -> str:
    """Send a signal to an import that is in the middle; return what it says after that."""
    process = standing_still(url, path, *flags)
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "standing still\n"
        process.send_signal(number)
        output, _ = process.communicate(timeout=30)
    finally:
        process.kill()
    assert process.returncode == (-9 if number is signal.SIGKILL else 3)
    return output


SIGNALS = [signal.SIGKILL, signal.SIGTERM, signal.SIGINT]


@pytest.mark.parametrize(
    ("number", "is_empty"),
    [*((number, False) for number in SIGNALS), (signal.SIGKILL, True)],
)
def test_a_run_that_is_ended_leaves_the_table_as_it_was(
    url: str, files: tuple[Path, Path], number: signal.Signals, *, is_empty: bool
) -> None:
    some, more = files
    before = 0 if is_empty else imported(url, some)

    output = interrupted(url, more, number)

    assert rows(url) == before
    assert ("Nothing was written." in output) == (number is not signal.SIGKILL)
    assert imported(url, more) == 100


@pytest.mark.parametrize("number", SIGNALS)
def test_a_run_by_batch_that_is_ended_leaves_whole_batches_and_says_how_to_go_on(
    url: str, files: tuple[Path, Path], number: signal.Signals
) -> None:
    _, more = files

    output = interrupted(url, more, number, "--commit", "batch")

    assert rows(url) == 10 * (BATCHES - 1)
    assert ("Run the same again" in output) == (number is not signal.SIGKILL)
    assert imported(url, more) == 100


def test_a_dry_run_does_not_hold_the_lock_of_sqlite(
    tmp_path: Path, files: tuple[Path, Path]
) -> None:
    some, more = files
    url = f"sqlite:///{tmp_path}/killed.db"
    imported(url, some)
    process = standing_still(url, more, "--dry_run")
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "standing still\n"
        with closing(sqlite3.connect(tmp_path / "killed.db", timeout=0)) as database:
            database.execute("INSERT INTO shop_label (name) VALUES ('beside')")
            database.commit()
    finally:
        process.kill()
        process.communicate()
