"""MariaDB in the place of SQLite: a server of its own, on a socket in its folder."""

import getpass
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pytest

SECONDS = 60  # The longest that the server may take to answer, and to end.
OPTIONS = (
    "--character-set-server=utf8mb4",
    "--collation-server=utf8mb4_general_ci",  # Debian's own: Abc is abc.
    "--innodb-buffer-pool-size=64M",
    "--innodb-flush-log-at-trx-commit=0",
    "--innodb-log-file-size=16M",
    "--performance-schema=OFF",
    "--skip-log-bin",
)


@contextmanager
def started() -> Iterator[dict[str, Any]]:
    """Start a server, and return its settings; skip the test where there is none."""
    driver = pytest.importorskip("pymysql")
    driver.install_as_MySQLdb()
    with (
        ExitStack() as stack,
        TemporaryDirectory(prefix="my", ignore_cleanup_errors=True) as folder,
    ):
        place = Path(folder)
        server = _server(place)
        try:
            _wait(server, place / "s")
            stack.enter_context(_only_constraints_that_exist())
            yield {
                "ENGINE": "django.db.backends.mysql",
                "USER": "root",
                "OPTIONS": {"unix_socket": str(place / "s"), "charset": "utf8mb4"},
            }
        finally:
            _end(server)


@contextmanager
def _only_constraints_that_exist() -> Iterator[None]:
    """Leave out unique constraints that MariaDB lacks; Django has None in their place."""
    from django.db.backends.mysql.schema import (  # noqa: PLC0415  needs the driver
        DatabaseSchemaEditor,
    )

    known = DatabaseSchemaEditor.execute

    def execute(editor: Any, sql: Any, params: Any = ()) -> None:
        if sql is not None:
            known(editor, sql, params)

    with patch.object(DatabaseSchemaEditor, "execute", execute):
        yield


def _server(place: Path) -> subprocess.Popen[bytes]:
    programs = [_program("mariadb-install-db"), _program("mariadbd")]
    shared = [f"--datadir={place / 'd'}", f"--user={getpass.getuser()}", *OPTIONS]
    with (place / "log").open("wb") as log:
        # So that root needs no password: nobody else reaches the socket.
        made = ["--auth-root-authentication-method=normal", "--skip-test-db"]
        created = subprocess.run(  # noqa: S603  the server that the machine has
            [programs[0], "--no-defaults", *shared, *made],
            stdout=log,
            stderr=log,
            timeout=SECONDS,
            check=False,
        )
        if created.returncode:
            pytest.skip(f"MariaDB makes no folder here: {_last_words(place)}")
        own = [
            f"--tmpdir={place}",
            f"--socket={place / 's'}",
            "--skip-networking",
            f"--pid-file={place}/p",
        ]
        return subprocess.Popen(  # noqa: S603  the same
            [programs[1], "--no-defaults", *shared, *own], stdout=log, stderr=log
        )


def _program(name: str) -> str:
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip(f"MariaDB is not installed here: there is no {name}")
    return found


def _wait(server: subprocess.Popen[bytes], socket: Path) -> None:
    ends = time.monotonic() + SECONDS
    while not socket.exists():
        if server.poll() is not None or time.monotonic() > ends:
            pytest.skip(f"MariaDB does not start here: {_last_words(socket.parent)}")
        time.sleep(0.05)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(SECONDS)
        return
    server.kill()
    server.wait()


def _last_words(place: Path) -> str:
    lines = (place / "log").read_text(errors="replace").split("\n")
    return " ".join(line for line in lines[-3:] if line)
