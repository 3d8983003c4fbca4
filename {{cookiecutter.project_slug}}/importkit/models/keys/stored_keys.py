"""Step 3, transform: foreign keys that a frame gives as the table stores them.

Each key must be that of a parent; ``natural_keys`` replaces foreign keys that a frame gives
by natural keys.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType

import polars as pl
from django.db.models import Model, Q

from importkit import problems
from importkit.models.fields import AnyField
from importkit.models.ordering import AnyForeignKey, concrete, foreign_keys
from importkit.models.rows import checks_keys_at_once, scoped_rows, values_among
from importkit.models.values.fitting import fit_values
from importkit.source import LINE

KEY = "key"
_NONE = pl.DataFrame(schema=problems.SCHEMA)


class StoredKeys:
    """Finds the rows whose foreign keys refer to no parent.

    A row may refer to a later row of the same table, so such keys are checked at the end,
    unless the database wants the parent first: then the rows come in that order.
    """

    def __init__(
        self,
        model: type[Model],
        columns: list[str],
        to_come: Callable[[AnyForeignKey], pl.Series | None],
        scope: Mapping[type[Model], Q] = MappingProxyType({}),
    ) -> None:
        """Choose the foreign keys to check.

        Args:
            model: The model of the rows.
            columns: The columns of the frame.
            to_come: Returns the keys of parents that a dry run has not created; None if
                nobody knows them, so that the foreign key is not checked.
            scope: The rows of each concrete model that may be parents.
        """
        self._scope = scope
        self._model = model
        self._pk: AnyField = model._meta.pk
        given = [
            key
            for key in foreign_keys(model)
            if key.attname in columns and not key.remote_field.parent_link
        ]
        coming = {key: to_come(key) for key in given}
        self._keys = [key for key in given if coming[key] is not None]
        self._is_ordered = checks_keys_at_once(model)
        self._known: dict[str, pl.Series] = {
            key.attname: fit_values(key, keys).drop_nulls()
            for key, keys in coming.items()
            if keys is not None
        }
        self._own: list[pl.DataFrame] = []
        self._waiting: dict[str, list[pl.DataFrame]] = {}

    def missing(
        self, df: pl.DataFrame, refused: Sequence[pl.DataFrame]
    ) -> Iterator[pl.DataFrame]:
        """Yield the problems of a batch, with lines: rows that refer to no parent.

        Args:
            df: The rows.
            refused: The problems of earlier rows, which are no parents.
        """
        own = [
            k for k in self._keys if concrete(k.related_model) is concrete(self._model)
        ]
        if own and self._pk.attname in df.columns:
            keys = fit_values(self._pk, df[self._pk.attname]).alias(KEY)
            self._own.append(df.select(LINE).with_columns(keys))
        for key in self._keys:
            values = fit_values(key, df[key.attname])
            if key in own and self._is_ordered:
                exist = self._exist_with_own(key, values, refused)
                yield self._problems(key, values, df[LINE], exist)
                continue
            if key in own:
                rows = df.select(LINE).with_columns(values)
                self._waiting.setdefault(key.attname, []).append(rows.drop_nulls())
                continue
            yield self._problems(key, values, df[LINE], self._exist(key, values))

    def missing_at_the_end(
        self, refused: Sequence[pl.DataFrame]
    ) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows that refer to no row of their own table."""
        for key in self._keys:
            if key.attname not in self._waiting:
                continue
            rows = pl.concat(self._waiting[key.attname])
            values = rows[key.attname]
            exist = self._exist_with_own(key, values, refused)
            yield self._problems(key, values, rows[LINE], exist)

    def _problems(
        self, key: AnyForeignKey, values: pl.Series, lines: pl.Series, exist: pl.Series
    ) -> pl.DataFrame:
        name = key.related_model._meta.verbose_name
        reason = f"no {name} with this {key.target_field.attname}"
        wrong = values.is_not_null() & ~exist
        return problems.of_rows(
            values.to_frame(), lines, wrong, problems.Code.UNKNOWN, reason
        )

    def _exist_with_own(
        self, key: AnyForeignKey, values: pl.Series, refused: Sequence[pl.DataFrame]
    ) -> pl.Series:
        """Return which values a parent has, or a row of the frame that is not refused."""
        exist = self._exist(key, values)
        lines = pl.concat([wrong["line"] for wrong in refused or [_NONE]])
        for own in self._own:
            keys = own.filter(~pl.col(LINE).is_in(lines.implode()))[KEY]
            exist |= values.is_in(keys.implode())
        return exist

    def _exist(self, key: AnyForeignKey, values: pl.Series) -> pl.Series:
        """Return which values a parent has; each distinct value is queried once."""
        known = self._known.get(key.attname, values.clear())
        new = values.drop_nulls().unique()
        new = new.filter(~new.is_in(known.implode()))
        if not new.is_empty():
            parent = key.related_model
            rows = scoped_rows(
                parent, self._scope.get(concrete(parent))
            ).complex_filter(key.get_limit_choices_to())
            names = [key.target_field.attname]
            found = values_among(rows, key.target_field, new, names)
            known = known.append(found.to_series().alias(key.attname))
            self._known[key.attname] = known
        return values.is_in(known.implode())
