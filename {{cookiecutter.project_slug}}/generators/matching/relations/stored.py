"""Values of a sample are looked up in the tables of a project; nothing is written."""

import polars as pl
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import models, transaction

from generators.code import AnyField
from generators.inference import Column, Kind
from importkit.models import all_rows, values_among

# Distinct values of a column that are looked up in a table.
LOOKED_UP = 100
# Smaller whole numbers match by chance: most tables have them as ids.
SMALL = 1000


def count_stored(field: AnyField, values: pl.Series) -> int:
    """Return how many of the values a table has; 0 if it cannot be read."""
    model: type[models.Model] = field.model
    rows = all_rows(model)
    try:
        with transaction.atomic(rows.db):
            found = values_among(rows, field, values, [field.attname])
    except (DatabaseError, ImproperlyConfigured):
        return 0
    return found.to_series().n_unique() if found.height else 0


def holds_values(model: type[models.Model], name: str) -> bool:
    """Return whether a row of a table has a value in a field; False if it cannot be read."""
    rows = all_rows(model).exclude(**{f"{name}__isnull": True})
    if model._meta.get_field(name).empty_strings_allowed:
        rows = rows.exclude(**{name: ""})
    try:
        with transaction.atomic(rows.db):
            return bool(rows.exists())
    except (DatabaseError, ImproperlyConfigured):
        return False


def is_small(column: Column) -> bool:
    """Say whether a column has numbers so small that most tables have them."""
    return column.kind is Kind.INTEGER and (column.minimum or 0) < SMALL
