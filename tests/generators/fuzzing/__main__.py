"""Fuzz typed tables: ``python -m tests.generators.fuzzing --tables 10000 --seed 1``."""

import sys
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import tests.generators.fuzzing._project  # noqa: F401  sets Django up
from tests.generators.fuzzing.files import case
from tests.generators.fuzzing.verdicts import judge

SHOWN = 3  # Lines of each verdict that are printed.


def main() -> None:
    """Judge tables, print those that are wrong, and count all."""
    parser = ArgumentParser("python -m tests.generators.fuzzing", description=__doc__)
    parser.add_argument("--tables", type=int, default=1_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    counted: Counter[str] = Counter()
    with TemporaryDirectory(prefix="fuzzing-") as folder:
        for number in range(options.first, options.first + options.tables):
            verdict = judge(case(options.seed, number), Path(folder))
            for kind in ("wrong", "guessed", "refused"):
                found = getattr(verdict, kind)
                counted[kind] += bool(found)
                for line in found[:SHOWN]:
                    sys.stdout.write(f"{number} {kind}: {line[:300]}\n")
    told = ", ".join(f"{number:,} {kind}" for kind, number in counted.items())
    sys.stdout.write(f"{options.tables:,} tables: {told}\n")
    sys.exit(bool(counted["wrong"]))


if __name__ == "__main__":
    main()
