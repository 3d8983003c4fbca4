"""A sample is scaffolded, migrated and imported, then the next delivery: each cell is right.

In ``deliveries/``, a case is ``NAME.json`` and its sample, ``NAME.csv`` or of another
ending. ``NAME.next.csv`` is the next delivery, imported into the same table. The JSON has
the steps ``startimport``, ``import`` and ``next``, each with

    exit      the exit code; 0 where it is left out
    says      parts of what the command prints, in any order
    never     parts that it must not print
    options   options of startimport
    rows      of imports: the rows of the table after it, in the order in which they were
              written, without their ids; each cell as ``str`` of its value, or null

Instead of files, the JSON may have sheets, from which workbooks are written: "sample" and
"delivery", each with the arguments of ``write_cells``, and "ending" unless it is xlsx.

Without "rows" the table is not compared. All values are invented.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.generators.golden import copy_project
from tests.importkit.workbook import write_cells
from tests.processes import succeed

FOLDER = Path(__file__).parent / "deliveries"
DRIVER = FOLDER / "driver.py"
CASES = sorted(path.stem for path in FOLDER.glob("*.json"))

STEPS = ("startimport", "import", "next")

type Steps = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Steps]:
    """How each step of each case ended, by the step and the name of the case."""
    project = tmp_path_factory.mktemp("deliveries") / "project"
    copy_project(project)
    start = _run("start", project)
    succeed(["python", "manage.py", "migrate", "--verbosity", "0"], project)
    first, then = _run("sample", project), _run("next", project)
    return {"startimport": start, "import": first, "next": then}


@pytest.mark.parametrize("case", CASES)
def test_every_cell_of_a_delivery_arrives(case: str, ended: dict[str, Steps]) -> None:
    steps = json.loads((FOLDER / f"{case}.json").read_text(encoding="utf-8"))
    for name in STEPS:
        if (expected := steps.get(name)) is None:
            continue
        found = ended[name][f"of_{case}"]
        said = " ".join(found["says"].split())

        assert found["exit"] == expected.get("exit", 0), found["says"]
        for part in expected.get("says", ()):
            assert part in said
        for part in expected.get("never", ()):
            assert part not in said
        if "rows" in expected:
            assert found["rows"] == expected["rows"]


def _sheet(sheet: dict[str, Any], path: Path) -> str:
    write_cells(path, **sheet)
    return str(path)


def _file(name: str) -> str | None:
    files = (path for path in FOLDER.glob(f"{name}.*") if path.suffix != ".json")
    return next((str(p) for p in files if not p.name.startswith(f"{name}.next.")), None)


def _run(step: str, project: Path) -> Steps:
    cases = []
    for name in CASES:
        steps = json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))
        options = steps.get("startimport", {}).get("options", [])
        files = {"sample": _file(name), "next": _file(f"{name}.next")}
        ending = steps.get("ending", "xlsx")
        for file, key in {"sample": "sample", "next": "delivery"}.items():
            if key in steps:
                path = project.parent / f"{name}.{file}.{ending}"
                files[file] = _sheet(steps[key], path)
        cases.append({"name": f"of_{name}", "options": options, **files})
    output = succeed(
        ["python", DRIVER, step, json.dumps(cases)],
        project,
        variables={
            "PYTHONPATH": str(project),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        timeout=600,
    )
    done: Steps = json.loads(output.splitlines()[-1])
    return done
