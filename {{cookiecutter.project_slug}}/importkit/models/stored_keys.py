"""Step 3, transform: whether the rows that foreign keys refer to are there."""

from collections.abc import Iterator

import polars as pl
from django.db import router
from django.db.models import Model

from importkit import problems
from importkit.models.fields import AnyField, fit_values
from importkit.models.ordering import Key, concrete, foreign_keys
from importkit.models.rows import values_among
from importkit.source import LINE


class References:
    """The foreign keys that a frame gives as they are stored.

    What a row refers to in its own table may come behind it, so that it is looked for
    when all rows are in.
    """

    def __init__(
        self, model: type[Model], columns: list[str], unknown: set[type]
    ) -> None:
        """Look at the foreign keys among some columns.

        Args:
            model: The model that the rows go into.
            columns: Of the frame.
            unknown: Models whose rows are not in their table yet, in a dry run.
        """
        self._model = model
        self._pk: AnyField = model._meta.pk
        self._keys = [
            key
            for key in foreign_keys(model)
            if key.attname in columns
            and not key.remote_field.parent_link
            and concrete(key.related_model) not in unknown
        ]
        self._known: dict[str, pl.Series] = {}
        self._own: list[pl.Series] = []
        self._waiting: dict[str, list[pl.DataFrame]] = {}

    def missing(self, df: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield problems for rows of a batch, with lines, that refer to nothing."""
        for key in self._keys:
            values = fit_values(key, df[key.attname])
            if concrete(key.related_model) is concrete(self._model):
                rows = df.select(LINE).with_columns(values)
                self._waiting.setdefault(key.attname, []).append(rows.drop_nulls())
                continue
            yield self._problems(key, values, df[LINE], self._there(key, values))
        if self._waiting and self._pk.attname in df.columns:
            self._own.append(fit_values(self._pk, df[self._pk.attname]))

    def missing_at_the_end(self) -> Iterator[pl.DataFrame]:
        """Yield problems for rows that refer to nothing in their own table."""
        for key in self._keys:
            if key.attname not in self._waiting:
                continue
            rows = pl.concat(self._waiting[key.attname])
            values = rows[key.attname]
            there = self._there(key, values)
            for own in self._own:
                there |= values.is_in(own.implode())
            yield self._problems(key, values, rows[LINE], there)

    def _problems(
        self, key: Key, values: pl.Series, lines: pl.Series, there: pl.Series
    ) -> pl.DataFrame:
        name = key.related_model._meta.verbose_name
        reason = f"no {name} with this {key.target_field.attname}"
        wrong = values.is_not_null() & ~there
        return problems.of_rows(
            values.to_frame(), lines, wrong, problems.Code.UNKNOWN, reason
        )

    def _there(self, key: Key, values: pl.Series) -> pl.Series:
        """Say which values a parent has; each is asked for once."""
        known = self._known.get(key.attname, values.clear())
        new = values.drop_nulls().unique()
        new = new.filter(~new.is_in(known.implode()))
        if not new.is_empty():
            parent = key.related_model
            rows = parent._base_manager.using(router.db_for_write(parent))
            rows = rows.complex_filter(key.get_limit_choices_to())
            names = [key.target_field.attname]
            found = values_among(rows, key.target_field, new, names)
            known = known.append(found.to_series().alias(key.attname))
            self._known[key.attname] = known
        return values.is_in(known.implode())
