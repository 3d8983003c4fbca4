"""What the measurements must show, and what they should: ours beside the peers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.figures.results import Report, Result
from benchmarks.scenarios import NAMES, POSTGRES, SQLITE

MILLION = 1_000_000
LARGE = 10 * MILLION
# The command of each database itself, and how long a first import of ours took beside it
# on 2026-11-25: the yardstick for imports into a full table, since it does not become
# shorter where first imports become faster.
RAW = {SQLITE: ("sqlite_import", ".import"), POSTGRES: ("psql_copy", "psql \\copy")}
THEN = {SQLITE: 0.71, POSTGRES: 1.07}

type Value = float | None
type Compute = Callable[[Result, Result], float]


@dataclass(frozen=True)
class Ratio:
    """One figure with its two bars.

    Attributes:
        title: What is compared.
        value: None where it was not measured.
        must: What it has to reach.
        goal: What it should reach.
        unit: What stands behind the number.
        more: Whether more is better.
    """

    title: str
    value: Value
    must: float
    goal: float
    unit: str = "x"
    more: bool = False

    def holds(self, bar: float) -> bool | None:
        """Say whether a bar is reached; None where nothing was measured."""
        if self.value is None:
            return None
        return self.value >= bar if self.more else self.value <= bar


def ratios(report: Report) -> list[Ratio]:
    """Compute every ratio of a report, those that were not measured included."""
    return [
        *_against_raw(report),
        *_growth(report),
        *_upserts(report),
        *_syncs(report),
        *_undo(report),
        *_rates(report),
        *_dry_runs(report),
        *_small(report),
        _help(report),
        *_describe(report),
        *_checks(report),
        *_problems(report),
        *_memory(report),
    ]


def _against_raw(report: Report) -> Iterator[Ratio]:
    for database, rows, must, goal in (
        (POSTGRES, None, 0.7, 0.5),
        (POSTGRES, LARGE, 0.5, 0.33),
        (SQLITE, None, 0.8, 0.65),
    ):
        first = report.find(f"ours_{database}", "first", rows)
        key, command = RAW[database]
        value = _by_seconds(first, report.find(key, "first", rows))
        size = f" of {rows:,} rows" if rows else ""
        text = f"{NAMES[database]}, first import{size}: seconds / {command}"
        yield Ratio(text, value, must, goal)


def _growth(report: Report) -> Iterator[Ratio]:
    for database in (POSTGRES, SQLITE):
        large = report.find(f"ours_{database}", "first", LARGE)
        small = report.find(f"ours_{database}", "first", MILLION)
        value = _divide(small, large, lambda a, b: a.rate / b.rate)
        text = f"{NAMES[database]}, seconds a row: 10,000,000 rows / 1,000,000"
        yield Ratio(text, value, 1.3, 1.1)


def _upserts(report: Report) -> Iterator[Ratio]:
    for database, of_same in ((SQLITE, (0.8, 0.5)), (POSTGRES, (0.55, 0.4))):
        for step, title, must, goal in (
            ("again", "same file again", *of_same),
            ("changed", "1 % changed", 1.2, 0.6),
            ("update", "--mode update, 1 % changed", 1.2, 0.6),
            ("sync", "--mode sync, 1 % changed", 1.5, 0.8),
            ("delete", "--mode sync --delete, 5 % gone", 2, 1),
        ):
            key, command = RAW[database]
            found, raw = (
                report.find(f"ours_{database}", step),
                report.find(key, "first"),
            )
            value = _by_seconds(found, raw, THEN[database])
            text = f"{NAMES[database]}, {title}: seconds"
            yield Ratio(f"{text} / {THEN[database]} x {command}", value, must, goal)


def _syncs(report: Report) -> Iterator[Ratio]:
    for database in (SQLITE, POSTGRES):
        key = f"sync_{database}"
        upsert = report.find(key, "upsert")
        for step, title, must, goal in (
            ("none", "--mode sync, nothing missing", 1.3, 1.1),
            ("some", "--mode sync, 1 % missing", 1.3, 1.1),
            ("half", "--mode sync, half missing", 1, 0.7),
            ("all", "--mode sync --delete, all rows but one", 2, 1),
        ):
            value = _by_seconds(report.find(key, step), upsert)
            text = f"{NAMES[database]}, {title}: seconds / upsert of the whole file"
            yield Ratio(text, value, must, goal)


def _undo(report: Report) -> Iterator[Ratio]:
    for database in (SQLITE, POSTGRES):
        key = f"undo_{database}"
        plain = report.find(key, "plain")
        for step, title, must, goal in (
            ("noted", "all changed, keeps_undo", 1.3, 1.15),
            ("undo", "imports --undo", 2, 1),
        ):
            value = _by_seconds(report.find(key, step), plain)
            text = f"{NAMES[database]}, {title}: seconds / all changed"
            yield Ratio(text, value, must, goal)


def _rates(report: Report) -> Iterator[Ratio]:
    for ours, peer, title, must, goal in (
        ("ours_sqlite", "winidjango", "winidjango", 8, 12),
        ("ours_sqlite", "import_export_row", "django-import-export, row", 80, 150),
        ("ours_sqlite", "import_export_bulk", "django-import-export, bulk", 10, 20),
        ("instances_sqlite", "plain_sqlite", "bulk_create of the same", 1.5, 2.5),
        ("instances_postgres", "plain_postgres", "bulk_create of the same", 1.5, 2.5),
    ):
        first, other = report.find(ours, "first"), report.find(peer, "first")
        value = _divide(first, other, lambda a, b: a.rate / b.rate)
        name = NAMES[ours.rpartition("_")[2]]
        what = "instances, " if ours.startswith("instances") else ""
        text = f"{name}, {what}rows a second / {title}"
        yield Ratio(text, value, must, goal, more=True)


def _dry_runs(report: Report) -> Iterator[Ratio]:
    for database, must in ((SQLITE, 5), (POSTGRES, 3.5)):
        found = report.find(f"ours_{database}", "dry_run", MILLION)
        text = f"{NAMES[database]}, --dry_run of 1,000,000 rows: CPU seconds"
        yield Ratio(text, found.cpu if found else None, must, 3, unit="s")


def _small(report: Report) -> Iterator[Ratio]:
    for database, (step, title) in product(
        (SQLITE, POSTGRES), (("new", "first import"), ("again", "same file again"))
    ):
        key = f"small_{database}"
        value = _by_seconds(report.find(key, step), report.find(key, "check"))
        text = f"{NAMES[database]}, 1,000 rows, {title}: seconds / manage.py check"
        yield Ratio(text, value, 1.6, 1.3)


def _help(report: Report) -> Ratio:
    ours, django = report.find("help", "command"), report.find("help", "django")
    value = _by_seconds(ours, django)
    return Ratio("import_products --help: seconds / manage.py help", value, 1.3, 1.1)


def _describe(report: Report) -> Iterator[Ratio]:
    for rows in (MILLION, LARGE):
        ours = report.find("describe", "describe", rows)
        duckdb = report.find("describe_duckdb", "describe", rows)
        text = f"startimport --schema of {rows:,} rows: seconds / DuckDB"
        yield Ratio(text, _by_seconds(ours, duckdb), 0.4, 0.25)


def _checks(report: Report) -> Iterator[Ratio]:
    for database in (SQLITE, POSTGRES):
        checked = report.find(f"ours_{database}", "first")
        for key, without, must, goal in (
            ("unchecked", "checks off", 1.25, 1.1),
            ("unrecorded", "--no-ledger", 1.02, 1.01),
        ):
            value = _by_seconds(checked, report.find(f"{key}_{database}", key))
            text = f"{NAMES[database]}, first import: seconds / {without}"
            yield Ratio(text, value, must, goal)


def _problems(report: Report) -> Iterator[Ratio]:
    for database, (kind, what), step in product(
        (SQLITE, POSTGRES),
        (
            ("bad", "a bad price in every row"),
            ("uneven", "a field too many in every row"),
        ),
        ("stop", "skip"),
    ):
        key = f"{kind}_{database}"
        found, clean = report.find(key, step), report.find(key, "clean")
        value = _by_seconds(found, clean)
        text = f"{NAMES[database]}, {what}, {step}"
        yield Ratio(f"{text}: seconds / clean file", value, 3, 1.5)
        peak = found.megabytes if found else None
        yield Ratio(f"{text}: peak memory", peak, 600, 400, "MB")


def _memory(report: Report) -> Iterator[Ratio]:
    for database in (SQLITE, POSTGRES):
        large = report.find(f"ours_{database}", "first", LARGE)
        small = report.find(f"ours_{database}", "first", MILLION)
        name = NAMES[database]
        peak = large.megabytes if large else None
        yield Ratio(f"{name}, 10,000,000 rows: peak memory", peak, 450, 350, "MB")
        value = _divide(large, small, lambda a, b: a.megabytes / b.megabytes)
        text = f"{name}, peak memory: 10,000,000 rows / 1,000,000"
        yield Ratio(text, value, 1.15, 1.05)


def _by_seconds(one: Result | None, other: Result | None, times: float = 1) -> Value:
    """Return the seconds of one result for each second of so many times another."""
    return _divide(one, other, lambda a, b: a.seconds / (times * b.seconds))


def _divide(one: Result | None, other: Result | None, compute: Compute) -> Value:
    return compute(one, other) if one and other else None
