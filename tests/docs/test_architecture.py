"""What docs/architecture.md says of the folders, held against them."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.processes import succeed
from tests.template.baking import FOLDER, REPOSITORY

PROJECT = REPOSITORY / FOLDER
PAGE = (PROJECT / "docs" / "architecture.md").read_text()
# What generated code and the guides import, and so do people; these paths stay.
PUBLIC = {
    "importkit.bulk": {
        "bulk_create_bulks_in_steps",
        "bulk_create_in_steps",
        "bulk_delete_in_steps",
        "bulk_update_in_steps",
        "get_differences_between_bulks",
        "load_bulks",
        "multi_simulate_bulk_deletion",
        "simulate_bulk_deletion",
    },
    "importkit.cleaning": {
        "CleaningDF",
        "DType",
        "Parser",
        "Policy",
        "boolean",
        "date",
        "datetime",
        "duration",
        "epoch",
        "number",
        "time",
        "unwrapped",
    },
    "importkit.commands": {"ABCBaseCommand"},
    "importkit.errors": {"CleaningError", "ConfigurationError", "SourceError"},
    "importkit.import_data": {"ImportDataBaseCommand"},
    "importkit.models": {"BaseModel", "topological_sort_models"},
    "importkit.source": {
        "Dialect",
        "read_csv",
        "read_source",
        "scan_csv",
        "scan_source",
    },
}
DOORS = sorted(
    ".".join(door.parent.relative_to(PROJECT).parts)
    for package in ("importkit", "generators")
    for door in (PROJECT / package).rglob("__init__.py")
    if "__all__" in door.read_text()
)


def section(title: str) -> str:
    """Return the text below a heading of the page."""
    return PAGE.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def named_paths(text: str) -> list[str]:
    """Return the paths of files and folders that a text names."""
    found = re.findall(r"`((?:importkit|generators|tests)/[\w./]*)`", text)
    assert found
    return found


def test_each_file_for_a_change_is_there() -> None:
    table = section("Where does my change go?")

    missing = [
        path
        for path in named_paths(table)
        if not (PROJECT / path).exists() and not (REPOSITORY / path).exists()
    ]

    assert missing == []
    assert table.count("\n| ") - 2 >= 10


@pytest.mark.parametrize(
    ("title", "package"),
    [("An import", "importkit"), ("A startimport run", "generators")],
)
def test_each_folder_is_in_its_picture(title: str, package: str) -> None:
    folders = {
        path.name
        for path in (PROJECT / package).iterdir()
        if (path / "__init__.py").exists() and path.name != "management"
    }

    assert {name for name in folders if f"{name}/" not in section(title)} == set()


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_what_people_import_stays_where_it_is(path: str) -> None:
    module = import_module(path)

    assert {name for name in PUBLIC[path] if not hasattr(module, name)} == set()
    assert f"`{path}`" in section("The rules of the house")


@pytest.mark.parametrize("door", DOORS)
def test_a_door_exports_what_it_says(door: str) -> None:
    module = import_module(door)
    source = (PROJECT / Path(*door.split(".")) / "__init__.py").read_text()
    imported = {
        alias.asname or alias.name
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module
        if node.module.split(".")[0] in ("importkit", "generators")
        for alias in node.names
    }

    assert set(module.__all__) == imported
    assert {name for name in module.__all__ if not hasattr(module, name)} == set()


@pytest.mark.parametrize(
    ("path", "absent"),
    [
        ("importkit.cleaning", "django"),
        ("importkit.source", "django"),
        ("importkit.problems", "django"),
        ("importkit.source", "importkit.source.sheets"),
        ("importkit.source", "importkit.source.detection"),
    ],
)
def test_a_step_does_not_load_what_few_runs_need(path: str, absent: str) -> None:
    loads = f"import sys, {path}; sys.exit({absent!r} in sys.modules)"

    succeed(["python", "-c", loads], PROJECT)


def test_a_model_with_times_loads_no_polars() -> None:
    loads = (
        "import django, sys; django.setup(); import importkit.models as m; m.BaseModel;"
        " sys.exit('polars' in sys.modules)"
    )

    succeed(
        ["python", "-c", loads],
        PROJECT,
        variables={"DJANGO_SETTINGS_MODULE": "config.settings"},
    )
