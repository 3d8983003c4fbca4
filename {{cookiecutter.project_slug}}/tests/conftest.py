"""What the project's tests share: a way to run it as a server would."""

import os
import secrets
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

type Run = Callable[..., subprocess.CompletedProcess[str]]

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture
def run_in_production() -> Run:
    """Run Python in the project with nothing but a secret key and a host name set."""

    def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        variables = {
            "PATH": os.environ["PATH"],
            # Said explicitly, so that a .env on this machine changes nothing.
            "SECRET_KEY": secrets.token_urlsafe(50),
            "ALLOWED_HOSTS": "shop.example.com",
            "DATABASE_URL": "",
            **{k: v for k, v in os.environ.items() if k == "SYSTEMROOT"},
        }
        return subprocess.run(  # noqa: S603  the arguments are those of the tests
            [sys.executable, *arguments],
            cwd=PROJECT,
            env=variables | changes,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run
