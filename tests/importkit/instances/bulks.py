"""Make instances and frames of drawn rows."""

from typing import Any

import polars as pl
from django.db.models import Model

from tests.importkit.instances.cases import PARENTS, OneRun, Row
from tests.importkit.shop.imports import Bulks

COLUMNS: dict[str, Any] = {
    **dict.fromkeys(("number", "since", "room", "place"), pl.Int64()),
    "due": pl.Date(),
}


def bulks_of(run: OneRun) -> Bulks:
    """Return new instances and frames of the rows of a run."""
    known: dict[tuple[type[Model], str], Model] = {}
    bulks: dict[type[Model], Any] = {}
    for model, rows in run.rows.items():
        if model in run.frames:
            bulks[model] = _frame(model, rows)
            continue
        made = []
        for row in rows:
            links = PARENTS.get(model, {})
            instance = model(**{k: v for k, v in row.items() if k not in links})
            known[model, next(iter(row.values()))] = instance
            made.append((instance, row, links))
        bulks[model] = made
    for model, made in bulks.items():
        if model in run.frames:
            continue
        for instance, row, links in made:
            for name, parent in links.items():
                if row[name] is not None:
                    setattr(instance, name, known[parent, row[name]])
        bulks[model] = [instance for instance, _, _ in made]
    return bulks


def _frame(model: type[Model], rows: list[Row]) -> pl.DataFrame:
    names = [f.name for f in model._meta.concrete_fields if f.name not in {"id", "pk"}]
    return pl.DataFrame(
        {
            name: pl.Series([r[name] for r in rows], dtype=COLUMNS.get(name, pl.String))
            for name in names
        }
    )
