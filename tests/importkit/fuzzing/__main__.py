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
FAILED = "FAILED"
EVERY = 10  # Seconds between two reports of progress.


def main() -> None:
    """Check files, keep those that fail, and say what became of all."""
    options = read_options()
    log = options.out / f"{options.seed}.done"
    known = read_log(log)
    numbers = range(options.first, options.first + options.files)
    left = [number for number in numbers if number not in known]
    outcomes = Counter(known[number] for number in numbers if number in known)
    if outcomes:
        tell(f"{outcomes.total():,} files were checked before.")
    failed: list[Checked] = []
    started = told = time.monotonic()
    with log.open("a", encoding="utf-8") as done:
        for found in check_all(options.seed, left, options.jobs):
            outcome = found.outcome or FAILED
            outcomes[outcome] += 1
            if found.failure:
                failed.append(found)
                keep(found, options)
            done.write(f"{found.number}\t{outcome}\n")
            done.flush()
            if time.monotonic() - told > EVERY:
                told = time.monotonic()
                tell(f"{outcomes.total():,} files, {outcomes[FAILED]:,} failures ...")
    minutes = (time.monotonic() - started) / 60
    tell(f"{outcomes.total():,} files in {minutes:.1f} minutes, seed {options.seed}:")
    for outcome, number in outcomes.most_common():
        tell(f"{number:9,}  {outcome}")
    for found in failed[:SHOWN]:
        tell(f"{found.number}: {found.failure.strip().splitlines()[-1][:300]}")
    if outcomes[FAILED]:
        tell(f"{outcomes[FAILED]:,} failures are in {options.out}.")
        sys.exit(1)


def read_log(path: Path) -> dict[int, str]:
    """Return what became of the files that an earlier run with this folder has checked."""
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").split("\n")
    # The last line may have been cut where the run was ended.
    pairs = [line.partition("\t") for line in lines[:-1]]
    return {int(number): outcome for number, _, outcome in pairs}


def read_options() -> Namespace:
    """Read the command line."""
    parser = ArgumentParser("python -m tests.importkit.fuzzing", description=__doc__)
    add = parser.add_argument
    add("--files", type=int, default=1_000, help="How many files.")
    add("--seed", type=int, default=1, help="The seed from which the files are made.")
    add("--first", type=int, default=0, help="The number of the first.")
    add("--jobs", type=int, default=1, help="How many processes.")
    add(
        "--out",
        type=Path,
        help="Where files that fail are kept, and the numbers of all that were checked: "
        "with the same folder, a run goes on where another one ended.",
    )
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
