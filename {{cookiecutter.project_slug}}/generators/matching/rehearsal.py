"""A rehearsal: the generated command imports the sample in a dry run, before it is written.

The code that startimport would write runs from memory, against the project's database, so
that the numbers and problems that are told are those of the import. Nothing is written.
"""

import io
import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from types import ModuleType, new_class
from typing import Any

import polars as pl
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import Error as DatabaseError
from django.db import transaction
from django.db.models import Model

from generators.code import ImportPlan, render_import
from importkit.cleaning import CleaningDF
from importkit.errors import CleaningError, ConfigurationError, SourceError
from importkit.import_data import ImportDataBaseCommand
from importkit.models import all_rows
from importkit.problems import LINES, ROWS, SCHEMA, Place

# What ends a run, apart from the problems of rows.
ENDINGS = (CommandError, CleaningError, ConfigurationError, DatabaseError, SourceError)


@dataclass(frozen=True)
class Rehearsal:
    """What the import says of the sample.

    Attributes:
        report: The report of the run.
        keys: The natural key of each model that has one.
        refusal: Why the run ended before it knew what becomes of each row; may be empty.
    """

    report: Mapping[str, Any]
    keys: Mapping[type[Model], tuple[str, ...]]
    refusal: str = ""

    @property
    def problems(self) -> pl.DataFrame:
        """The problems, of ``problems.SCHEMA``, with their values hidden."""
        return pl.DataFrame(self.report.get("problems", []), schema=SCHEMA)

    @property
    def left_out(self) -> pl.DataFrame:
        """``line`` and ``reason`` of the rows that cleaning leaves out."""
        rows = self.report.get("left_out", [])
        return pl.DataFrame(rows, schema={"line": pl.Int64, "reason": pl.String})

    @property
    def warnings(self) -> list[str]:
        """What each run warns of before it writes."""
        return list(self.report.get("warnings", []))

    @property
    def place(self) -> Place:
        """What the lines count."""
        is_line = self.report.get("problems_in") == LINES.plural
        return LINES if is_line else ROWS

    @property
    def counts(self) -> str:
        """What would become of the rows of each model, in words."""
        return "; ".join(map(_counted, self.report.get("models", [])))


def why_not_rehearsed(model: type[Model]) -> str:
    """Return why the database cannot be asked about a model; empty if it can."""
    rows = all_rows(model)
    try:
        with transaction.atomic(rows.db):
            rows.exists()
    except (DatabaseError, ImproperlyConfigured) as error:
        text = str(error).strip().partition("\n")[0]
        return (
            f"The import was not tried on the database, which says: {text}. Once the "
            "database is there and migrated, the import with --dry_run says what becomes "
            "of the rows."
        )
    return ""


def rehearse(plan: ImportPlan, file: Path | None, rows: pl.DataFrame) -> Rehearsal:
    """Run the generated import on the sample, in a dry run.

    Args:
        plan: The plan of the import.
        file: The sample; None where its rows cannot be read twice, or only some count.
        rows: The rows of the sample, with their lines.
    """
    with _loaded(plan) as commands, TemporaryDirectory() as folder:
        command = _hiding(commands, rows if file is None else None)()
        report = Path(folder) / "report.json"
        # Only of a file the rows without problems can be counted apart.
        skip = [] if file is None else ["--on-error", "skip"]
        flags = ["--dry_run", *skip, "--report", str(report)]
        out, refusal = io.StringIO(), ""
        try:
            call_command(
                command, "--file", str(file or "-"), *flags, stdout=out, stderr=out
            )
        except ENDINGS as error:
            refusal = str(error)
        found = json.loads(report.read_bytes()) if report.exists() else {}
    is_told = found.get("models") or found.get("problems")
    return Rehearsal(found, command.get_natural_keys(), "" if is_told else refusal)


@contextmanager
def _loaded(plan: ImportPlan) -> Iterator[type[ImportDataBaseCommand]]:
    """Load the modules of an import from the text that would be written."""
    files = render_import(plan)
    root, folder = str(plan.place.module), str(plan.place.folder)
    paths = {
        f"{root}.cleaning.{plan.name}": f"{folder}/cleaning/{plan.name}.py",
        f"{root}.management.commands.import_{plan.name}": (
            f"{folder}/management/commands/import_{plan.name}.py"
        ),
    }
    before = {name: sys.modules.get(name) for name in paths}
    try:
        for name, path in paths.items():
            module = sys.modules[name] = ModuleType(name)
            exec(compile(files[path], path, "exec"), vars(module))  # noqa: S102 - our own
        yield module.Command
    finally:
        for name, module_before in before.items():
            sys.modules.pop(name, None)
            if module_before is not None:
                sys.modules[name] = module_before


def _hiding(
    command: type[ImportDataBaseCommand], rows: pl.DataFrame | None
) -> type[ImportDataBaseCommand]:
    """Return a command of which no message shows a value, and that may read given rows."""

    def handle_import(_self: ImportDataBaseCommand) -> pl.DataFrame | None:
        return rows

    def get_cleaning_df_cls(self: ImportDataBaseCommand) -> type[CleaningDF]:
        return _all_personal(command.get_cleaning_df_cls(self))

    body: dict[str, object] = {
        "__module__": command.__module__,
        "get_cleaning_df_cls": get_cleaning_df_cls,
    }
    if rows is not None:
        body["handle_import"] = handle_import
    made: type[ImportDataBaseCommand] = new_class(
        command.__name__, (command,), exec_body=lambda names: names.update(body)
    )
    return made


def _all_personal(rules: type[CleaningDF]) -> type[CleaningDF]:
    def get_personal_cols(cls: type[CleaningDF]) -> tuple[str, ...]:
        return tuple(cls.get_col_dtype_map())

    body = {
        "__module__": rules.__module__,
        "get_personal_cols": classmethod(get_personal_cols),
    }
    made: type[CleaningDF] = new_class(
        rules.__name__, (rules,), exec_body=lambda names: names.update(body)
    )
    return made


def _counted(model: Mapping[str, Any]) -> str:
    parts = [f"{model['new']:,} new"]
    if model["mode"] != "insert":
        parts += [f"{model['changed']:,} changed", f"{model['unchanged']:,} unchanged"]
    return f"{model['model']} {', '.join(parts)}"
