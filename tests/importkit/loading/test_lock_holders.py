"""Who holds the lock of a file of SQLite is told by its process, where the system knows."""

import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from importkit.loading.writers.locks import LOCKS, _processes

HOLD = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


@pytest.mark.skipif(not LOCKS.exists(), reason="only Linux tells")
@pytest.mark.parametrize("mode", ["delete", "wal"])
def test_the_process_that_locks_a_file_is_named_without_its_options(
    tmp_path: Path, mode: str
) -> None:
    path, script = tmp_path / "db.sqlite3", tmp_path / "hold.py"
    script.write_text(HOLD)
    connection = sqlite3.connect(path)
    connection.execute(f"PRAGMA journal_mode={mode}")
    connection.execute("CREATE TABLE t (a)")
    command = [sys.executable, str(script), str(path), "--password", "secret"]

    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:  # noqa: S603  it is this program
        assert p.stdout is not None
        p.stdout.readline()
        named = [*_processes(str(path))]
        p.communicate()

    python = Path(sys.executable).name
    assert named == [f"process {p.pid} ({python} hold.py db.sqlite3)"]
    assert [*_processes(str(path))] == []
    connection.close()
