"""Django as its documentation has it: instances from csv.DictReader, bulk_create."""

import csv
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from benchmarks.peers.common import start

BATCH_SIZE = 1000


def main() -> None:
    """Read every row, make an instance of it, and create them all."""
    model, path = start()
    with path.open(newline="", encoding="utf-8") as file:
        instances = [model(**convert(row)) for row in csv.DictReader(file)]
    model.objects.bulk_create(instances, batch_size=BATCH_SIZE)


def convert(row: dict[str, str]) -> dict[str, Any]:
    """Make values of the text of a row."""
    return row | {
        "price": Decimal(row["price"]),
        "stock": int(row["stock"]) if row["stock"] else None,
        "weight": float(row["weight"]) if row["weight"] else None,
        "active": row["active"] == "true",
        "since": date.fromisoformat(row["since"]),
        "updated_at": datetime.fromisoformat(row["updated_at"]),
    }


if __name__ == "__main__":
    main()
