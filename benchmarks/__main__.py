"""Measure ours and the peers: ``uv run --group bench python -m benchmarks``."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.figures import tables
from benchmarks.figures.ratios import LARGE, MILLION, ratios
from benchmarks.figures.results import Report, Result
from benchmarks.running.data import DataFolder
from benchmarks.running.machine import machine, versions
from benchmarks.running.measuring import TRIAL_ROWS, Bench, places
from benchmarks.running.postgres import PostgresServer, start_server
from benchmarks.running.processes import HERE, tell
from benchmarks.running.project import make_project
from benchmarks.scenarios import NAMES, Scenario, scenarios

CURVE = (100_000, MILLION, LARGE)


def main() -> None:
    """Measure, print the tables and keep the figures."""
    options = read_options()
    with start_server() as server, TemporaryDirectory(prefix="bench") as folder:
        psql = server.psql if server else None
        wanted = [s for s in scenarios(psql) if s.is_wanted(options.only)]
        bench = make_bench(Path(folder), server)
        report = Report(
            date=datetime.now(UTC).date().isoformat(),
            rows=options.rows,
            repeats=options.repeats,
            machine=machine(),
            versions=versions(server.version if server else ""),
        )
        options.out.mkdir(parents=True, exist_ok=True)
        for result in measure(bench, wanted, options):
            report = replace(report, results=(*report.results, result))
            # At once, so that what took hours is there whatever comes later.
            report.write(options.out / "results.json")
    show(report)


def read_options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser("python -m benchmarks", description=__doc__)
    add = parser.add_argument
    add("--rows", type=int, default=MILLION, help="Rows of the file.")
    add("--repeats", type=int, default=3, help="Runs of each step.")
    add(
        "--only",
        type=lambda text: text.split(","),
        default=[],
        metavar="A,B",
        help=f"Of {', '.join(NAMES)}, ours, peers, and the names of scenarios: "
        + ", ".join(scenario.key for scenario in scenarios(None)),
    )
    add("--out", type=Path, default=HERE, help="Where results.json goes.")
    curve = " ".join(f"{rows:,}" for rows in CURVE)
    add("--large", action="store_true", help=f"Also {curve} rows, each once.")
    options = parser.parse_args()
    known = {s.key for s in scenarios(None)} | {*NAMES, "ours", "peers"}
    if unknown := sorted(set(options.only) - known):
        parser.error(f"--only knows no {', '.join(unknown)}")
    return options


def make_bench(folder: Path, server: PostgresServer | None) -> Bench:
    """Write the sample, bake the project and migrate the databases."""
    tell("Baking a project ...")
    data = DataFolder(folder)
    project = make_project(folder, data.get(TRIAL_ROWS).path)
    return Bench(project, data, places(project, folder, server), folder)


def measure(
    bench: Bench, wanted: list[Scenario], options: Namespace
) -> Iterator[Result]:
    """Measure every scenario with the rows asked for, then what the curve lacks."""
    for scenario in wanted:
        repeats = max(options.repeats, scenario.repeats)
        yield from bench.measure(scenario, options.rows, repeats)
    for rows in CURVE if options.large else ():
        for scenario in wanted:
            is_new = scenario.rows(rows) == rows != scenario.rows(options.rows)
            if is_new and scenario.is_in_curve:
                yield from bench.measure(scenario.only_first(), rows, 1)
        if rows != options.rows:
            bench.data.forget(rows)


def show(report: Report) -> None:
    """Print the tables, and what is missing from them."""
    lists = [results for results in (report.main(), report.curve()) if results]
    parts = [
        tables.as_text(tables.HEADERS, tables.measured(results), tables.ALIGNED)
        for results in lists
    ]
    rows = tables.compared(ratios(report))
    parts.append(tables.as_text(tables.RATIO_HEADERS, rows, tables.RATIO_ALIGNED))
    parts += tables.failures(report)
    sys.stdout.write("\n" + "\n\n".join(parts) + "\n")


if __name__ == "__main__":
    main()
