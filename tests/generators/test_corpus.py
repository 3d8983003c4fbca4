"""Small files, one for each thing that files do, and what is to be made of them.

Beside each ``corpus/NAME.csv`` stands ``NAME.json`` with its rows and, per column, the
kind, the field, the parser and the reason. All values are invented.
"""

import json
from pathlib import Path

import pytest

from generators.describe import ColumnSchema, describe
from tests.generators.golden import copy_project
from tests.processes import succeed

CORPUS = sorted((Path(__file__).parent / "corpus").glob("*.csv"))

# One process for all: to start Django takes longer than to run a command.
STARTS = """
from django.core.management import call_command
for name, path in samples.items():
    call_command("startimport", name, path, "-v0")
"""
IMPORTS = """
from django.apps import apps
from django.core.management import call_command
for name, path in samples.items():
    call_command(f"import_{name}", "--file", path, "-v0")
    [model] = apps.get_app_config(name).get_models()
    print(name, model.objects.count())
"""


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.stem)
def test_a_file_has_the_schema_that_stands_beside_it(path: Path) -> None:
    schema = describe(path)

    assert {
        "rows": schema.rows,
        "columns": [_expected(column) for column in schema.columns],
    } == json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def test_the_code_of_every_file_imports_each_of_its_rows(tmp_path: Path) -> None:
    project = tmp_path / "project"
    copy_project(project)

    _run(STARTS, project)
    succeed(["python", "manage.py", "migrate", "--verbosity", "0"], project)
    counted = _run(IMPORTS, project).splitlines()

    assert counted == [f"of_{path.stem} {describe(path).rows}" for path in CORPUS]


def _expected(column: ColumnSchema) -> dict[str, object]:
    known: dict[str, object] = {
        "header": column.header,
        "kind": column.kind,
        "field": column.field,
    }
    if column.parser:
        known["parser"] = column.parser
    if column.null_tokens:
        known["null_tokens"] = [*column.null_tokens]
    return {**known, "evidence": column.evidence}


def _run(code: str, project: Path) -> str:
    # With a prefix: a name such as "json" is one of Python's own modules.
    samples = {f"of_{path.stem}": str(path) for path in CORPUS}
    code = f"samples = {samples!r}\n{code}"
    return succeed(
        ["python", "manage.py", "shell", "--no-imports", "--command", code], project
    )
