"""What the command copies, keeps, refuses and says, in a project that Django started."""

import ast
import doctest
import json
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest

from adding import files, packages
from importkit.errors import PACKAGES
from tests.adding.running import PYTHON, add, names
from tests.processes import run, succeed
from tests.template.baking import FOLDER, REPOSITORY, commit, copy_template
from tests.template.test_generated import NO_INDEX


def forget(site: Path, name: str) -> None:
    """Let the note say that another version of a file was copied."""
    note = json.loads((site / files.NOTE).read_text())
    note["files"][name] = "another"
    (site / files.NOTE).write_text(json.dumps(note))


def test_the_framework_and_the_generator_are_copied_and_work(site: Path) -> None:
    printed = add(site)

    assert "create  importkit/ (" in printed
    assert "append  site_of_ours/settings.py" in printed
    for folder in ("importkit", "importruns", "generators", "docs"):
        source = REPOSITORY / FOLDER / folder
        for path in source.rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts:
                copy = site / folder / path.relative_to(source)
                assert copy.read_bytes() == path.read_bytes()
    commit = succeed(["git", "describe", "--always", "--dirty"], REPOSITORY)
    assert json.loads((site / files.NOTE).read_text())["template"] == commit.strip()
    succeed(["python", "manage.py", "startimport", "--help"], site)


def test_a_second_run_changes_nothing(site: Path) -> None:
    add(site)
    before = {name: (site / name).read_bytes() for name in names(site)}

    printed = add(site)

    assert "create" not in printed
    assert "append" not in printed
    assert before == {name: (site / name).read_bytes() for name in names(site)}


def test_a_dry_run_writes_nothing(site: Path) -> None:
    before = names(site)

    printed = add(site, "--dry-run")

    assert "create  importkit/ (" in printed
    assert "Nothing was written (--dry-run)." in printed
    assert names(site) == before


def test_startimport_is_left_out_on_request(site: Path) -> None:
    settings = (site / "site_of_ours/settings.py").read_bytes()

    add(site, "--without-generators")

    assert (site / "importkit").exists()
    assert not (site / "generators").exists()
    assert (site / "site_of_ours/settings.py").read_bytes() == settings


def test_what_the_owner_edited_is_kept_and_named(site: Path) -> None:
    add(site)
    edited = site / "importkit/bulk.py"
    edited.write_text("# Mine.\n")

    printed = add(site)

    assert "keep  importkit/bulk.py" in printed
    assert edited.read_text() == "# Mine.\n"


def test_a_note_that_cannot_be_read_is_no_traceback(site: Path) -> None:
    (site / files.NOTE).write_text("<<<<<<< ours\n")

    printed = add(site, code=2)

    assert ".importkit.json is not as it was written" in printed
    assert "Traceback" not in printed


def test_what_the_owner_did_not_edit_follows_the_template(site: Path) -> None:
    add(site)
    old, gone = site / "importkit/bulk.py", site / "importkit/gone.py"
    old.write_text("# An older version.\n")
    gone.write_text("# Of an older version.\n")
    note = json.loads((site / files.NOTE).read_text())
    for path in (old, gone):
        name = path.relative_to(site).as_posix()
        note["files"][name] = files.hash_of(path.read_bytes())
    (site / files.NOTE).write_text(json.dumps(note))

    printed = add(site)

    assert "update  importkit/bulk.py" in printed
    assert "remove  importkit/gone.py" in printed
    assert old.read_bytes() == (REPOSITORY / FOLDER / "importkit/bulk.py").read_bytes()
    assert not gone.exists()


def test_what_both_have_changed_is_refused_until_it_is_forced(site: Path) -> None:
    add(site)
    edited, missing = site / "importkit/bulk.py", site / "importkit/errors.py"
    edited.write_text("# Mine.\n")
    forget(site, "importkit/bulk.py")
    missing.unlink()

    printed = add(site, code=1)

    assert "conflict  importkit/bulk.py" in printed
    assert "Nothing was written." in printed
    assert edited.read_text() == "# Mine.\n"
    assert not missing.exists()
    assert "force  importkit/bulk.py" in add(site, "--force")
    assert edited.read_text() != "# Mine.\n"


def test_guides_do_not_mix_with_the_documents_of_the_project(site: Path) -> None:
    (site / "docs").mkdir()
    (site / "docs/README.md").write_text("Ours.\n")

    add(site)
    add(site)

    assert names(site / "docs") - {"README.md"} == {
        f"importkit/{name}" for name in names(REPOSITORY / FOLDER / "docs")
    }


