"""An import in a process of its own, which says how far it is."""

import sys
from pathlib import Path
from typing import Any

import django

WRITING, WRITTEN = "writing", "written"


def main(path: Path) -> None:
    """Import a file of prices and keep the rows that do not fit."""
    django.setup()
    # Models can be imported now.
    import polars as pl  # noqa: PLC0415
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import connection  # noqa: PLC0415

    from importkit.cleaning import CleaningDF, DType  # noqa: PLC0415
    from importkit.loading import pipeline  # noqa: PLC0415
    from importkit.loading.writers.choice import LOADERS  # noqa: PLC0415
    from importkit.source import scan_csv  # noqa: PLC0415
    from tests.importkit.shop.imports import Import  # noqa: PLC0415
    from tests.importkit.shop.models import Product  # noqa: PLC0415

    class Rules(CleaningDF):
        @classmethod
        def get_col_dtype_map(cls) -> dict[str, DType]:
            return {"sku": pl.String, "price": pl.Decimal(8, 2)}

    class Goods(Import):
        def handle_import(self) -> Any:
            return scan_csv(path)

        def get_bulks_by_model(self, df: Any) -> Any:
            return {Product: df}

    pipeline.MANY = 1_000  # The indexes of an empty table are built at the end.
    say_when_it_writes(LOADERS[connection.vendor])
    command = Goods({}, {Product: ("sku",)}, rules=Rules)
    skip = ("--on-error", "skip", "--allow-rejects", "100%", "--yes")
    call_command(command, "--batch_size", "50", "-v0", *skip)
    say(WRITTEN)


def say_when_it_writes(loader: Any) -> None:
    """Have a loader say so when it writes for the first time."""
    insert = loader.insert

    def watched(self: Any, *args: Any) -> None:
        loader.insert = insert
        say(WRITING)
        insert(self, *args)

    loader.insert = watched


def say(what: str) -> None:
    """Print at once."""
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
