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
@pytest.mark.parametrize(("key", "wrong"), [("", "not set"), ("secret", "too short")])
def test_a_server_without_a_good_secret_key_stops_with_one_sentence(
    run_in_production: Run, server: str, key: str, wrong: str
) -> None:
    result = run_in_production("-c", f"import {server}", SECRET_KEY=key)

    assert result.returncode == 1
    assert result.stderr.splitlines()[-1] == (
        f"django.core.exceptions.ImproperlyConfigured: SECRET_KEY is {wrong}, and DEBUG "
        "is off: set SECRET_KEY in the environment or in .env to at least 50 random "
        "characters."
    )


@SERVERS
def test_a_server_runs_with_debug_off(run_in_production: Run, server: str) -> None:
    code = f"import {server}; from django.conf import settings; print(settings.DEBUG)"

    result = run_in_production("-c", code)

    assert result.stdout == "False\n", result.stderr


def test_a_request_for_another_host_is_one_line_of_the_log(
    run_in_production: Run,
) -> None:
    code = """
import config.wsgi
from django.test import Client
answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
print(answer.status_code)
"""

    result = run_in_production("-c", code)

    assert result.stdout == "400\n", result.stderr
    [line] = result.stderr.splitlines()
    assert line.endswith(
        "ERROR django.security.DisallowedHost: Invalid HTTP_HOST header: "
        "'evil.example'. You may need to add 'evil.example' to ALLOWED_HOSTS."
    )


def test_browsers_are_not_asked_to_preload_the_domain(run_in_production: Run) -> None:
    code = "import config.settings; print(config.settings.SECURE_HSTS_PRELOAD)"

    result = run_in_production("-c", code)

    assert result.stdout == "False\n", result.stderr


def test_production_has_no_code_writer(run_in_production: Run) -> None:
    result = run_in_production("manage.py", "startimport", "products", "sample.csv")

    assert (result.returncode, result.stderr) == (
        2,
        "startimport is a tool of development: run it where DEBUG is on.\n",
    )


def test_a_python_without_the_packages_is_told_in_one_sentence(
    run_in_production: Run,
) -> None:
    result = run_in_production("-S", "-E", "manage.py", "check")

    assert result.returncode == 2
    assert result.stderr.startswith("The package django is not installed for ")
    assert result.stderr.count("\n") == 1
