"""Step 3, transform: the words by which a person knows the parent of a foreign key.

They are the values of its natural key. A key that the database has given, or is going to
give, says nothing to a reader.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

import polars as pl
from django.db.models import Model

from importkit.models.fields import (
    TEXTS,
    attname_of,
    field_of,
    pk_fields,
    series_of,
    unique_sets,
)
from importkit.models.ordering import AnyForeignKey, concrete, foreign_keys
from importkit.models.rows import all_rows
from importkit.secret_names import names_secret

MOST_NAMED = 1_000  # Values of a column whose parents are looked up for messages.

type Keys = Mapping[type[Model], tuple[str, ...]]


def names_of_parents(
    key: AnyForeignKey,
    values: Collection[object],
    keys: Keys,
    to_come: Iterable[pl.DataFrame] = (),
) -> dict[object, str]:
    """Return the words for the parents that values of a foreign key refer to.

    Args:
        key: The foreign key.
        values: Its values.
        keys: The natural keys that the command states, by model.
        to_come: Frames of parents, some of which are not in the table: natural keys, and
            the value by which they are referred to as ``_pk``.

    Returns:
        For each value that says nothing by itself, the natural key of the parent, or that
        it is new.
    """
    stored = key.target_field.attname
    naming = _naming(key.related_model, keys)
    if not values or stored in naming:
        return {}
    known = _stored(key, values, naming, keys) if naming else {}
    left = [value for value in values if value not in known]
    for frame in to_come:
        known |= _planned(key, left, frame)
    return known


def with_names_of_parents(
    found: pl.DataFrame,
    keys: Sequence[AnyForeignKey],
    names_of: Callable[[AnyForeignKey, Collection[object]], Mapping[object, str]],
) -> pl.DataFrame:
    """Return problems that show parents by their natural keys, as the source has them.

    Args:
        found: The problems, of ``problems.SCHEMA``.
        keys: The foreign keys that the source gives by natural keys.
        names_of: Returns the names of parents, by values of a foreign key.
    """
    by_name = {key.attname: key for key in keys}
    shown: list[tuple[str, str, str]] = []
    for column in found["column"].drop_nulls().unique():
        names = column.split(", ")
        if by_name.keys().isdisjoint(names):
            continue
        values = found.filter(pl.col("column") == column)["value"].drop_nulls().unique()
        # A text with a comma of its own may have more parts than there are columns.
        split = ((value, value.split(", ")) for value in values.head(MOST_NAMED))
        parts = {value: part for value, part in split if len(part) == len(names)}
        for place, name in enumerate(names):
            if key := by_name.get(name):
                given = {
                    part[place]: key.to_python(part[place]) for part in parts.values()
                }
                named = names_of(key, {*given.values()})
                for part in parts.values():
                    part[place] = named.get(given[part[place]], part[place])
        shown += [(column, value, ", ".join(part)) for value, part in parts.items()]
    if not shown:
        return found
    columns = {"column": pl.String, "value": pl.String, "_shown": pl.String}
    words = pl.DataFrame(shown, schema=columns, orient="row")
    joined = found.join(
        words, on=["column", "value"], how="left", maintain_order="left"
    )
    value = pl.coalesce("_shown", "value").alias("value")
    return joined.with_columns(value).select(found.columns)


def _naming(parent: type[Model], keys: Keys) -> Sequence[str]:
    """Return the attnames of the natural key of a parent, or of what is unique in it."""
    if stated := keys.get(parent) or keys.get(concrete(parent)):
        return [attname_of(parent, name) for name in stated]
    pk = {field.attname for field in pk_fields(parent)}
    sets = [
        sorted(names)
        for names in unique_sets(parent)
        if not names & pk and not any(map(names_secret, names))
    ]
    return min(sets, key=lambda names: _order(parent, names), default=())


def _order(parent: type[Model], names: Sequence[str]) -> tuple[int, bool]:
    """Put few fields before many, and texts before others."""
    kinds = {field_of(parent, name).get_internal_type() for name in names}
    return len(names), not kinds <= {*TEXTS}


def _stored(
    key: AnyForeignKey, values: Collection[object], naming: Sequence[str], keys: Keys
) -> dict[object, str]:
    parent, stored = key.related_model, key.target_field.attname
    rows = all_rows(parent).filter(**{f"{stored}__in": list(values)})
    found = list(rows.values_list(stored, *naming))
    parts = {field.attname: field for field in foreign_keys(parent)}
    columns = list(zip(*found, strict=True)) or [()] * (1 + len(naming))
    words = [
        _words_of_part(parts[name], column, keys)
        if name in parts and parts[name].related_model is not parent
        else list(map(str, column))
        for name, column in zip(naming, columns[1:], strict=True)
    ]
    return dict(zip(columns[0], map(", ".join, zip(*words, strict=True)), strict=True))


def _words_of_part(
    key: AnyForeignKey, values: Sequence[object], keys: Keys
) -> list[str]:
    given = {value for value in values if value is not None}
    names = names_of_parents(key, given, keys)
    return [names.get(value, str(value)) for value in values]


def _planned(
    key: AnyForeignKey, values: Sequence[object], frame: pl.DataFrame
) -> dict[object, str]:
    wanted = series_of(key.target_field, "_pk", list(values))
    values_by_key = dict(zip(wanted.to_list(), values, strict=True))
    rows = frame.filter(frame["_pk"].is_in(wanted.implode()))
    parts = [name for name in rows.columns if name != "_pk"]
    return {
        values_by_key[row["_pk"]]: ", ".join(str(row[name]) for name in parts)
        for row in rows.iter_rows(named=True)
    }
