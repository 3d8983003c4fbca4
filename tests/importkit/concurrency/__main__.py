"""Run pairs of imports at once: ``python -m tests.importkit.concurrency --pairs 100``."""

import json
import os
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

import django

from tests.importkit.concurrency.pairs import Pair, Rows, Told, pairs
from tests.importkit.import_data.test_killed import ROOT, variables
from tests.importkit.killing.__main__ import tell
from tests.importkit.killing.databases import database
from tests.processes import environment

CHILD = "tests.importkit.concurrency.child"
# Before the transaction imports wait for each other by the locks of the ledger, and in it
# by those of the database, which must do without a ledger, too.
WAYS = (("--wait", "60"), ("--no-ledger",))


class BrokenError(Exception):
    """A promise was not kept; says which."""


@contextmanager
def child() -> Iterator["subprocess.Popen[str]"]:
    """Start a process that imports what it is told."""
    process = subprocess.Popen(  # noqa: S603  the script beside this one
        [sys.executable, "-m", CHILD],
        cwd=ROOT,
        env=environment(**variables(os.environ["DATABASE_URL"])),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def send(
    process: "subprocess.Popen[str]", told: Told, *flags: str, has_prices: bool
) -> None:
    """Have a process import."""
    line = {
        "rows": list(told.rows.items()),
        "flags": [*told.flags, *flags],
        "has_prices": has_prices,
    }
    assert process.stdin is not None
    process.stdin.write(f"{json.dumps(line)}\n")
    process.stdin.flush()


def answer(process: "subprocess.Popen[str]") -> dict[str, Any]:
    """Wait for the end of an import."""
    assert process.stdout is not None
    found: dict[str, Any] = json.loads(process.stdout.readline())
    return found


def tried(pair: Pair, two: Any, *flags: str, has_prices: bool) -> None:
    """Run a pair, and raise if the table or the words are not those of one by one."""
    fill(pair.before, has_prices=has_prices)
    for process, told in zip(two, (pair.first, pair.second), strict=True):
        send(process, told, *flags, has_prices=has_prices)
    for found in map(answer, two):
        if not found["is_done"]:
            raise BrokenError(f"an import is refused: {found['text']}")
    rows = stored(has_prices=has_prices)
    table = dict(rows)
    if len(table) < len(rows):
        raise BrokenError(f"{len(rows) - len(table)} rows are there twice")
    if not (pair.allows(table) if has_prices else _has_all(pair, table)):
        raise BrokenError(f"the table holds {table}")


def _has_all(pair: Pair, table: Rows) -> bool:
    keys = {*pair.before, *pair.first.rows, *pair.second.rows}
    return pair.kind == "sync" or table.keys() == keys


def fill(rows: Rows, *, has_prices: bool) -> None:
    """Have the table hold these rows and no others."""
    from tests.importkit.shop.models import Label, Product  # noqa: PLC0415

    Product.objects.all().delete()
    Label.objects.all().delete()
    if has_prices:
        Product.objects.bulk_create(Product(sku=k, price=p) for k, p in rows.items())
    else:
        Label.objects.bulk_create(Label(name=key) for key in rows)


def stored(*, has_prices: bool) -> list[tuple[str, int]]:
    """Return the rows of the table."""
    from tests.importkit.shop.models import Label, Product  # noqa: PLC0415

    if has_prices:
        rows = Product.objects.values_list("sku", "price")
        return [(sku, int(price)) for sku, price in rows]
    return [(name, 0) for name in Label.objects.values_list("name", flat=True)]


def main() -> None:
    """Run so many pairs and print how many of each kind went well."""
    parser = ArgumentParser(
        "python -m tests.importkit.concurrency", description=__doc__
    )
    add = parser.add_argument
    add("--pairs", type=int, default=100, help="The number of pairs.")
    add("--database", choices=("sqlite", "postgresql"), default="sqlite")
    add("--seed", type=int, default=1, help="The seed of the pairs.")
    options = parser.parse_args()
    chance = Random(options.seed)  # noqa: S311  to be repeated, not to be secret
    found: Counter[str] = Counter()
    with TemporaryDirectory() as name, database(options.database, Path(name)) as base:
        os.environ.update(variables(base.url))
        django.setup()
        from django.core.management import call_command  # noqa: PLC0415

        call_command("migrate", run_syncdb=True, verbosity=0)
        with child() as first, child() as second:
            for number, pair in enumerate(islice(pairs(chance), options.pairs)):
                has_prices = bool(number % 3)
                kind = pair.kind if has_prices else f"{pair.kind}, no constraint"
                try:
                    flags = WAYS[number % len(WAYS)]
                    tried(pair, (first, second), *flags, has_prices=has_prices)
                except BrokenError as error:
                    sys.exit(
                        f"Pair {number + 1}, seed {options.seed}, {kind}: {error}."
                    )
                found[kind] += 1
    tell(f"{options.pairs} pairs, {options.database}, seed {options.seed}:")
    for kind, count in sorted(found.items()):
        tell(f"{count:5}  {kind}")


if __name__ == "__main__":
    main()
