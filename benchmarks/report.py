"""Write the figures of results.json into README.md: ``python -m benchmarks.report``."""

from argparse import ArgumentParser
from pathlib import Path

from benchmarks.figures import tables
from benchmarks.figures.plot import draw
from benchmarks.figures.ratios import ratios
from benchmarks.figures.results import Report, read
from benchmarks.running.processes import HERE

BEGIN, END = "<!-- figures: begin -->", "<!-- figures: end -->"
PLOT = "plot.svg"


def main() -> None:
    """Read results.json in a folder; write the plot and the README beside it."""
    parser = ArgumentParser("python -m benchmarks.report", description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="Where results.json is.")
    folder = parser.parse_args().out
    report = read(folder / "results.json")
    draw(report, folder / PLOT)
    before, _, rest = (HERE / "README.md").read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    text = f"{before}{BEGIN}\n\n{figures(report)}\n\n{END}{after}"
    (folder / "README.md").write_text(text, encoding="utf-8")


def figures(report: Report) -> str:
    """Return everything between the markers."""
    times = "once" if report.repeats == 1 else f"{report.repeats} times"
    parts = [
        f"Measured on {report.date}, {report.rows:,} rows, each step {times}.",
        f"Machine: {_listed(report.machine)}.",
        f"With: {_listed(report.versions)}.",
        "### Medians",
        _measured(report.main()),
        "### Ratios",
        tables.as_markdown(
            tables.RATIO_HEADERS, tables.compared(ratios(report)), tables.RATIO_ALIGNED
        ),
        "### Curve",
        f"![Rows against seconds and memory]({PLOT})",
    ]
    if curve := report.curve():
        parts.append(_measured(curve))
    if missing := tables.failures(report):
        parts += ["### Not measured", *(f"```text\n{text}\n```" for text in missing)]
    return "\n\n".join(parts)


def _measured(results: tables.Results) -> str:
    rows = tables.measured(results)
    return tables.as_markdown(tables.HEADERS, rows, tables.ALIGNED)


def _listed(facts: dict[str, str]) -> str:
    return ", ".join(f"{name} {value}" for name, value in facts.items())


if __name__ == "__main__":
    main()
