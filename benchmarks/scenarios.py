"""What is measured: our import in its steps, and each peer in one."""

from dataclasses import dataclass, replace
from functools import partial
from importlib.util import find_spec
from shutil import which
from typing import Self

from benchmarks.running import commands as run
from benchmarks.running.commands import MakeCommand
from benchmarks.running.data import Kind

SQLITE, POSTGRES = "sqlite", "postgres"
BARE = "sqlite_without_id"
NAMES = {SQLITE: "SQLite", POSTGRES: "PostgreSQL"}

# The most rows for what makes instances, which takes minutes for more ...
FOR_INSTANCES = 200_000
# ... for peers that no bar at ten million rows asks for ...
FOR_PEERS = 1_000_000
# ... for what takes a minute for them ...
FOR_ROWS = 20_000
# ... and of a small file, as most are.
SMALL = 1_000
# What takes half a second is measured at least so often.
SHORT_REPEATS = 7


@dataclass(frozen=True)
class Step:
    """One process.

    Attributes:
        name: What results and ratios call it.
        title: What tables call it.
        command: Makes the command for a project, the address of a database and a file.
        kind: The kind of file that it takes; None: it takes no file.
        leaves: The kind of file that the table must hold afterwards; None: what is in
            the table does not matter.
        rejects: Whether all rows of the file must be in its rejects afterwards.
    """

    name: str
    title: str
    command: MakeCommand
    kind: Kind | None = Kind.CLEAN
    leaves: Kind | None = Kind.CLEAN
    rejects: bool = False

    @classmethod
    def of(cls, kind: Kind, name: str, title: str, command: MakeCommand) -> Self:
        """Return a step after which the table holds the file that it takes."""
        return cls(name, title, command, kind, kind)


@dataclass(frozen=True)
class Scenario:
    """Steps that follow each other in one fresh database.

    Attributes:
        key: What results, ratios and ``--only`` call it.
        place: Which kind of database it needs.
        steps: In their order; the first is the import that the curve shows.
        ours: Whether it is the import of a project from this template.
        largest: The most rows it is measured with.
        repeats: How often at least it is measured.
        missing: Why it cannot be measured here, if so.
        is_in_curve: Whether it is measured for the curve.
    """

    key: str
    place: str
    steps: tuple[Step, ...]
    ours: bool = False
    largest: int | None = None
    repeats: int = 1
    missing: str = ""
    is_in_curve: bool = True

    @property
    def database(self) -> str:
        """Return the database as results name it."""
        return POSTGRES if self.place == POSTGRES else SQLITE

    def is_wanted(self, only: list[str]) -> bool:
        """Say whether one of these words names it, its database, or its kind."""
        kind = "ours" if self.ours else "peers"
        return not only or bool({self.key, self.database, kind} & set(only))

    def rows(self, wanted: int) -> int:
        """Return with how many rows it is measured where so many are wanted."""
        return min(wanted, self.largest or wanted)

    def only_first(self) -> "Scenario":
        """Return it without the steps that the curve does not show."""
        return replace(self, steps=self.steps[:1])


def scenarios(psql: str | None) -> list[Scenario]:
    """List everything, what cannot be measured here included."""
    sqlite = [*_on_both(SQLITE), *_raw_sqlite(), _winidjango(), *_import_export()]
    both = [*_on_both(POSTGRES), *_raw_postgres(psql)]
    others = [
        scenario
        for place in (SQLITE, POSTGRES)
        for scenario in (*_costs(place), _syncs(place), _undo(place), _small(place))
    ]
    return [*sqlite, *both, *others, *_describe(), _help()]


def _on_both(place: str) -> list[Scenario]:
    steps = (
        Step("first", "ours, first import", run.import_products),
        Step("again", "ours, same file again", run.import_products),
        Step("dry_run", "ours, --dry_run on the full table", run.dry_run),
        Step.of(Kind.CHANGED, "changed", "ours, 1 % changed", run.import_products),
        Step("update", "ours, --mode update, 1 % changed", run.update),
        Step.of(Kind.CHANGED, "sync", "ours, --mode sync, 1 % changed", run.sync),
        Step.of(
            Kind.LACKS_5, "delete", "ours, --mode sync --delete, 5 % gone", run.delete
        ),
    )
    of_instances: dict[str, tuple[str, MakeCommand]] = {
        "instances": ("ours, from instances", run.import_instances),
        "plain": ("the same instances, bulk_create", run.import_plain),
        "django": ("csv.DictReader, bulk_create", partial(run.peer, "django_models")),
    }
    return [
        Scenario(f"ours_{place}", place, steps, ours=True),
        *(
            Scenario(
                f"{name}_{place}",
                place,
                (Step("first", title, command),),
                ours=name == "instances",
                largest=FOR_INSTANCES,
            )
            for name, (title, command) in of_instances.items()
        ),
    ]


