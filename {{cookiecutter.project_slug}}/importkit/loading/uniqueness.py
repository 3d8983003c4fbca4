"""Step 4, load: rows that repeat what is unique in their table."""

from collections.abc import Iterator, Sequence

import polars as pl

from importkit import problems
from importkit.cleaning import SeenKeys
from importkit.loading.plan import Mode, Target
from importkit.models import field_of, unique_sets, value_field, values_among
from importkit.source import LINE

AGAIN = "as in an earlier row"
TAKEN = "in the table already"
TAKEN_BY_ANOTHER = "in another row of the table"


class Uniqueness:
    """What is unique in a table, among the columns of a frame.

    The database looks at that itself, at no cost to rows that are right: this finds out
    which rows it has refused, or in a dry run would refuse. What a condition or an
    expression makes unique is left to it.
    """

    def __init__(self, place: Target, columns: Sequence[str]) -> None:
        """Look at the unique sets among some columns."""
        self._place = place
        self._key = [] if place.mode is Mode.INSERT else list(place.key)
        found = {tuple(sorted(names)) for names in unique_sets(place.model)}
        self._seen = {
            names: SeenKeys()
            for names in sorted(found)
            if set(names) <= set(columns)
            and set(names) != set(self._key)
            and not any(map(self._is_json, names))
        }

    def repeated(self, rows: pl.DataFrame, *, written: bool) -> Iterator[pl.DataFrame]:
        """Yield problems for rows, with lines, that repeat others.

        Args:
            rows: The columns of fields, in their types.
            written: Whether earlier batches are in the table; else they are remembered.
        """
        for names, seen in self._seen.items():
            keys = rows.select(names)
            again = ~keys.select(pl.struct(pl.all()).is_first_distinct()).to_series()
            if not written:
                again |= seen.repeats(keys)
            again &= keys.select(pl.all_horizontal(pl.all().is_not_null())).to_series()
            yield problems.of_rows(keys, rows[LINE], again, problems.Code.UNIQUE, AGAIN)
            rows = rows.filter(~again)
        yield from self._taken(rows)

    def remember(self, rows: pl.DataFrame) -> None:
        """Keep what is unique in rows that are right but not in the table."""
        for names, seen in self._seen.items():
            seen.repeats(rows.select(names))

    def _taken(self, rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Yield problems for rows that have something of a row that is not theirs."""
        stored = {names: self._stored(rows, list(names)) for names in self._seen}
        reason = TAKEN_BY_ANOTHER if self._key else TAKEN
        found = True
        while found:  # A row that is wrong does not leave what it has to another.
            found = False
            for names, there in stored.items():
                taken = self._is_taken(rows, there, list(names))
                yield problems.of_rows(
                    rows.select(names), rows[LINE], taken, problems.Code.UNIQUE, reason
                )
                rows = rows.filter(~taken)
                found |= bool(self._key) and taken.any()

    def _stored(self, rows: pl.DataFrame, names: list[str]) -> pl.DataFrame:
        """Return what rows of the table have of what some rows have, and their keys."""
        model = self._place.model
        widest = max(names, key=lambda name: rows[name].n_unique())
        return values_among(
            model._base_manager.using(self._place.using),
            field_of(model, widest),
            rows[widest].drop_nulls().unique(),
            list(dict.fromkeys([*names, *self._key])),
        )

    def _is_taken(
        self, rows: pl.DataFrame, there: pl.DataFrame, names: list[str]
    ) -> pl.Series:
        others = there.rename({n: f"other {n}" for n in self._key if n not in names})
        keys = [n if n in names else f"other {n}" for n in self._key]
        numbered = rows.with_row_index("row of batch")
        found = numbered.select("row of batch", *names).join(others, on=names)
        if keys:
            # What a row of the same batch has, it may leave: who does not is its own.
            own = rows.select(self._key)
            found = found.join(own, left_on=keys, right_on=self._key, how="anti")
        nothing = pl.Series([False]).new_from_index(0, rows.height)
        return nothing.scatter(found["row of batch"].unique(), values=True)

    def _is_json(self, attname: str) -> bool:
        field = value_field(field_of(self._place.model, attname))
        return field.get_internal_type() == "JSONField"
