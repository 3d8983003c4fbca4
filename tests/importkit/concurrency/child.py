"""A process that imports what it is told, again and again."""

import json
import sys
from typing import Any

import django


def main() -> None:
    """Read an import from each line of standard input, and tell how it ended."""
    django.setup()
    # Models can be imported now.
    import polars as pl  # noqa: PLC0415
    from django.core.management import CommandError  # noqa: PLC0415

    from tests.importkit.shop.imports import Import, run  # noqa: PLC0415
    from tests.importkit.shop.models import Label, Product  # noqa: PLC0415

    for line in sys.stdin:
        told: dict[str, Any] = json.loads(line)
        keys, prices = zip(*told["rows"], strict=True)
        bulks: Any = {Label: pl.DataFrame({"name": keys})}
        if told["has_prices"]:
            price = pl.Series(prices).cast(pl.Decimal(8, 2))
            bulks = {Product: pl.DataFrame({"sku": keys}).with_columns(price=price)}
        try:
            text = run(
                Import(bulks, {Label: ("name",), Product: ("sku",)}), *told["flags"]
            )
            is_done = True
        except CommandError as error:
            text, is_done = str(error), False
        sys.stdout.write(f"{json.dumps({'is_done': is_done, 'text': text})}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
