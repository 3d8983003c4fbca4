"""The image of a project is made of its lock file, and has what a server needs only.

Its commands are run here one by one, without Docker.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from fnmatch import fnmatch
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from tests.processes import environment, run, succeed
from tests.template.baking import Options
from tests.template.conftest import Bakery
from tests.template.test_generated import NO_INDEX

WITH_DOCKER = Options("sqlite", use_docker=True, license="MIT")
SERVER = {"SECRET_KEY": "0123456789abcdef" * 4, "ALLOWED_HOSTS": "example.com"}


def copied_into_the_image(project: Path, image: Path) -> None:
    """Copy what .dockerignore leaves, as ``COPY . .`` does."""
    lines = (project / ".dockerignore").read_text().splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]

    def ignored(folder: str, names: list[str]) -> set[str]:
        places = {n: (Path(folder) / n).relative_to(project).as_posix() for n in names}
        return {
            name
            for name, place in places.items()
            for pattern in patterns
            if fnmatch(place, pattern)
            or (pattern.startswith("**/") and name == pattern.removeprefix("**/"))
        }

    shutil.copytree(project, image, ignore=ignored)


def instructions(project: Path) -> list[tuple[str, str]]:
    """Read the Dockerfile: instructions and what stands behind them."""
    text = (project / "Dockerfile").read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return [(line.split()[0], line.split(maxsplit=1)[1]) for line in lines]


@pytest.fixture
def project(baked: Bakery, tmp_path: Path) -> Path:
    """A project with an import, and what its owner has lying about."""
    folder = tmp_path / "project"
    shutil.copytree(baked(WITH_DOCKER), folder)
    (folder / "sample.csv").write_text("SKU,Price\na-1,1.50\nb-2,2.75\n")
    startimport = ["python", "manage.py", "startimport", "products", "sample.csv"]
    succeed(startimport, folder)
    (folder / ".env").write_text("SECRET_KEY=mine\n")
    (folder / "db.sqlite3").touch()
    (folder / "config/__pycache__").mkdir()
    return folder


def test_the_image_has_what_a_server_needs_and_nothing_of_development(
    project: Path, tmp_path: Path
) -> None:
    image = tmp_path / "image"

    copied_into_the_image(project, image)
    succeed(
        ["python", "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        image,
        variables=SERVER,
    )
    succeed(["python", "manage.py", "migrate", "--no-input"], image, variables=SERVER)
    succeed(
        ["python", "manage.py", "import_products", "--file", project / "sample.csv"],
        image,
        variables=SERVER,
    )

    names = {path.name for path in image.rglob("*")}
    left_out = {"generators", "tests", "docs", ".env", ".github", "__pycache__"}
    assert names & left_out == set()
    assert {"importkit", "products", "manage.py", "uv.lock"} - names == {"uv.lock"}


def test_the_image_is_made_of_the_lock_file_and_not_run_by_root(project: Path) -> None:
    steps = instructions(project)

    assert ("COPY", "pyproject.toml uv.lock .python-version ./") in steps
    assert ("RUN", "uv sync --locked --no-dev --group production") in steps
    assert ("USER", "app") in steps[steps.index(("COPY", ". .")) :]


def test_the_commands_of_the_image_serve_the_project(
    project: Path, tmp_path: Path
) -> None:
    uv = os.environ.get("UV") or shutil.which("uv")
    # Asked in the project: a shim of pyenv may work elsewhere and fail here.
    if not uv or run([uv, "--version"], project).returncode:
        pytest.skip("uv is not installed")
    locked = run([uv, "lock"], project, timeout=300)
    if locked.returncode and any(reason in locked.stdout for reason in NO_INDEX):
        pytest.skip(f"uv reaches no package index: {locked.stdout[-300:]}")
    image = tmp_path / "image"
    copied_into_the_image(project, image)
    steps = instructions(project)
    [sync] = [text for name, text in steps if name == "RUN" and text.startswith("uv ")]
    [server] = [json.loads(text) for name, text in steps if name == "CMD"]

    succeed([uv, *sync.split()[1:]], image, timeout=300)
    answer = served([image / ".venv/bin" / server[0], *server[1:]], image)

    packages = {path.name for path in image.glob(".venv/lib/*/site-packages/*")}
    assert answer == "ok"
    assert {"django", "gunicorn", "polars"} <= packages
    assert {"pytest", "jinja2", "mypy", "xlsxwriter"} & packages == set()


def served(command: list[str | Path], folder: Path) -> str:
    """Run a server on a port of its own; return its answer to /healthz."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        address = f"127.0.0.1:{free.getsockname()[1]}"
    words = [re.sub(r"^0\.0\.0\.0:8000$", address, str(word)) for word in command]
    # No other program of this machine is to meet the server's control socket.
    variables = environment(HOME=str(folder), PWD=str(folder), **SERVER)
    server = subprocess.Popen(words, cwd=folder, env=variables)  # noqa: S603
    try:
        return answered(f"http://{address}/healthz")
    finally:
        server.terminate()
        server.wait(timeout=30)


def answered(url: str) -> str:
    """Ask until a server that starts answers."""
    for _ in range(100):
        try:
            with urlopen(url, timeout=10) as response:  # noqa: S310
                return str(response.read().decode())
        except URLError:
            time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")
