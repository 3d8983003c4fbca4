"""Import products without checks: what the checks cost is the rest."""

from typing import Any
from unittest.mock import patch

import polars as pl
from django.db.models import Model
from products.management.commands import import_products  # type: ignore[import-not-found]

from importkit import problems
from importkit.cleaning import CleaningDF
from importkit.models.fields import writable_fields
from importkit.models.values.fitting import fit_values


class Command(import_products.Command):  # type: ignore[misc]
    """Read, cast and write as always, but look at no value.

    These checks are off: empty cells in required columns, NaN, control characters, and
    everything that the fields and constraints of the model demand. Types are still read,
    and natural keys still compared: without these there would be nothing to write.
    """

    def get_cleaning_df_cls(self) -> type[CleaningDF]:
        class Unchecked(super().get_cleaning_df_cls()):  # type: ignore[misc]
            def check(self) -> None:
                """Check nothing."""

        return Unchecked

    def handle_command(self) -> None:
        with patch("importkit.loading.row_checks.fit", _cast):
            super().handle_command()


def _cast(model: type[Model], df: pl.DataFrame, *_: Any) -> tuple[Any, Any]:
    fields = [f for f in writable_fields(model) if f.attname in df.columns]
    fitting = pl.DataFrame([fit_values(field, df[field.attname]) for field in fields])
    return fitting, pl.DataFrame(schema=problems.SCHEMA)
