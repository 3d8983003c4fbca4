"""Check many cases: ``python -m tests.importkit.instances --cases 5000 --seed 1``."""

import os
import sys
import time
import traceback
from argparse import ArgumentParser
from pathlib import Path

# The project that is tested.
sys.path.append(str(Path(__file__).parents[3] / "{{cookiecutter.project_slug}}"))

import django
from django.conf import settings
from django.core.management import call_command
from django.db import transaction

EVERY = 10  # Seconds between two reports of progress.
SHOWN = 5  # Failures that are printed.


def main() -> None:
    """Check cases in an empty database in memory, and say how many failed."""
    parser = ArgumentParser("python -m tests.importkit.instances", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000, help="How many cases.")
    parser.add_argument("--seed", type=int, default=1, help="What the cases are of.")
    parser.add_argument("--first", type=int, default=0, help="The number of the first.")
    options = parser.parse_args()
    _set_up()
    from tests.importkit.instances.check import check  # noqa: PLC0415  needs models

    failed: list[int] = []
    started = told = time.monotonic()
    for number in range(options.first, options.first + options.cases):
        with transaction.atomic():
            try:
                check(options.seed, number)
            except Exception:
                failed.append(number)
                if len(failed) <= SHOWN:
                    sys.stdout.write(traceback.format_exc()[-3000:])
            transaction.set_rollback(True)
        if time.monotonic() - told > EVERY:
            told = time.monotonic()
            done = number + 1 - options.first
            sys.stdout.write(f"{done:,} cases, {len(failed):,} failures ...\n")
            sys.stdout.flush()
    seconds = time.monotonic() - started
    sys.stdout.write(
        f"{options.cases:,} cases in {seconds:.0f} s, seed {options.seed}: "
        f"{len(failed):,} failures {failed[:20]}\n"
    )
    sys.exit(bool(failed))


def _set_up() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    os.environ.setdefault("DEBUG", "true")
    # Bulks are small: to hand them to other threads takes longer than to check them.
    os.environ.setdefault("POLARS_MAX_THREADS", "1")
    for database in settings.DATABASES.values():
        database["NAME"] = ":memory:"
    django.setup()
    call_command("migrate", run_syncdb=True, verbosity=0)


if __name__ == "__main__":
    main()
