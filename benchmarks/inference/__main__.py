"""Score ours and others: ``uv run --group bench python -m benchmarks.inference FILE``."""

import os
import sys
import time
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import django

from benchmarks.inference.answers import Known, read_answers
from benchmarks.inference.scoring import Outcome, Score, is_scored, outcome, score

TEMPLATE = Path(__file__).resolve().parents[2] / "{{cookiecutter.project_slug}}"
RIGHT = (Outcome.EXACT, Outcome.LOSSLESS)
EXPLANATION = """
exact: the declared type. lossless: another one that keeps each value. string: text,
which is safe. open: declared as text, but nothing in the values says so. HARM: values
would change or be refused. failed: the tool could not read the file.
"""

type Types = Mapping[str, str] | None


def main() -> None:
    """Run every tool over the files of the answers and print a table of outcomes."""
    parser = ArgumentParser("python -m benchmarks.inference", description=__doc__)
    parser.add_argument("answers", type=Path, help="The JSON of files and their types.")
    parser.add_argument(
        "--misses", action="store_true", help="List what startimport misses."
    )
    options = parser.parse_args()
    prepare()
    # Only now is there a project for ours to run in.
    from benchmarks.inference.tools import TOOLS, versions  # noqa: PLC0415

    files = read_answers(options.answers)
    used = ", ".join(f"{name} {version}" for name, version in versions().items())
    tell = sys.stdout.write
    tell(f"{len(files):,} files; {used}\n\n")
    tell(f"{'':12}{''.join(f'{name:>10}' for name in [*Outcome, 'seconds'])}\n")
    for name, tool in TOOLS.items():
        start = time.perf_counter()
        found = []
        for known in files:
            try:
                found.append((known, tool(known)))
            except Exception:  # Whatever a tool raises, it has failed.
                found.append((known, None))
        seconds = time.perf_counter() - start
        tell(row(name, found, seconds))
        if options.misses and name == "startimport":
            tell("".join(misses(found)))
    tell(EXPLANATION)


def prepare() -> None:
    """Start Django with the settings of the tests, for ours."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.path.insert(0, str(TEMPLATE))
    django.setup()


def row(name: str, found: list[tuple[Known, Types]], seconds: float) -> str:
    """Return the shares of a tool as a line of the table."""
    total: Score = Counter()
    for known, types in found:
        total += score(known.columns, types)
    columns = sum(total.values()) or 1
    shares = "".join(f"{total[outcome] / columns:>10.2%}" for outcome in Outcome)
    return f"{name:12}{shares}{seconds:>10.1f}\n"


def misses(found: list[tuple[Known, Types]]) -> Iterator[str]:
    """Yield a line for each column that is not right and not open, without values."""
    for known, types in found:
        if types is None:
            yield f"  failed: {known.path.name}\n"
            continue
        for column in filter(is_scored, known.columns):
            seen = types.get(column.header, "null")
            what = outcome(column, seen)
            if what not in (*RIGHT, Outcome.OPEN):
                where = f"{known.path.name}: {column.header}"
                yield f"  {what}: {where}: {column.declared}, found {seen}\n"


if __name__ == "__main__":
    main()
