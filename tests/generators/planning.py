"""Plans made from a few cells, without a file: what the tests of the generators need."""

from pathlib import Path, PurePosixPath

import polars as pl
from django.db.models import Model

from generators.code.plan import ImportPlan, Place, plan_new_model
from generators.code.rendering import Files, format_files, render
from generators.inference.column import Column
from generators.inference.infer import infer_columns
from generators.matching.matches import match
from generators.matching.plan import plan_existing_model
from generators.naming.names import Identifier, Source
from generators.sample.facts import Sample
from importkit.source import Dialect

TEMPLATE = Path(__file__).resolve().parents[2] / "{{cookiecutter.project_slug}}"

PRODUCTS = {
    "sku": ["A-1", "A-2", "A-3"],
    "name": ["Chair", "Table", "Lamp"],
    "price": ["1.50", "20.00", "3.25"],
    "quantity": ["1", "2", "3"],
    "active": ["true", "false", "true"],
    "created": ["2026-01-31", "", "2026-02-01"],
}


def place(app: str = "products", *, is_new: bool = True) -> Place:
    """Return an app that is called so."""
    return Place(Source(app), Identifier(app), PurePosixPath(app), is_new=is_new)


def sample(
    cells: dict[str, list[str]],
    dialect: Dialect | None = None,
    key: tuple[str, ...] = (),
) -> Sample:
    """Return a sample with these cells, by column."""
    columns = infer_columns(pl.DataFrame(cells))
    return Sample(dialect or Dialect(), columns, key=key)


def column(*cells: str, header: str = "thing") -> Column:
    """Return the one column of a sample with these cells."""
    [found] = infer_columns(pl.DataFrame({header: list(cells)}))
    return found


def plan_of(
    cells: dict[str, list[str]],
    name: str = "products",
    key: tuple[str, ...] = (),
    dialect: Dialect | None = None,
) -> ImportPlan:
    """Return the plan of an import with a new app and model."""
    return plan_new_model(Identifier(name), place(name), sample(cells, dialect, key))


def plan_into(
    model: type[Model], cells: dict[str, list[str]], key: tuple[str, ...] = ()
) -> ImportPlan:
    """Return the plan of an import into an existing model."""
    read = sample(cells, key=key)
    found = match(read.columns, model, pl.DataFrame(cells), {})
    shop = place("shop", is_new=False)
    return plan_existing_model(Identifier("things"), shop, read, found)


def formatted(plan: ImportPlan) -> Files:
    """Return the files of an import, as startimport writes them."""
    return format_files(render(plan), TEMPLATE)
