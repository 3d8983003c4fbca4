"""Step 4, load: the rows of a checked frame become what instances hold."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import polars as pl
from django.db.models import Model

from importkit.models import is_composite, value_field, writable_fields


def python_rows(model: type[Model], df: pl.DataFrame) -> Iterator[dict[str, Any]]:
    """Yield the rows of a checked frame, with the values that instances hold."""
    reads: dict[str, Callable[[str], Any]] = {}
    for field in writable_fields(model):
        stored = value_field(field)
        if stored.get_internal_type() == "JSONField":
            reads[field.attname] = json.loads
        elif is_composite(stored):
            reads[field.attname] = stored.to_python
    for row in df.iter_rows(named=True):
        for name in reads.keys() & row.keys():
            row[name] = None if row[name] is None else reads[name](row[name])
        yield row
