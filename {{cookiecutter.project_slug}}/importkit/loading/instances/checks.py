"""Step 4, load: instances that their table would refuse are found before they are written.

A dry run finds them as well. Instances have no lines: a problem names the number of the
instance in its bulk.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence

import polars as pl
from django.db.models import Model

from importkit import problems
from importkit.cleaning import SeenKeys
from importkit.errors import CleaningError
from importkit.loading.instances.columns import Columns, columns_of
from importkit.loading.instances.links import Links, assigned
from importkit.loading.plan import Mode, TableTarget
from importkit.loading.row_checks import without
from importkit.loading.writers.judging import SAME_KEY
from importkit.models import (
    AnyForeignKey,
    StoredKeys,
    broken_constraints,
    foreign_keys,
)
from importkit.source import LINE

# Returns the keys of parents that a dry run would have created; None if nobody knows them.
type ToCome = Callable[[AnyForeignKey], pl.Series | None]


class InstanceChecks:
    """Checks the instances of one bulk, and collects their problems.

    Attributes:
        problems: The problems so far, of ``problems.SCHEMA``.
    """

    def __init__(self, target: TableTarget, links: Links, to_come: ToCome) -> None:
        """Check the instances of a table.

        Args:
            target: The table.
            links: The instances that are handled by now.
            to_come: Returns the keys of parents that a dry run would have created.
        """
        self._target = target
        self._links = links
        self._keys = [
            key
            for key in foreign_keys(target.model)
            if not key.remote_field.parent_link
        ]
        names = [key.attname for key in self._keys]
        self._stored_keys = StoredKeys(target.model, names, to_come)
        self._seen = SeenKeys()
        self.problems: list[pl.DataFrame] = []

    def check(self, rows: Sequence[Model], places: Sequence[int]) -> Columns:
        """Return the values of instances, and collect the problems of those.

        Args:
            rows: The instances, with the keys of their parents.
            places: The number of each instance in its bulk.
        """
        target = self._target
        columns = columns_of(target, rows, places)
        numbers = pl.Series(LINE, places, dtype=pl.Int64)
        found = [*columns.problems, *self._absent(rows, numbers)]
        found += self._missing(rows, columns, numbers)
        df = pl.DataFrame([numbers, *columns.known.values()])
        found += self._key_problems(without(df, found))
        if target.dry_run:
            df = without(df, found)
            found += broken_constraints(target.model, df.drop(LINE), df[LINE])
        self.add(found)
        return columns

    def add_repeated(
        self, rows: Sequence[Model], places: Sequence[int], repeated: Sequence[int]
    ) -> None:
        """Add instances whose natural key, as it is stored, an earlier one has.

        Args:
            rows: The instances of a batch.
            places: The number of each instance in its bulk.
            repeated: Where in the batch they are.
        """
        texts = {
            name: [str(getattr(rows[place], name)) for place in repeated]
            for name in self._target.key
        }
        numbers = pl.Series([places[place] for place in repeated], dtype=pl.Int64)
        wrong = pl.Series([True]).new_from_index(0, len(repeated))
        found = problems.of_rows(
            pl.DataFrame(texts), numbers, wrong, problems.Code.DUPLICATE, SAME_KEY
        )
        self.add([found])

    def are_wrong(self, places: Sequence[int]) -> list[bool]:
        """Return which instances have a problem by now."""
        lines = [wrong["line"] for wrong in self.problems]
        wrong = set(pl.concat(lines)) if lines else set()
        return [place in wrong for place in places]

    def finish(self) -> None:
        """Raise for the problems of all instances.

        Raises:
            CleaningError: There are problems.
        """
        self.add(self._stored_keys.missing_at_the_end(self.problems))
        if not self.problems:
            return
        found = pl.concat(self.problems).sort("line", maintain_order=True)
        noun = self._target.model._meta.object_name or "row"
        place = problems.Place(f"{noun} number", f"{noun} instances numbered")
        raise CleaningError(problems.describe(found, place), found, place)

    def add(self, found: Iterable[pl.DataFrame]) -> None:
        """Add problems; an empty frame of problems changes nothing."""
        self.problems += [wrong for wrong in found if not wrong.is_empty()]

    def _absent(
        self, rows: Sequence[Model], numbers: pl.Series
    ) -> Iterator[pl.DataFrame]:
        """Yield the rows whose parent was looked for, and is not in the table."""
        for key in self._keys:
            names = [self._links.absent_name(assigned(row, key)) for row in rows]
            values = pl.DataFrame({key.attname: pl.Series(names, dtype=pl.String)})
            wrong = values.to_series().is_not_null()
            if wrong.any():
                noun = key.related_model._meta.verbose_name
                reason = f"the {noun} is not in the table, and mode update creates none"
                yield problems.of_rows(
                    values, numbers, wrong, problems.Code.UNKNOWN, reason
                )

    def _missing(
        self, rows: Sequence[Model], columns: Columns, numbers: pl.Series
    ) -> Iterator[pl.DataFrame]:
        """Yield the rows whose foreign keys refer to no row."""
        given = [
            self._given_as_number(key, rows, columns.known[key.attname])
            for key in self._keys
            if key.attname in columns.known
        ]
        if len(given) < len(self._keys):
            return
        pk = self._target.model._meta.pk
        own = [columns.known[pk.attname]] if pk.attname in columns.known else []
        own = [each for each in own if each.name not in {key.name for key in given}]
        if any(key.null_count() < key.len() for key in given) or own:
            df = pl.DataFrame([numbers, *given, *own])
            yield from self._stored_keys.missing(df, self.problems)

    def _given_as_number(
        self, key: AnyForeignKey, rows: Sequence[Model], values: pl.Series
    ) -> pl.Series:
        """Return the keys of parents that are not known to have a row."""
        parents = [assigned(row, key) for row in rows]
        unknown = [
            parent is None
            or (self._links.is_open(parent) and not self._links.absent_name(parent))
            for parent in parents
        ]
        nothing = pl.Series([None], dtype=values.dtype)
        return values.zip_with(pl.Series(unknown, dtype=pl.Boolean), nothing)

    def _key_problems(self, df: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield the rows whose natural key has an empty part, or is that of another row."""
        key = list(self._target.key)
        if (
            not key
            or self._target.mode is Mode.INSERT
            or not set(key) <= set(df.columns)
        ):
            return
        keys, numbers = df.select(key), df[LINE]
        whole = keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
        yield problems.of_rows(
            keys,
            numbers,
            ~whole,
            problems.Code.EMPTY,
            "a natural key must not be empty",
        )
        again = ~keys.select(pl.struct(key).is_first_distinct()).to_series()
        again |= self._seen.repeats(keys)
        yield problems.of_rows(
            keys, numbers, whole & again, problems.Code.DUPLICATE, SAME_KEY
        )
