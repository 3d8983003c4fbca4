"""Fuzz whole files: ``python -m tests.importkit.fuzzing --files 100000 --seed 1``."""

import sys
import time
from argparse import ArgumentParser, Namespace
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp

# The project that is tested; processes of workers get this path as well.
sys.path.append(str(Path(__file__).parents[3] / "{{cookiecutter.project_slug}}"))

from tests.importkit.fuzzing.cases import case
from tests.importkit.fuzzing.workers import Checked, check_all

SHOWN = 20  # Failures that are printed; all are in the folder.
EVERY = 10  # Seconds between two reports of progress.


def main() -> None:
    """Check files, keep those that fail, and say what became of all."""
    options = read_options()
    numbers = range(options.first, options.first + options.files)
    outcomes: Counter[str] = Counter()
    failed: list[Checked] = []
    started = told = time.monotonic()
    for found in check_all(options.seed, numbers, options.jobs):
        outcomes[found.outcome or "FAILED"] += 1
        if found.failure:
            failed.append(found)
            keep(found, options)
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            tell(f"{outcomes.total():,} files, {len(failed):,} failures ...")
    minutes = (time.monotonic() - started) / 60
    tell(f"{outcomes.total():,} files in {minutes:.1f} minutes, seed {options.seed}:")
    for outcome, number in outcomes.most_common():
        tell(f"{number:9,}  {outcome}")
    for found in failed[:SHOWN]:
        tell(f"{found.number}: {found.failure.strip().splitlines()[-1][:300]}")
    if failed:
        tell(f"{len(failed):,} failures are in {options.out}.")
        sys.exit(1)


def read_options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser("python -m tests.importkit.fuzzing", description=__doc__)
    add = parser.add_argument
    add("--files", type=int, default=1_000, help="How many files.")
    add("--seed", type=int, default=1, help="The seed from which the files are made.")
    add("--first", type=int, default=0, help="The number of the first.")
    add("--jobs", type=int, default=1, help="How many processes.")
    add("--out", type=Path, help="Where files that fail are kept.")
    options = parser.parse_args()
    if options.out is None:
        options.out = Path(mkdtemp(prefix="fuzzing-failures-"))
    options.out.mkdir(parents=True, exist_ok=True)
    return options


def keep(found: Checked, options: Namespace) -> None:
    """Write a file that failed, and beside it how it was imported and how it failed."""
    name = f"{options.seed}-{found.number}"
    failing = case(options.seed, found.number)
    (options.out / f"{name}.csv").write_bytes(failing.data)
    again = f"python -m tests.importkit.fuzzing --seed {options.seed}"
    (options.out / f"{name}.txt").write_text(
        f"{failing}\nagain: {again} --first {found.number} --files 1\n\n{found.failure}\n",
        encoding="utf-8",
        errors="backslashreplace",
    )


def tell(text: str) -> None:
    """Print at once, for whoever waits."""
    sys.stdout.write(f"{text}\n".encode("ascii", "backslashreplace").decode())
    sys.stdout.flush()


if __name__ == "__main__":
    main()
