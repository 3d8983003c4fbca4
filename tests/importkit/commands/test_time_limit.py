"""``--timeout`` ends a command, and it was as if it had never run."""

import signal
import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from importkit.commands.time_limit import TimeIsUp
from tests.importkit.shop.commands import Command
from tests.importkit.shop.models import Label, Store

pytestmark = pytest.mark.django_db(databases="__all__", transaction=True)

STOPPED = (
    "Stopped after 1 s (--timeout). All that the command had written to the databases"
    " was rolled back."
)


@pytest.fixture(autouse=True)
def alarm_of_somebody_else() -> Iterator[None]:
    """Check that the alarm is given back as it was found."""
    before = signal.signal(signal.SIGALRM, lambda *_: None)
    mine = signal.getsignal(signal.SIGALRM)
    try:
        yield
        assert signal.getsignal(signal.SIGALRM) is mine
        assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    finally:
        signal.signal(signal.SIGALRM, before)


def sleep() -> None:
    """Wait in Python."""
    time.sleep(5)


def query() -> None:
    """Wait in one statement of the database."""
    slow = {
        "postgresql": "SELECT pg_sleep(5)",
        "sqlite": "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n"
        " WHERE i < 300000000) SELECT max(i) FROM n",
    }
    with connection.cursor() as cursor:
        cursor.execute(slow[connection.vendor])


@pytest.mark.parametrize("wait", [sleep, query])
def test_the_time_is_up_with_a_rollback_and_124(wait: Callable[[], None]) -> None:
    def work() -> None:
        Label.objects.create(name="new")
        Store.objects.using("other").create(name="North")
        try:
            wait()
        except Exception:
            wait()

    started = time.monotonic()
    with pytest.raises(CommandError) as caught:
        Command(work).handle(timeout=1)

    assert time.monotonic() - started < 2
    assert (str(caught.value), caught.value.returncode) == (STOPPED, 124)
    assert not Label.objects.exists()
    assert not Store.objects.using("other").exists()


def test_a_shell_sees_124(capsys: pytest.CaptureFixture[str]) -> None:
    argv = ["manage.py", "work", "--timeout", "1", "--skip-checks"]
    with pytest.raises(SystemExit) as ended:
        Command(sleep).run_from_argv(argv)

    assert ended.value.code == 124
    assert capsys.readouterr().err == f"CommandError: {STOPPED}\n"


def test_work_that_is_done_in_time_is_kept() -> None:
    Command(lambda: Label.objects.create(name="new") and None).handle(timeout=60)

    assert Label.objects.exists()


def test_other_errors_are_passed_on_with_a_rollback() -> None:
    def work() -> None:
        Label.objects.create(name="new")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Command(work).handle(timeout=60)

    assert not Label.objects.exists()


def test_the_sooner_limit_of_an_outer_command_stays() -> None:
    def inner() -> None:
        call_command(Command(sleep), timeout=60, skip_checks=True)

    with pytest.raises(CommandError, match=r"^Stopped after 1 s"):
        Command(inner).handle(timeout=1)


def test_an_inner_command_without_a_limit_is_stopped_by_the_outer_one() -> None:
    def inner() -> None:
        call_command(Command(sleep), skip_checks=True)

    with pytest.raises(CommandError, match=r"^Stopped after 1 s"):
        Command(inner).handle(timeout=1)


def test_the_later_limit_of_an_outer_command_goes_on_afterwards() -> None:
    def outer() -> None:
        with pytest.raises(CommandError, match=r"^Stopped after 1 s"):
            call_command(Command(sleep), timeout=1, skip_checks=True)
        assert 0 < signal.getitimer(signal.ITIMER_REAL)[0] < 2
        sleep()

    with pytest.raises(CommandError, match=r"^Stopped after 2 s"):
        Command(outer).handle(timeout=2)


def test_without_an_alarm_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as windows:
        windows.delattr(signal, "setitimer")
        with pytest.raises(CommandError, match=r"^--timeout: needs") as caught:
            Command().handle(timeout=1)

    assert caught.value.returncode == 2


def test_outside_the_main_thread_the_limit_is_refused() -> None:
    codes: list[int] = []

    def run() -> None:
        try:
            Command().handle(timeout=1)
        except CommandError as error:
            codes.append(error.returncode)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()

    assert codes == [2]


def test_no_handler_for_errors_swallows_the_alarm() -> None:
    assert not issubclass(TimeIsUp, Exception)
