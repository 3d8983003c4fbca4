"""Tables of a report: the same cells for a terminal and for Markdown."""

from collections.abc import Sequence

from benchmarks.figures.ratios import Ratio
from benchmarks.figures.results import Report, Result
from benchmarks.scenarios import NAMES

HEADERS = ("database", "what", "rows", "seconds", "rows/s", "peak MB", "CPU s")
ALIGNED = "llrrrrr"
RATIO_HEADERS = ("ratio", "value", "must", "holds", "goal", "holds")
RATIO_ALIGNED = "lrrlrl"

type Rows = Sequence[Sequence[str]]
type Results = Sequence[Result]


def measured(results: Results) -> list[list[str]]:
    """Return the cells of the results, in order."""
    return [_cells(result) for result in results]


def compared(ratios: Sequence[Ratio]) -> list[list[str]]:
    """Return the cells of the ratios."""
    return [
        [
            ratio.title,
            "-" if ratio.value is None else _number(ratio.value, ratio.unit),
            *_bar(ratio, ratio.must),
            *_bar(ratio, ratio.goal),
        ]
        for ratio in ratios
    ]


def failures(report: Report) -> list[str]:
    """Say what could not be measured, and why."""
    return [
        f"{NAMES[result.database]}, {result.title}: {result.failure}"
        for result in report.results
        if result.failure
    ]


def as_text(headers: Sequence[str], rows: Rows, aligned: str) -> str:
    """Lay out a table for a terminal."""
    table = [list(headers), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    lines = [
        "  ".join(
            cell.rjust(width) if side == "r" else cell.ljust(width)
            for cell, width, side in zip(row, widths, aligned, strict=True)
        ).rstrip()
        for row in table
    ]
    lines.insert(1, "-" * (sum(widths) + 2 * len(widths) - 2))
    return "\n".join(lines)


def as_markdown(headers: Sequence[str], rows: Rows, aligned: str) -> str:
    """Write a table in Markdown."""
    ruler = ["---:" if side == "r" else "---" for side in aligned]
    table = [headers, ruler, *rows]
    return "\n".join(f"| {' | '.join(row)} |" for row in table)


def _cells(result: Result) -> list[str]:
    names = [NAMES[result.database], result.title]
    rows = f"{result.rows:,}" if result.rows else ""
    if not result.runs:
        return [*names, rows, "failed", "", "", ""]
    return [
        *names,
        rows,
        f"{result.seconds:.2f}",
        f"{result.rate:,.0f}" if result.rows else "",
        f"{result.megabytes:,.0f}",
        f"{result.cpu:.2f}",
    ]


def _bar(ratio: Ratio, bar: float) -> list[str]:
    holds = {None: "-", True: "yes", False: "NO"}[ratio.holds(bar)]
    return [f"{'>=' if ratio.more else '<='} {_number(bar, ratio.unit)}", holds]


def _number(value: float, unit: str) -> str:
    if unit == "MB":
        return f"{value:,.0f} MB"
    digits = 2 if value < 10 else 0
    return f"{value:.{digits}f}{' s' if unit == 's' else unit}"
