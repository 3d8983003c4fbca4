"""The hooks run on any Python, and nothing that goes wrong in them fails a bake."""

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from jinja2 import Template

from tests.processes import environment, run, succeed
from tests.template.baking import REPOSITORY, contents

HOOKS = sorted((REPOSITORY / "hooks").glob("*.py"))


@pytest.fixture
def fetched(template: Path, tmp_path: Path) -> dict[str, str]:
    """A home in which cookiecutter has fetched the template by git before."""
    succeed(["git", "clone", "--quiet", template, tmp_path / "known/shop"], tmp_path)
    config = tmp_path / "cookiecutter.yml"
    folders = {"cookiecutters_dir": "known", "replay_dir": "replay"}
    config.write_text(
        json.dumps({key: str(tmp_path / name) for key, name in folders.items()})
    )
    return {"COOKIECUTTER_CONFIG": str(config)}


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.name)
def test_a_hook_needs_only_python_3_9(hook: Path) -> None:
    tree = ast.parse(hook.read_text("utf-8"), feature_version=(3, 9))

    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import)]
    imported = {alias.name for node in nodes for alias in node.names}
    imported |= {
        str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)
    }
    assert imported <= sys.stdlib_module_names


def run_first_hook(folder: Path, **answers: object) -> subprocess.CompletedProcess[str]:
    """Run the hook as cookiecutter does: rendered with the answers, by itself."""
    known = {"project_slug": "shop", "use_docker": False, "_taken": "class"} | answers
    source = (REPOSITORY / "hooks/pre_gen_project.py").read_text("utf-8")
    (folder / "hook.py").write_text(Template(source).render(cookiecutter=known))
    return run(["python", "hook.py"], folder)


def test_an_old_cookiecutter_is_refused_in_one_sentence(tmp_path: Path) -> None:
    # Versions before 2.2 make a text of the answer.
    result = run_first_hook(tmp_path, use_docker="False")

    assert (result.returncode, result.stdout) == (
        1,
        "This template needs cookiecutter 2.2 or later: update cookiecutter, or run "
        "the same command with 'uvx cookiecutter'.\n",
    )


def test_the_first_hook_says_nothing_where_nothing_is_changed(tmp_path: Path) -> None:
    result = run_first_hook(tmp_path, __typed_slug="shop")

    assert (result.returncode, result.stdout) == (0, "")


def test_baking_over_a_project_changes_nothing(
    fetched: dict[str, str], tmp_path: Path
) -> None:
    command = ["cookiecutter", "shop", "--no-input", "--overwrite-if-exists"]
    succeed(command, tmp_path, variables=fetched)
    first = contents(tmp_path / "my_shop")
    state = (tmp_path / "my_shop" / ".cruft.json").read_bytes()

    succeed(command, tmp_path, variables=fetched)

    assert contents(tmp_path / "my_shop") == first
    assert (tmp_path / "my_shop" / ".cruft.json").read_bytes() == state


def test_a_password_in_the_address_of_the_template_is_not_written_down(
    fetched: dict[str, str], tmp_path: Path
) -> None:
    address = "https://someone:s3cret@example.com/shop.git"
    succeed(["git", "remote", "set-url", "origin", address], tmp_path / "known/shop")

    succeed(["cookiecutter", "shop", "--no-input"], tmp_path, variables=fetched)

    state = json.loads((tmp_path / "my_shop" / ".cruft.json").read_text())
    assert state["template"] == "https://example.com/shop.git"


def test_a_machine_without_git_gets_its_project(
    fetched: dict[str, str], tmp_path: Path
) -> None:
    printed = succeed(
        ["cookiecutter", "shop", "--no-input"],
        tmp_path,
        variables={**fetched, "PATH": str(tmp_path)},
    )

    assert "No .cruft.json was written" in printed
    assert (tmp_path / "my_shop" / "manage.py").exists()
    assert not (tmp_path / "my_shop" / ".cruft.json").exists()


def test_a_project_is_made_when_nobody_listens(
    fetched: dict[str, str], tmp_path: Path
) -> None:
    command = [sys.executable, "-m", "cookiecutter", "shop", "--no-input"]
    read, write = os.pipe()
    os.close(read)

    with os.fdopen(write, "w") as closed:
        result = subprocess.run(  # noqa: S603  the command is that of the test
            [*command, "project_slug=parts-depot"],
            cwd=tmp_path,
            env=environment(**fetched),
            stdout=closed,
            stderr=subprocess.DEVNULL,
            timeout=60,
            check=False,
        )

    assert result.returncode == 0
    assert (tmp_path / "parts_depot" / ".cruft.json").exists()


def test_the_last_hook_ends_well_when_nobody_reads_its_errors_either(
    tmp_path: Path,
) -> None:
    answers = json.dumps({"_repo_dir": "x", "_template": "x"})
    hook = (REPOSITORY / "hooks/post_gen_project.py").read_text("utf-8")
    hook = hook.replace("{{ cookiecutter|tojson }}", answers)
    read, write = os.pipe()
    os.close(read)

    with os.fdopen(write, "w") as closed:
        ended = subprocess.run(  # noqa: S603  the hook is the one under test
            [sys.executable, "-c", hook],
            cwd=tmp_path,
            stdout=closed,
            stderr=closed,
            env=environment(PYTHONUNBUFFERED="1"),
            timeout=60,
            check=False,
        )

    assert ended.returncode == 0