def _costs(place: str) -> list[Scenario]:
    """List what checks and the ledger cost, and what rows cost that do not fit."""
    return [
        *(
            Scenario(
                f"{name}_{place}",
                place,
                (Step(name, f"ours, {title}", make),),
                ours=True,
                is_in_curve=False,
            )
            for name, title, make in (
                ("unchecked", "checks off", run.import_unchecked),
                ("unrecorded", "--no-ledger", run.import_unrecorded),
            )
        ),
        *(
            Scenario(
                f"{kind}_{place}",
                place,
                (
                    Step.of(kind, "stop", f"{title}, stop", run.stop_at_problems),
                    Step("skip", f"{title}, skip", run.skip_problems, kind, kind, True),
                    Step("clean", f"a clean file after {kind}", run.import_products),
                ),
                ours=True,
                is_in_curve=False,
            )
            for kind, title in (
                (Kind.BAD, "a bad price in every row"),
                (Kind.UNEVEN, "a field too many in every row"),
            )
        ),
    ]


def _syncs(place: str) -> Scenario:
    """Look for rows that a file lacks: none, some, half, all but one."""
    return Scenario(
        f"sync_{place}",
        place,
        (
            Step("load", "ours, import before --mode sync", run.import_products),
            Step("upsert", "ours, same file before it", run.import_products),
            Step("none", "ours, --mode sync, nothing missing", run.sync),
            Step("some", "ours, --mode sync, 1 % missing", run.sync, Kind.LACKS_1),
            Step("half", "ours, --mode sync, half missing", run.sync, Kind.LACKS_50),
            Step.of(Kind.ONE, "all", "ours, --delete of all rows but one", run.delete),
        ),
        ours=True,
        is_in_curve=False,
    )


def _undo(place: str) -> Scenario:
    """Change all rows without and with what undoing takes, and undo that."""
    return Scenario(
        f"undo_{place}",
        place,
        (
            Step("load", "ours, import before all prices change", run.import_products),
            Step.of(Kind.DEARER, "plain", "ours, all changed", run.import_products),
            Step("noted", "ours, all changed, keeps_undo", run.import_noted),
            Step.of(Kind.DEARER, "undo", "ours, imports --undo", run.undo_last),
        ),
        ours=True,
        is_in_curve=False,
    )


def _small(place: str) -> Scenario:
    """Import a small file, beside what every command of Django costs."""
    return Scenario(
        f"small_{place}",
        place,
        (
            Step("check", "manage.py check", run.check, None, None),
            Step("new", "ours, small file", run.import_products),
            Step("again", "ours, same small file again", run.import_products),
        ),
        ours=True,
        largest=SMALL,
        repeats=SHORT_REPEATS,
        is_in_curve=False,
    )


def _describe() -> list[Scenario]:
    """Read a whole file to say what its columns are."""
    duckdb = partial(run.peer, "duckdb_describe")
    return [
        Scenario(
            "describe",
            SQLITE,
            (Step("describe", "startimport --schema", run.describe, leaves=None),),
            ours=True,
        ),
        Scenario(
            "describe_duckdb",
            SQLITE,
            (Step("describe", "DuckDB, sample_size=-1", duckdb, leaves=None),),
            missing=_not_installed("duckdb"),
        ),
    ]


def _raw_sqlite() -> list[Scenario]:
    shell = which("sqlite3")
    shell_import = partial(run.sqlite_import, shell or "")
    return [
        Scenario(
            "sqlite_import",
            BARE,
            (Step("first", "sqlite3 .import", shell_import),),
            missing="" if shell else "there is no sqlite3 on the PATH",
        ),
        Scenario(
            "csv_insert",
            BARE,
            (Step("first", "csv, executemany", run.csv_insert),),
            largest=FOR_PEERS,
        ),
    ]


def _winidjango() -> Scenario:
    return Scenario(
        "winidjango",
        SQLITE,
        (Step("first", "winidjango", run.winidjango),),
        largest=FOR_INSTANCES,
        missing=_not_installed("winidjango"),
    )


def _import_export() -> list[Scenario]:
    return [
        Scenario(
            f"import_export_{mode}",
            SQLITE,
            (Step("first", f"django-import-export, {mode}", command),),
            largest=FOR_ROWS,
            missing=_not_installed("import_export"),
        )
        for mode, command in (
            ("row", partial(run.peer, "row_resource")),
            ("bulk", partial(run.peer, "bulk_resource")),
        )
    ]


def _raw_postgres(psql: str | None) -> list[Scenario]:
    copy = (
        Step("first", "psql \\copy", partial(run.psql_copy, psql))
        if psql
        else Step("first", "COPY through psycopg", partial(run.peer, "raw_copy"))
    )
    django_copy = partial(run.peer, "postgres_copy")
    return [
        Scenario("psql_copy", POSTGRES, (copy,)),
        Scenario(
            "postgres_copy",
            POSTGRES,
            (Step("first", "django-postgres-copy", django_copy),),
            largest=FOR_PEERS,
            missing=_not_installed("postgres_copy"),
        ),
    ]


def _help() -> Scenario:
    steps = (
        Step("django", "manage.py help", run.show_help, None, None),
        Step(
            "command", "manage.py import_products --help", run.show_options, None, None
        ),
    )
    return Scenario("help", SQLITE, steps, True, largest=1, repeats=SHORT_REPEATS)


def _not_installed(package: str) -> str:
    if find_spec(package):
        return ""
    return f"{package} is not installed: uv sync --group bench"
