"""One step for all cases in one process: to start Django takes longer than to run a command.

``test_deliveries.py`` runs this in a project, with the step and a JSON list of cases, each
with ``name``, ``options``, ``sample`` and ``next``, and reads how each command ended.
"""

import contextlib
import io
import json
import sys
from collections.abc import Iterable
from typing import Any

import django
from django.apps import apps
from django.core.management import execute_from_command_line

type Case = dict[str, Any]


def command(*arguments: str) -> dict[str, object]:
    """Run a command of the project as ``manage.py`` does; return how it ended."""
    output, code = io.StringIO(), 0
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
        try:
            execute_from_command_line(["manage.py", *arguments])
        except SystemExit as ended:
            code = int(ended.code or 0)
    return {"exit": code, "says": output.getvalue()}


def rows_of(name: str) -> list[list[str | None]]:
    """Return the rows of a case's table, without their ids, as text."""
    [model] = apps.get_app_config(name).get_models()
    names = [field.attname for field in model._meta.fields if not field.auto_created]
    rows: Iterable[tuple[object, ...]] = model._default_manager.order_by(
        "pk"
    ).values_list(*names)
    return [[None if cell is None else str(cell) for cell in row] for row in rows]


def start(cases: list[Case]) -> dict[str, object]:
    """Scaffold all cases."""
    return {
        case["name"]: command(
            "startimport", case["name"], case["sample"], *case["options"]
        )
        for case in cases
    }


def imports(cases: list[Case], file: str) -> dict[str, object]:
    """Import a file of each case that was scaffolded, and return its table as well."""
    found: dict[str, object] = {}
    for case in cases:
        if case[file] and apps.is_installed(case["name"]):
            ended = command(f"import_{case['name']}", "--file", case[file])
            found[case["name"]] = {**ended, "rows": rows_of(case["name"])}
    return found


def main() -> None:
    """Do one step for all cases: "start", or the import of "sample" or "next"."""
    step, cases = sys.argv[1], json.loads(sys.argv[2])
    django.setup()
    done = start(cases) if step == "start" else imports(cases, step)
    sys.stdout.write(json.dumps(done))


if __name__ == "__main__":
    main()
