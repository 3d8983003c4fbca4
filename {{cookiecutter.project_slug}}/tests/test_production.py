"""With DEBUG off the project is safe, and says what it lacks."""

import subprocess
from collections.abc import Callable

import pytest

type Run = Callable[..., subprocess.CompletedProcess[str]]

SERVERS = pytest.mark.parametrize("server", ["config.wsgi", "config.asgi"])


def test_the_deployment_checks_find_nothing(run_in_production: Run) -> None:
    result = run_in_production(
        "manage.py", "check", "--deploy", "--fail-level", "WARNING"
    )

    assert result.returncode == 0, result.stderr


@SERVERS
def test_a_server_without_a_secret_key_stops_with_one_sentence(
    run_in_production: Run, server: str
) -> None:
    result = run_in_production("-c", f"import {server}", SECRET_KEY="")

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        "django.core.exceptions.ImproperlyConfigured: SECRET_KEY is not set, and DEBUG "
        "is off: set SECRET_KEY in the environment or in .env to at least 50 random "
        "characters."
    )


@SERVERS
def test_a_server_runs_with_debug_off(run_in_production: Run, server: str) -> None:
    code = f"import {server}; from django.conf import settings; print(settings.DEBUG)"

    result = run_in_production("-c", code)

    assert result.stdout == "False\n", result.stderr


def test_production_has_no_code_writer(run_in_production: Run) -> None:
    result = run_in_production("manage.py", "startimport", "products", "sample.csv")

    assert result.returncode == 1
    assert "Unknown command: 'startimport'" in result.stderr
