"""An import goes where the project has its apps, and is called as the project calls them."""

import sys
from pathlib import Path

import pytest
from django.core.management import CommandError

from generators.naming import add_command, command_for_tests, manage_command
from tests.generators.startimport.runs import Start, contents
from tests.importkit.workbook import write_workbook


def test_an_app_below_a_package_is_named_with_the_package(
    start: Start, project: Path
) -> None:
    (project / "sites").mkdir()

    output = start("sites.parts.gadgets")

    app = project / "sites/parts/gadgets"
    assert "create  sites/parts/__init__.py" in output
    assert not (project / "sites/__init__.py").exists()
    assert 'name = "sites.parts.gadgets"' in (app / "apps.py").read_text()
    command = (app / "management/commands/import_gadgets.py").read_text()
    assert "from sites.parts.gadgets.models import Gadget\n" in command
    assert '    "sites.parts.gadgets",\n' in output


def test_a_package_that_is_missing_is_made(start: Start, project: Path) -> None:
    output = start("parts.gadgets")

    assert "create  parts/__init__.py" in output
    assert (project / "parts/gadgets/models.py").exists()


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("polars.gadgets", '"polars" is no package of this project'),
        ("json.gadgets", '"json" is no package of this project'),
        ("parts.class", '"class" cannot name an import'),
        ("parts.shop", 'The app "tests.importkit.shop" has the label "shop" already'),
        ("1.gadgets", '"1.gadgets" cannot name an import'),
    ],
)
def test_a_package_that_is_not_of_the_project_is_refused(
    name: str, message: str, start: Start, project: Path
) -> None:
    with pytest.raises(CommandError) as caught:
        start(name)

    assert message in str(caught.value)
    assert contents(project) == {}


def test_two_names_of_an_app_contradict_each_other(start: Start) -> None:
    with pytest.raises(CommandError) as caught:
        start("parts.gadgets", "--app", "tools")

    assert "leave one out" in str(caught.value)


@pytest.mark.parametrize(
    ("files", "run", "tests", "add"),
    [
        ({}, "python manage.py", "python manage.py test a.b", "python -m pip install"),
        (
            {"uv.lock": "", "pytest.ini": "[pytest]\n"},
            "uv run manage.py",
            "uv run pytest src/a/b",
            "uv add",
        ),
        (
            {"pyproject.toml": "[tool.poetry]\n[tool.pytest.ini_options]\n"},
            "poetry run python manage.py",
            "poetry run pytest src/a/b",
            "poetry add",
        ),
        (
            {"setup.cfg": "[tool:pytest]\n", ".git/x": ""},
            "python manage.py",
            "pytest src/a/b",
            "python -m pip install",
        ),
    ],
)
def test_commands_are_those_of_the_tools_that_a_project_uses(
    files: dict[str, str], run: str, tests: str, add: str, tmp_path: Path
) -> None:
    root = tmp_path / "backend"
    root.mkdir()
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    assert manage_command(root) == run
    assert command_for_tests(root, "src/a/b", "a.b") == tests
    assert add_command(root) == add


READER = "fastexcel  # reads the workbooks in production, too"
WRITER = "xlsxwriter  # writes the workbooks of the tests"


@pytest.mark.parametrize(
    ("pyproject", "steps"),
    [
        ("", [f"python -m pip install {WRITER}"]),
        ("[tool.uv]\n", [f"uv add {READER}", f"uv add --dev {WRITER}"]),
        (
            '[tool.uv]\n[project]\ndependencies = ["fastexcel>=0.21"]\n',
            [f"uv add --dev {WRITER}"],
        ),
        (
            '[tool.poetry.dependencies]\nfastexcel = "^0.21"\n',
            [f"poetry add --group dev {WRITER}"],
        ),
    ],
)
def test_what_workbooks_need_is_named_where_the_project_lacks_it(
    pyproject: str,
    steps: list[str],
    start: Start,
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sample = project.with_name("goods.xlsx")
    write_workbook(sample)
    (project / "pyproject.toml").write_text(pyproject)

    with_writer = start("goods", path=sample)
    monkeypatch.setitem(sys.modules, "xlsxwriter", None)
    without = start("wares", path=sample)

    assert added(with_writer) == [step for step in steps if WRITER not in step]
    assert added(without) == steps


def added(output: str) -> list[str]:
    """Return the commands that add packages."""
    _, _, after = output.partition("Next:\n")
    return [line.strip() for line in after.splitlines() if " # " in line]
