"""An import in a process of its own, which stands still in the middle of writing."""

import sys
import time
from pathlib import Path
from typing import Any

import django

BATCHES = 3


def main(path: Path, *flags: str) -> None:
    """Import a file; with the flag ``--stand-still``, wait there for the end."""
    django.setup()
    # Models can be imported now.
    import polars as pl  # noqa: PLC0415
    from django.core.management import CommandError, call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415
    from django.db.models import Model  # noqa: PLC0415

    from importkit.cleaning import CleaningDF, DType  # noqa: PLC0415
    from importkit.loading.writers.choice import LOADERS  # noqa: PLC0415
    from importkit.source import scan_csv  # noqa: PLC0415
    from tests.importkit.shop.imports import Import  # noqa: PLC0415
    from tests.importkit.shop.models import Product  # noqa: PLC0415

    class Rules(CleaningDF):
        @classmethod
        def get_col_dtype_map(cls) -> dict[str, DType]:
            return {"sku": pl.String}

    call_command("migrate", run_syncdb=True, verbosity=0)
    options = [flag for flag in flags if flag != "--stand-still"]
    keys: dict[type[Model], tuple[str, ...]] = {Product: ("sku",)}
    source = scan_csv(path)
    command = Import(lambda df: {Product: df}, keys, source=source, rules=Rules)
    if len(options) != len(flags):
        stand_still(LOADERS[connection.vendor])
    try:
        call_command(command, "--batch_size", "10", *options)
    except CommandError as error:
        sys.stdout.write(f"{error}\n")
        sys.exit(error.returncode)


def stand_still(loader: Any) -> None:
    """Say so and wait when some batches are written."""
    insert = loader.insert
    calls: list[None] = []

    def watched(self: Any, *args: Any) -> None:
        insert(self, *args)
        calls.append(None)
        if len(calls) == BATCHES:
            sys.stdout.write("standing still\n")
            sys.stdout.flush()
            time.sleep(60)

    loader.insert = watched


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
