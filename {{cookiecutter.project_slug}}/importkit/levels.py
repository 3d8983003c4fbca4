"""Step 4, load: rows that refer to rows of their own frame come behind those."""

from collections.abc import Iterator, Sequence

import polars as pl

from importkit import problems
from importkit.delimited import LINE
from importkit.errors import CleaningError
from importkit.fitting import fit_values
from importkit.model_fields import field_of
from importkit.relations import Relation


def in_levels_of(own: Sequence[Relation], df: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield rows that refer to each other, each behind those that it refers to.

    Raises:
        CleaningError: Some refer to each other in a circle.
    """
    place = problems.LINES if LINE in df.columns else problems.ROWS
    waiting = df if LINE in df.columns else df.with_row_index(LINE, offset=1)
    while not waiting.is_empty():
        blocked = pl.Series([False]).new_from_index(0, waiting.height)
        for relation in own:
            blocked |= _refers_to_waiting(relation, waiting)
        if blocked.all():
            lines = problems.listed(waiting[LINE].to_list(), place)
            names = ", ".join(relation.field.name for relation in own)
            raise CleaningError(
                f"{names}: rows refer to each other in a circle: {lines}."
            )
        yield waiting.filter(~blocked).select(df.columns)
        waiting = waiting.filter(blocked)


def _refers_to_waiting(relation: Relation, df: pl.DataFrame) -> pl.Series:
    if not set(relation.lookups) <= set(df.columns):
        return pl.Series([False]).new_from_index(0, df.height)
    fields = [field_of(relation.parent, name) for name in relation.lookups]
    names = [f"_{place}" for place in range(len(fields))]

    def keys(columns: Sequence[str]) -> pl.DataFrame:
        return pl.DataFrame(
            fit_values(field, df[column]).alias(name)
            for field, column, name in zip(fields, columns, names, strict=True)
        )

    parents = keys(relation.columns).with_row_index("row")
    found = parents.join(keys(relation.lookups), on=names, how="semi")["row"]
    return pl.Series([False]).new_from_index(0, df.height).scatter(found, values=True)