@pytest.mark.parametrize(
    ("file", "text", "commands"),
    [
        ("uv.lock", "", ["uv add {}", "uv add --dev {}"]),
        ("poetry.lock", "", ["poetry add {}", "poetry add --group dev {}"]),
        ("requirements.txt", "", ["uv pip install {} {}"]),
    ],
)
def test_all_missing_packages_are_named_with_what_installs_them(
    file: str, text: str, commands: list[str], site: Path, bare_python: Path
) -> None:
    (site / ".git").mkdir()
    (site / file).write_text(text)
    project = tomllib.loads((REPOSITORY / FOLDER / "pyproject.toml").read_text())
    stated = project["project"]["dependencies"] + project["dependency-groups"]["dev"]
    ranges = {re.split("[<>=[]", text)[0]: text for text in stated}

    printed = add(site, python=bare_python)

    assert "Imports need polars, tqdm, winiutils." in printed
    assert "startimport needs anyascii, chardet, jinja2, ruff." in printed
    quoted = [
        " ".join(f'"{ranges[name]}"' for name in group)
        for group in (packages.RUNTIME, packages.DEVELOPMENT)
    ]
    whole = " && ".join(commands).format(*quoted)
    for command in whole.split(" && "):
        assert f"   {command}\n" in printed
    assert ("requirements.txt" in printed) is (file == "requirements.txt")


def test_a_command_without_its_packages_names_all_of_them(
    site: Path, bare_python: Path
) -> None:
    add(site)
    sample = site / "goods.csv"
    sample.write_text("sku,price\nA-1,1.50\nA-2,20.00\n")
    succeed(["python", "manage.py", "startimport", "goods", sample], site)

    # Without PATH, so that no ruff of this machine is found.
    nowhere = {"PATH": ""}
    start = run(
        [bare_python, "manage.py", "startimport", "more", sample],
        site,
        variables=nowhere,
    )
    imported = run([bare_python, "manage.py", "import_goods", "--file", sample], site)

    assert (start.returncode, imported.returncode) == (2, 2)
    names = "polars tqdm winiutils anyascii chardet jinja2 ruff"
    assert start.stdout == (
        "startimport and imports need packages that are not installed: "
        f"{names.replace(' ', ', ')}.\n"
        f"Install them: uv add {names}, or pip install {names}.\n"
    )
    assert imported.stdout == (
        "Imports need packages that are not installed: polars, tqdm, winiutils.\n"
        "Install them: uv add polars tqdm winiutils, or pip install polars tqdm winiutils.\n"
    )
    succeed([bare_python, "manage.py", "check"], site)


def test_the_guide_shows_what_is_printed(site: Path, bare_python: Path) -> None:
    guide = (REPOSITORY / "docs" / "existing_projects.md").read_text()
    shown = guide.partition("add_importkit.py my_site\n")[2].partition("```")[0]
    _, _, expected = shown.partition("\n\n")
    (site / "requirements.txt").touch()
    (site / ".git").mkdir()

    printed = add(site, python=bare_python).partition("\n\n")[2]

    printed = printed.replace("site_of_ours", "my_site").replace(
        "uv pip", "python -m pip"
    )
    expected = re.sub(r"\d+ files", "... files", expected)
    same = doctest.OutputChecker().check_output(expected, printed, doctest.ELLIPSIS)
    assert same, f"{printed}\nnot\n{expected}"


def test_the_packages_are_those_that_the_code_imports() -> None:
    imported = {
        folder: {
            name.partition(".")[0]
            for path in (REPOSITORY / FOLDER / folder).rglob("*.py")
            for node in ast.walk(ast.parse(path.read_text()))
            for name in _imported(node)
        }
        - sys.stdlib_module_names
        - {"importkit", "importruns", "generators", "django"}
        for folder in ("importkit", "importruns", "generators")
    }

    assert imported["importkit"] == {*packages.RUNTIME, *packages.POSTGRESQL}
    assert PACKAGES == packages.RUNTIME
    assert imported["importruns"] <= imported["importkit"]
    # Of these one is a program, and one is imported where a file needs it.
    imported["generators"] |= {"ruff", "chardet"}
    assert imported["generators"] - imported["importkit"] == {*packages.DEVELOPMENT}


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [name.name for name in node.names]
    return [node.module or ""] if isinstance(node, ast.ImportFrom) else []


def test_a_project_that_is_too_old_is_refused_with_all_reasons(
    site: Path, tmp_path: Path
) -> None:
    python = tmp_path / "python"
    answer = {"python": [3, 11, 2], "packages": {"django": "4.2.1"}, "root": str(site)}
    python.write_text(f"#!/bin/sh\necho 'importkit probe: {json.dumps(answer)}'\n")
    python.chmod(0o755)

    printed = add(site, python=python, code=2)

    assert f"The project runs on Python 3.11.2 ({python})" in printed
    assert "needs 3.12 or newer" in printed
    assert "The project has Django 4.2.1: importkit needs 5.2 or newer." in printed
    assert not (site / "importkit").exists()


