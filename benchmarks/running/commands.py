"""How each step is run: the command for a project, a database and a file."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.running.processes import Command
from benchmarks.running.project import DEVELOPMENT, Project
from benchmarks.running.table import COLUMNS, TABLE

type MakeCommand = Callable[[Project, str, Path], Command]

DEFERRED = "benchmarks.peers.deferred"


def import_products(project: Project, url: str, file: Path) -> Command:
    """Run the command that startimport wrote."""
    return project.manage("import_products", "--file", str(file), url=url)


def dry_run(project: Project, url: str, file: Path) -> Command:
    """Run it without writing."""
    words = ("import_products", "--file", str(file), "--dry_run")
    return project.manage(*words, url=url)


def update(project: Project, url: str, file: Path) -> Command:
    """Run it for rows that are all in the table."""
    return _in_mode(project, url, file, "update")


def sync(project: Project, url: str, file: Path) -> Command:
    """Run it with a look for rows that the file does not have."""
    return _in_mode(project, url, file, "sync")


def delete(project: Project, url: str, file: Path) -> Command:
    """Run it and delete the rows that the file does not have, however many."""
    words = ("--delete", "--yes", "--max-delete", "100%")
    return _in_mode(project, url, file, "sync", *words)


def _in_mode(project: Project, url: str, file: Path, mode: str, *words: str) -> Command:
    every = ("import_products", "--file", str(file), "--mode", mode, *words)
    return project.manage(*every, url=url)


def import_noted(project: Project, url: str, file: Path) -> Command:
    """Run it so that it can be undone."""
    return project.manage("import_noted", "--file", str(file), url=url)


def undo_last(project: Project, url: str, file: Path) -> Command:
    """Undo the run that can be undone."""
    return project.manage("undo_last", url=url)


def import_unchecked(project: Project, url: str, file: Path) -> Command:
    """Run it without checking the values."""
    return project.manage("import_unchecked", "--file", str(file), url=url)


def import_unrecorded(project: Project, url: str, file: Path) -> Command:
    """Run it without a record in the ledger."""
    words = ("import_products", "--file", str(file), "--no-ledger")
    return project.manage(*words, url=url)


def stop_at_problems(project: Project, url: str, file: Path) -> Command:
    """Run it for a file with problems, which it refuses."""
    return replace(import_products(project, url, file), code=1)


def skip_problems(project: Project, url: str, file: Path) -> Command:
    """Run it for the rows that fit, and have the others kept."""
    words = ("--file", str(file), "--on-error", "skip", "--allow-rejects", "100%")
    return project.manage("import_products", *words, url=url)


def import_instances(project: Project, url: str, file: Path) -> Command:
    """Run it with instances in the place of a frame."""
    return project.manage("import_instances", "--file", str(file), url=url)


def import_plain(project: Project, url: str, file: Path) -> Command:
    """Run it with Django's bulk_create in the place of the framework's writing."""
    return project.manage("import_plain", "--file", str(file), url=url)


def check(project: Project, url: str, file: Path) -> Command:
    """Have Django load the project and check it: what every command costs."""
    return project.manage("check", url=url)


def describe(project: Project, url: str, file: Path) -> Command:
    """Have startimport read the whole file and say what its columns are."""
    # The name of an app that does not exist: nothing of the project is compared.
    words = ("startimport", "described", str(file), "--schema")
    made = project.manage(*words, url=url)
    return replace(made, variables={**made.variables, **DEVELOPMENT})


def show_help(project: Project, url: str, file: Path) -> Command:
    """Have Django list its commands."""
    return project.manage("help", url=url)


def show_options(project: Project, url: str, file: Path) -> Command:
    """Have the command list its options."""
    return project.manage("import_products", "--help", url=url)


def peer(module: str, project: Project, url: str, file: Path) -> Command:
    """Run a script of ``benchmarks/peers``."""
    return project.peer(module, str(file), url=url)


def winidjango(project: Project, url: str, file: Path) -> Command:
    """Run winidjango with the settings that it can write with."""
    words = ("import_winidjango", "--file", str(file))
    return project.manage(*words, url=url, settings=DEFERRED)


def csv_insert(project: Project, url: str, file: Path) -> Command:
    """Insert from Python's csv module, with the pragmas of the project."""
    words = (str(file), project.pragmas)
    return project.peer("csv_insert", *words, url=url)


def sqlite_import(shell: str, project: Project, url: str, file: Path) -> Command:
    """Import with the shell of SQLite, with the pragmas of the project."""
    path = url.removeprefix("sqlite:///")
    load = f'.import --csv --skip 1 "{file}" {TABLE}'
    words = (shell, "-batch", "-bail", "-cmd", project.pragmas, path, load)
    return Command(words, project.folder, {})


def psql_copy(psql: str, project: Project, url: str, file: Path) -> Command:
    """Copy with psql."""
    columns = ", ".join(COLUMNS)
    load = f"\\copy {TABLE} ({columns}) from '{file}' with (format csv, header true)"
    words = (psql, "-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", url, "-c", load)
    return Command(words, project.folder, {})
