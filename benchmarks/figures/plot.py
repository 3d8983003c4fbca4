"""The plot of a report: rows against seconds and memory, ours and the peers."""

from collections import defaultdict
from pathlib import Path

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from benchmarks.figures.results import Report, Result
from benchmarks.scenarios import NAMES

OURS = "#c0392b"
MEASURES = {"seconds": "seconds", "megabytes": "peak memory, MB"}
# The same report gives the same file, letter by letter.
mpl.rcParams["svg.hashsalt"] = "benchmarks"
mpl.rcParams["svg.fonttype"] = "none"


def draw(report: Report, path: Path) -> None:
    """Draw a curve for everything that imports into an empty table."""
    figure = Figure(figsize=(11, 8), layout="constrained")
    grid = figure.subplots(len(MEASURES), len(NAMES), sharex=True, squeeze=False)
    for column, (database, name) in enumerate(NAMES.items()):
        curves = _curves(report, database)
        for row, (measure, label) in enumerate(MEASURES.items()):
            axes = grid[row][column]
            _draw_curves(axes, curves, measure)
            axes.set_ylabel(label)
        grid[0][column].set_title(f"{name}, first import")
        grid[-1][column].set_xlabel("rows")
        if curves:
            grid[0][column].legend(fontsize="x-small", frameon=False)
    figure.savefig(path, metadata={"Date": None})


def _curves(report: Report, database: str) -> dict[str, list[Result]]:
    """Return what was measured of each scenario, by rows."""
    found = defaultdict(list)
    for result in report.results:
        if result.step == "first" and result.database == database and result.runs:
            found[result.title].append(result)
    return {
        title: sorted(results, key=lambda result: result.rows)
        for title, results in found.items()
    }


def _draw_curves(axes: Axes, curves: dict[str, list[Result]], measure: str) -> None:
    for title, results in curves.items():
        ours = results[0].ours
        axes.plot(
            [result.rows for result in results],
            [getattr(result, measure) for result in results],
            label=title,
            marker="o",
            markersize=4,
            linewidth=2.5 if ours else 1.2,
            color=OURS if ours else None,
            linestyle=":" if "instances" in title and ours else "-",
        )
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.grid(visible=True, which="major", alpha=0.3)