@pytest.mark.parametrize(
    ("active", "asked"),
    [("mine/.venv", "site/.venv"), ("mine", "site/.venv"), ("mine", "mine")],
)
def test_the_environment_of_the_project_comes_before_the_active_one(
    active: str, asked: str, site: Path, bare_python: Path
) -> None:
    for folder in {active, asked}:
        program = site.parent / folder / "bin" / "python"
        program.parent.mkdir(parents=True)
        program.symlink_to(bare_python)
    (site / ".git").mkdir()

    printed = succeed(
        ["python", REPOSITORY / "add_importkit.py", site],
        site.parent,
        variables={"VIRTUAL_ENV": str(site.parent / active)},
    )

    assert f"({site.parent / asked / 'bin/python'})" in printed.splitlines()[0]


def test_an_environment_of_the_template_is_not_that_of_the_project(
    site: Path,
) -> None:
    (site / ".git").mkdir()

    printed = succeed(
        ["python", REPOSITORY / "add_importkit.py", site],
        site.parent,
        variables={"VIRTUAL_ENV": str(REPOSITORY / ".venv")},
    )

    assert "no environment was found beside it" in printed.splitlines()[0]


def test_a_folder_without_a_project_is_refused(tmp_path: Path) -> None:
    printed = add(tmp_path / "nothing", code=2)

    assert "There is no folder" in printed
    (tmp_path / "empty").mkdir()
    assert "There is no manage.py in" in add(tmp_path / "empty", code=2)


def test_settings_that_cannot_be_read_are_left_to_their_owner(site: Path) -> None:
    settings = site / "site_of_ours/settings.py"
    settings.write_text("import os\n\nSECRET_KEY = os.environ['NOT_SET_HERE']\n")

    printed = add(site)

    assert "the settings cannot be imported (KeyError: 'NOT_SET_HERE')" in printed
    assert '      INSTALLED_APPS += ["generators"]' in printed
    assert (site / "importkit").exists()
    assert "generators" not in settings.read_text()


def test_apps_in_a_tuple_are_added_to_as_a_tuple(site: Path) -> None:
    settings = site / "site_of_ours/settings.py"
    with settings.open("a") as file:
        file.write("\nINSTALLED_APPS = tuple(INSTALLED_APPS)\n")

    add(site)

    assert 'INSTALLED_APPS += ("generators",)\n' in settings.read_text()
    succeed(["python", "manage.py", "startimport", "--help"], site)


def test_an_older_python_can_read_the_code() -> None:
    paths = [REPOSITORY / "add_importkit.py", *(REPOSITORY / "adding").glob("*.py")]

    for path in paths:
        version = (3, 6) if path.stem in {"add_importkit", "probe"} else (3, 9)
        ast.parse(path.read_text(), feature_version=version)


def test_postgresql_needs_the_driver_that_copies(site: Path, bare_python: Path) -> None:
    settings = site / "site_of_ours/settings.py"
    settings.write_text(settings.read_text().replace("sqlite3", "postgresql", 1))

    printed = add(site, python=bare_python)

    assert "Imports need polars, tqdm, winiutils, psycopg." in printed
    assert '"psycopg[binary]>=' in printed


def test_the_command_runs_from_a_git_address(site: Path, tmp_path: Path) -> None:
    uv = shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed.")
    copy_template(tmp_path / "template")
    commit(tmp_path / "template", "v1")

    address = f"git+file://{tmp_path / 'template'}"
    tool = [uv, "tool", "run", "--python", sys.base_prefix, "--from", address]
    result = run([*tool, "add-importkit", site, "--python", PYTHON], tmp_path)

    if any(text in result.stdout for text in NO_INDEX):
        pytest.skip(f"What builds the command cannot be had: {result.stdout}")
    assert result.returncode == 0, result.stdout
    assert json.loads((site / files.NOTE).read_text())["template"] == "0.1.0"
    assert names(site / "importkit") == names(REPOSITORY / FOLDER / "importkit")


@pytest.mark.parametrize("folder", ["backend", "srv/web"])
def test_a_project_is_found_below_the_folder_that_is_named(
    folder: str, site: Path
) -> None:
    inner = site.parent / "repository" / folder
    inner.parent.mkdir(parents=True)
    site.rename(inner)

    add(site.parent / "repository")

    assert (inner / "importkit").exists()
