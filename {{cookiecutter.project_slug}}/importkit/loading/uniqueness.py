"""Step 4, load: the rows that repeat a unique set of another row are found."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from django.db.models import Exists, Model, OuterRef, QuerySet

from importkit import problems
from importkit.cleaning import SeenKeys
from importkit.loading.plan import Mode, TableTarget
from importkit.loading.writers.judging import AGAIN, OUTSIDE, TAKEN, TAKEN_BY_ANOTHER
from importkit.models import (
    Comparison,
    all_rows,
    concrete,
    field_of,
    unique_sets,
    value_field,
    values_among,
)
from importkit.source import LINE


class Uniqueness:
    """Finds rows that repeat a unique set of a table.

    The database itself checks unique sets, at no cost for good rows. This class finds
    the rows to blame after the database has refused a batch, and in a dry run the rows
    that it would refuse. Unique constraints with a condition or an expression are left to
    the database.
    """

    def __init__(self, target: TableTarget, columns: Sequence[str]) -> None:
        """Choose the unique sets whose columns the frame has, except the natural key."""
        self._target = target
        self._key = [] if target.mode is Mode.INSERT else list(target.key)
        found = {tuple(sorted(names)) for names in unique_sets(target.model)}
        self._seen = {
            names: SeenKeys()
            for names in sorted(found)
            if set(names) <= set(columns)
            and set(names) != set(self._key)
            and not any(map(self._is_json, names))
        }

        self._of_parents = [
            (parent, list(names))
            for parent, names in _sets_of_parents(target.model)
            if set(names) <= set(columns)
            and not (target.mode is Mode.UPDATE and set(names) == set(self._key))
        ]
        sets = [*self._seen, *(tuple(names) for _, names in self._of_parents)]
        used = dict.fromkeys(name for names in sets for name in names)
        self._compared = Comparison(target.model, [*used, *self._key])

    def repeated(self, rows: pl.DataFrame, *, written: bool) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows that repeat a unique set.

        Args:
            rows: The columns of fields, in their types, and ``_line``.
            written: Whether earlier batches are in the table; if not, this object
                remembers their values.
        """
        for names, seen in self._seen.items():
            keys = self._compared.of(rows.select(names))
            again = ~keys.select(pl.struct(pl.all()).is_first_distinct()).to_series()
            if not written:
                again |= seen.repeats(keys)
            again &= keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
            yield problems.of_rows(
                rows.select(names), rows[LINE], again, problems.Code.UNIQUE, AGAIN
            )
            rows = rows.filter(~again)
        for wrong in self._taken_outside(rows):
            rows = rows.filter(~rows[LINE].is_in(wrong["line"].implode()))
            yield wrong
        yield from self._taken(rows)

    def remember(self, rows: pl.DataFrame) -> None:
        """Remember the values of good rows that are not written."""
        for names, seen in self._seen.items():
            seen.repeats(self._compared.of(rows.select(names)))

    def _taken_outside(self, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows that repeat a unique set of a row out of scope."""
        if self._target.scope is None:
            return
        key = tuple(sorted(self._key))
        is_unique = key in {tuple(sorted(s)) for s in unique_sets(self._target.model)}
        outside = all_rows(self._target.model).exclude(
            pk__in=self._target.rows.values("pk")
        )
        for names in [*self._seen, *([key] if key and is_unique else [])]:
            stored = self._compared.of(self._stored(rows, list(names), outside))
            keys = self._compared.of(rows.select(names)).with_row_index("row of batch")
            found = keys.join(stored, on=list(names), how="semi")["row of batch"]
            taken = pl.Series([False]).new_from_index(0, rows.height)
            taken = taken.scatter(found, values=True)
            yield problems.of_rows(
                rows.select(names), rows[LINE], taken, problems.Code.UNIQUE, OUTSIDE
            )
            rows = rows.filter(~taken)

    def _taken(self, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows that repeat a unique set of another stored row."""
        stored = {
            names: self._stored(rows, list(names), self._target.rows)
            for names in self._seen
        }
        reason = TAKEN_BY_ANOTHER if self._key else TAKEN
        for parent, unique in self._of_parents:
            taken = self._has_stranger(rows, parent, unique)
            yield problems.of_rows(
                rows.select(unique), rows[LINE], taken, problems.Code.UNIQUE, reason
            )
            rows = rows.filter(~taken)
        found = True
        # A row with a problem does not give up its stored values, so that a row which
        # takes these over is found in the next turn.
        while found:
            found = False
            for names, existing in stored.items():
                taken = self._is_taken(rows, existing, list(names))
                yield problems.of_rows(
                    rows.select(names), rows[LINE], taken, problems.Code.UNIQUE, reason
                )
                rows = rows.filter(~taken)
                found |= bool(self._key) and taken.any()

    def _stored(
        self, rows: pl.DataFrame, names: list[str], among: QuerySet[Model]
    ) -> pl.DataFrame:
        """Return unique sets and natural keys of stored rows that may share a value."""
        model = self._target.model
        widest = max(names, key=lambda name: rows[name].n_unique())
        return values_among(
            among,
            field_of(model, widest),
            rows[widest].drop_nulls().unique(),
            list(dict.fromkeys([*names, *self._key])),
        )

    def _is_taken(
        self, rows: pl.DataFrame, existing: pl.DataFrame, names: list[str]
    ) -> pl.Series:
        """Return which rows repeat a unique set of a row with another natural key."""
        others = self._compared.of(existing).rename(
            {n: f"other {n}" for n in self._key if n not in names}
        )
        keys = [n if n in names else f"other {n}" for n in self._key]
        numbered = rows.with_row_index("row of batch")
        found = self._compared.of(numbered.select("row of batch", *names)).join(
            others, on=names
        )
        if keys:
            # A stored row that this batch changes may give up its values.
            own = self._compared.of(rows.select(self._key))
            found = found.join(own, left_on=keys, right_on=self._key, how="anti")
        nothing = pl.Series([False]).new_from_index(0, rows.height)
        return nothing.scatter(found["row of batch"].unique(), values=True)

    def _has_stranger(
        self, rows: pl.DataFrame, parent: type[Model], names: Sequence[str]
    ) -> pl.Series:
        """Return which rows repeat a row of a parent's table that is no row of the model."""
        model = self._target.model
        link: Any = model._meta.get_ancestor_link(parent)
        own = all_rows(model).filter(**{link.attname: OuterRef("pk")})
        widest = max(names, key=lambda name: rows[name].n_unique())
        strangers = values_among(
            all_rows(parent).filter(~Exists(own)),
            field_of(parent, widest),
            rows[widest].drop_nulls().unique(),
            list(names),
        )
        numbered = rows.with_row_index("row of batch").select("row of batch", *names)
        found = self._compared.of(numbered).join(
            self._compared.of(strangers), on=names, how="semi"
        )
        return numbered["row of batch"].is_in(found["row of batch"].implode())

    def _is_json(self, attname: str) -> bool:
        field = value_field(field_of(self._target.model, attname))
        return field.get_internal_type() == "JSONField"


def _sets_of_parents(
    model: type[Model],
) -> Iterator[tuple[type[Model], Sequence[str]]]:
    """Yield the unique sets of the tables that a model extends."""
    for parent in model._meta.all_parents:
        if concrete(parent) is not concrete(model):
            for names in unique_sets(parent):
                yield parent, sorted(names)


class ValuesByRow:
    """The values of unique sets in the rows of a frame, as hashes.

    Adding them costs little; they are searched only for rows that the table refuses.
    """

    def __init__(self, target: TableTarget, columns: Sequence[str]) -> None:
        """Choose the unique sets whose columns the frame has, except the natural key."""
        key = set() if target.mode is Mode.INSERT else set(target.key)
        found = {tuple(sorted(names)) for names in unique_sets(target.model)}
        self._found: dict[tuple[str, ...], list[pl.DataFrame]] = {
            names: []
            for names in found
            if set(names) <= set(columns) and set(names) != key
        }

    def add(self, rows: pl.DataFrame) -> None:
        """Add the values of rows with lines."""
        for names, found in self._found.items():
            found.append(_hashes(rows.select(names), rows[LINE]))

    def have_earlier(
        self, names: Sequence[str], values: pl.DataFrame, lines: pl.Series
    ) -> pl.Series:
        """Return which rows have values that a row with a lower line has, too."""
        found = self._found.get(tuple(names))
        if not found:
            return pl.Series([False]).new_from_index(0, values.height)
        first = (
            pl.concat(found).group_by("hash").agg(pl.col("line").min().alias("first"))
        )
        rows = _hashes(values.select(names), lines)
        rows = rows.join(first, on="hash", how="left", maintain_order="left")
        return (rows["first"] < rows["line"]).fill_null(value=False)


def _hashes(values: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"hash": values.hash_rows(), "line": lines.cast(pl.Int64)})
