"""What the measurements must show, and what they should: ours beside the peers."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import product

from benchmarks.figures.results import Report, Result
from benchmarks.scenarios import NAMES, POSTGRES, SQLITE

MILLION = 1_000_000
LARGE = 10 * MILLION

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
        *_upserts(report),
        *_rates(report),
        *_dry_runs(report),
        _help(report),
        *_checks(report),
        *_problems(report),
        *_memory(report),
    ]


def _against_raw(report: Report) -> Iterator[Ratio]:
    title = "PostgreSQL, first import: seconds / psql \\copy"
    yield Ratio(title, _raw(report, "ours_postgres", "psql_copy"), 1.1, 0.75)
    title = "SQLite, first import: seconds / .import"
    yield Ratio(title, _raw(report, "ours_sqlite", "sqlite_import"), 0.95, 0.6)


def _upserts(report: Report) -> Iterator[Ratio]:
    for database in (SQLITE, POSTGRES):
        for step, title, must, goal in (
            ("again", "same file again", 1.0, 0.5),
            ("changed", "1 % changed", 1.2, 0.6),
            ("update", "--mode update, 1 % changed", 1.2, 0.6),
            ("sync", "--mode sync, 1 % changed", 1.5, 0.8),
            ("delete", "--mode sync --delete, 5 % gone", 2, 1),
        ):
            key = f"ours_{database}"
            then, first = report.find(key, step), report.find(key, "first")
            value = _divide(then, first, lambda a, b: a.seconds / b.seconds)
            text = f"{NAMES[database]}, {title}: seconds / first import"
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
    for database in (SQLITE, POSTGRES):
        found = report.find(f"ours_{database}", "dry_run", MILLION)
        text = f"{NAMES[database]}, --dry_run of 1,000,000 rows: CPU seconds"
        yield Ratio(text, found.cpu if found else None, 6, 3, unit="s")


def _help(report: Report) -> Ratio:
    ours, django = report.find("help", "command"), report.find("help", "django")
    value = _divide(ours, django, lambda a, b: a.seconds / b.seconds)
    return Ratio("import_products --help: seconds / manage.py help", value, 1.3, 1.1)


def _checks(report: Report) -> Iterator[Ratio]:
    for database in (SQLITE, POSTGRES):
        checked = report.find(f"ours_{database}", "first")
        unchecked = report.find(f"unchecked_{database}", "unchecked")
        value = _divide(checked, unchecked, lambda a, b: a.seconds / b.seconds)
        text = f"{NAMES[database]}, first import: seconds / checks off"
        yield Ratio(text, value, 1.25, 1.1)


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
        value = _divide(found, clean, lambda a, b: a.seconds / b.seconds)
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
        yield Ratio(f"{name}, 10,000,000 rows: peak memory", peak, 700, 350, "MB")
        value = _divide(large, small, lambda a, b: a.megabytes / b.megabytes)
        text = f"{name}, peak memory: 10,000,000 rows / 1,000,000"
        yield Ratio(text, value, 1.3, 1.05)


def _raw(report: Report, ours: str, peer: str) -> Value:
    first, other = report.find(ours, "first"), report.find(peer, "first")
    return _divide(first, other, lambda a, b: a.seconds / b.seconds)


def _divide(one: Result | None, other: Result | None, compute: Compute) -> Value:
    return compute(one, other) if one and other else None
