"""Step 4, load: the rows that repeat a unique set of another row are found."""

from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from django.db.models import Exists, Model, OuterRef, QuerySet

from importkit import problems
from importkit.cleaning import SeenKeys
from importkit.loading.plan import Mode, TableTarget
from importkit.loading.row_checks import without
from importkit.loading.writers.judging import AGAIN, OUTSIDE, TAKEN, TAKEN_BY_ANOTHER
from importkit.models import (
    Comparison,
    all_rows,
    attname_of,
    concrete,
    field_of,
    is_enforced,
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
        found -= _not_enforced(target)
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
        self._written = ValuesByRow(target, columns, self._compared)

    def add_written(self, rows: pl.DataFrame) -> None:
        """Add rows that are in the table now: others repeat an earlier row."""
        self._written.add(rows)

    def repeated(self, rows: pl.DataFrame, *, written: bool) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows that repeat a unique set.

        Args:
            rows: The columns of fields, in their types, and ``_line``.
            written: Whether earlier batches are in the table; if not, this object
                remembers their values.
        """
        yield from self._judged(self._those_written(rows), written=written)

    def _judged(self, rows: pl.DataFrame, *, written: bool) -> Iterator[pl.DataFrame]:
        for wrong in self._taken_outside(rows):
            rows = without(rows, [wrong])
            yield wrong
        for wrong in self._taken_by_strangers(rows):
            rows = without(rows, [wrong])
            yield wrong
        stored = {
            names: self._stored(rows, list(names), self._target.rows)
            for names in self._seen
        }
        found = is_first = True
        # A row with a problem does not give up its stored values, so that a row which
        # takes these over is found in the next turn. Key by key: whether an earlier row
        # is written already must not decide which key of a row is named.
        while found:
            found = False
            for names, existing in stored.items():
                if is_first:
                    wrong = self._again(rows, names, written=written)
                    rows = without(rows, [wrong])
                    yield wrong
                wrong = self._taken(rows, names, existing)
                rows = without(rows, [wrong])
                found |= bool(self._key) and not wrong.is_empty()
                yield wrong
            is_first = False

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

    def _those_written(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Return the rows without those that mode update does not write."""
        if self._target.mode is not Mode.UPDATE or not set(self._key) <= {
            *rows.columns
        }:
            return rows
        stored = self._stored(rows, self._key, self._target.rows)
        own = self._compared.of(rows.select(self._key)).with_row_index("row of batch")
        known = own.join(self._compared.of(stored), on=self._key, how="semi")
        return rows[known["row of batch"].sort()]

    def _again(
        self, rows: pl.DataFrame, names: Sequence[str], *, written: bool
    ) -> pl.DataFrame:
        """Return the problems of rows that repeat a unique set of an earlier row."""
        keys = self._compared.of(rows.select(names))
        again = ~keys.select(pl.struct(pl.all()).is_first_distinct()).to_series()
        if not written:
            again |= self._seen[tuple(names)].repeats(keys)
        again &= keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        code = problems.Code.UNIQUE
        return problems.of_rows(rows.select(names), rows[LINE], again, code, AGAIN)

    def _taken_by_strangers(self, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the problems of rows that repeat a row of a parent's table only."""
        for parent, unique in self._of_parents:
            taken = self._has_stranger(rows, parent, unique)
            yield problems.of_rows(
                rows.select(unique),
                rows[LINE],
                taken,
                problems.Code.UNIQUE,
                self._reason,
            )
            rows = rows.filter(~taken)

    @property
    def _reason(self) -> str:
        return TAKEN_BY_ANOTHER if self._key else TAKEN

    def _taken(
        self, rows: pl.DataFrame, names: Sequence[str], existing: pl.DataFrame
    ) -> pl.DataFrame:
        """Return the problems of rows that repeat a unique set of another stored row."""
        values = rows.select(names)
        taken = self._is_taken(rows, existing, list(names))
        wrong = values.filter(taken)
        again = pl.Series([AGAIN]).new_from_index(0, wrong.height)
        other = pl.Series([self._reason]).new_from_index(0, wrong.height)
        reasons = again.zip_with(self._written.has(names, wrong), other)
        return problems.of_rows(
            values, rows[LINE], taken, problems.Code.UNIQUE, reasons
        )

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


def _not_enforced(target: TableTarget) -> set[tuple[str, ...]]:
    """Return the unique sets that the database of a model does not have."""
    model = target.model
    return {
        tuple(
            sorted(field_of(model, attname_of(model, n)).attname for n in each.fields)
        )
        for each in model._meta.total_unique_constraints
        if not is_enforced(each, target.using)
    }


class ValuesByRow:
    """The values of unique sets in the rows of a frame, as hashes.

    Adding them costs little; they are searched only for rows that the table refuses.
    """

    def __init__(
        self,
        target: TableTarget,
        columns: Sequence[str],
        compared: Comparison | None = None,
    ) -> None:
        """Choose the unique sets whose columns the frame has, except the natural key.

        Args:
            target: The table.
            columns: The columns of the frame.
            compared: How the database compares texts, if not by their characters; then
                the values themselves are kept, until they are searched.
        """
        self._compared = compared or None
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
            values = rows.select(names)
            if self._compared is None:
                found.append(_hashes(values, rows[LINE]))
            else:
                found.append(values.with_columns(rows[LINE]))

    def has(self, names: Sequence[str], values: pl.DataFrame) -> pl.Series:
        """Return which rows have values that were added."""
        known = self._known(names)["hash"]
        return self._of(values.select(names)).hash_rows().is_in(known.implode())

    def have_earlier(
        self, names: Sequence[str], values: pl.DataFrame, lines: pl.Series
    ) -> pl.Series:
        """Return which rows have values that a row with a lower line has, too."""
        first = self._known(names).group_by("hash").agg(pl.col("line").min())
        rows = _hashes(self._of(values.select(names)), lines)
        rows = rows.join(
            first, on="hash", how="left", maintain_order="left", suffix=" of first"
        )
        return (rows["line of first"] < rows["line"]).fill_null(value=False)

    def _known(self, names: Sequence[str]) -> pl.DataFrame:
        found = self._found.get(tuple(names), [])
        if self._compared is not None:
            found = [_hashes(self._of(df.select(names)), df[LINE]) for df in found]
        nothing = pl.DataFrame(schema={"hash": pl.UInt64, "line": pl.Int64})
        return pl.concat([nothing, *found])

    def _of(self, values: pl.DataFrame) -> pl.DataFrame:
        return values if self._compared is None else self._compared.of(values)


def _hashes(values: pl.DataFrame, lines: pl.Series) -> pl.DataFrame:
    return pl.DataFrame({"hash": values.hash_rows(), "line": lines.cast(pl.Int64)})
