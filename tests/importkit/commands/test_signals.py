"""A signal ends a command also in the middle of a long statement."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.importkit.import_data.test_killed import ROOT, variables
from tests.processes import environment

ENDLESS = """
import sys
import django
django.setup()
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from tests.importkit.shop.commands import Command

def work():
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("CREATE TABLE half (n integer)")
        print("working", flush=True)
        cursor.execute(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) "
            "SELECT count(*) FROM n"
        )

try:
    call_command(Command(work))
except CommandError as error:
    print(error)
    sys.exit(error.returncode)
"""


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_a_long_statement_of_sqlite(
    tmp_path: Path, number: signal.Signals
) -> None:
    process = subprocess.Popen(  # noqa: S603  the script of this test
        [sys.executable, "-c", ENDLESS],
        cwd=ROOT,
        env=environment(**variables(f"sqlite:///{tmp_path}/endless.db")),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "working\n"
        process.send_signal(number)
        output, _ = process.communicate(timeout=30)
    finally:
        process.kill()

    assert output.startswith("Interrupted. The transaction that was open")
    assert process.returncode == 3
