"""Step 3, transform: foreign keys that a frame gives by the natural keys of parents.

A natural key is replaced by the key of its parent with a join; ``stored_keys`` checks the
foreign keys that a frame gives as the table stores them.
"""

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl
from django.db.models import Manager, Model, Q

from importkit import problems
from importkit.errors import ConfigurationError
from importkit.models.checks.field_checks import empty_reason, may_be_empty
from importkit.models.collations import Comparison
from importkit.models.fields import (
    AnyField,
    attname_of,
    field_of,
    series_of,
    unique_sets,
)
from importkit.models.keys.parent_names import Keys, names_of_parents
from importkit.models.ordering import AnyForeignKey, concrete, foreign_keys
from importkit.models.rows import scoped_rows
from importkit.models.values.fitting import fit_values
from importkit.source import LINE

CHUNK = 10_000  # Rows of a table that are fetched at a time.


@dataclass(frozen=True)
class Relation:
    """A foreign key whose column holds the natural key of the parent.

    Attributes:
        field: The foreign key.
        columns: The columns of the frame that hold the natural key.
        lookups: The parent's attname for each of these columns.
    """

    field: AnyForeignKey
    columns: tuple[str, ...]
    lookups: tuple[str, ...]

    @property
    def parent(self) -> type[Model]:
        """The model that the foreign key refers to."""
        parent: type[Model] = self.field.related_model
        return parent


def relations(model: type[Model], columns: Sequence[str], keys: Keys) -> list[Relation]:
    """Return the foreign keys that columns give by natural keys.

    The column has the name of the foreign key (``store``) if one field of the parent is the
    natural key; otherwise there is a column for each field of the parent
    (``store__code``, ``store__country``).

    Args:
        model: The model of the rows.
        columns: The columns of a frame.
        keys: The natural keys that the command states, by model.

    Raises:
        ConfigurationError: A parent has no natural key of one field, or a column names a
            field that the parent does not have.
    """
    found = []
    for field in foreign_keys(model):
        paths = tuple(c for c in columns if c.startswith(f"{field.name}__"))
        if field.name in columns and field.name != field.attname:
            only = _only_key(field, keys)
            found.append(Relation(field, (field.name,), (only,)))
        elif paths:
            names = [path.removeprefix(f"{field.name}__") for path in paths]
            lookups = tuple(attname_of(field.related_model, name) for name in names)
            found.append(Relation(field, paths, lookups))
    return found


class Parents:
    """The rows that foreign keys refer to; each table is read once a run.

    Attributes:
        scope: The rows of each concrete model that may be parents.
        hidden: How many rows were given a parent that its default manager hides.
    """

    def __init__(self, scope: Mapping[type[Model], Q] = MappingProxyType({})) -> None:
        """Start without any rows.

        Args:
            scope: The rows of each model that may be parents; all rows if not named.
        """
        self.scope = {concrete(model): only for model, only in scope.items()}
        self.hidden: Counter[type[Model]] = Counter()
        self._hidden_of: dict[tuple[type[Model], str], pl.Series] = {}
        self._known: dict[tuple[type[Model], tuple[str, ...], str], pl.DataFrame] = {}
        # The planned rows among them, as the source has their natural keys.
        self._to_come: dict[
            tuple[type[Model], tuple[str, ...], str], list[pl.DataFrame]
        ] = {}
        self._planned: dict[type[Model], list[pl.DataFrame]] = {}
        self._number: Counter[type[Model]] = Counter()
        self._compared: dict[tuple[type[Model], tuple[str, ...]], Comparison] = {}

    def add_planned(
        self, model: type[Model], rows: Sequence[pl.DataFrame], number: int
    ) -> None:
        """Set the rows of a model that a dry run would have created by now.

        Args:
            model: The model.
            rows: What others of the run refer to.
            number: The number of the rows.
        """
        self._planned[concrete(model)] = list(rows)
        self._number[concrete(model)] = number
        # Forget the parents of this model: the next look-up includes the planned rows.
        known = self._known.items()
        self._known = {
            place: rows for place, rows in known if place[0] is not concrete(model)
        }

    @property
    def planned(self) -> set[type[Model]]:
        """The models of which a dry run would have created rows by now."""
        return {model for model, number in self._number.items() if number}

    def to_come(self, key: AnyForeignKey) -> pl.Series | None:
        """Return the keys of parents that a dry run would have created by now.

        Args:
            key: The foreign key that refers to the parents.

        Returns:
            The keys; None if the database will give one of the parents its key.
        """
        parent, name = concrete(key.related_model), key.target_field.attname
        frames = [df for df in self._planned.get(parent, ()) if name in df.columns]
        known = [df[name].drop_nulls() for df in frames]
        if sum(map(len, known)) < self._number[parent]:
            return None
        return pl.concat([series_of(key.target_field, name, []), *known])

    def names(
        self, key: AnyForeignKey, values: Collection[object], keys: Keys
    ) -> dict[object, str]:
        """Return the words for the parents that values of a foreign key refer to.

        Args:
            key: The foreign key.
            values: Its values; a negative number stands for a parent that is to come.
            keys: The natural keys that the command states, by model.
        """
        model = concrete(key.related_model)
        to_come = (
            df
            for place, frames in self._to_come.items()
            if place[0] is model
            for df in frames
        )
        return names_of_parents(key, values, keys, to_come)

    def resolve(
        self, relation: Relation, df: pl.DataFrame
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Replace the natural key of a parent by the parent's key.

        Args:
            relation: The foreign key.
            df: The rows, with ``_line``.

        Returns:
            The rows with the foreign key, null where there is no parent, and the
            problems, of ``problems.SCHEMA``.
        """
        field, columns = relation.field, list(relation.columns)
        names = [f"_key{place}" for place in range(len(columns))]
        lookups = [field_of(relation.parent, name) for name in relation.lookups]
        keys = pl.DataFrame(
            fit_values(lookup, df[column])
            for lookup, column in zip(lookups, columns, strict=True)
        )
        named = dict(zip(relation.lookups, names, strict=True))
        keys = self._comparison(relation).of(keys).rename(named)
        parents = self._rows(relation).rename(named)
        found = keys.join(parents, on=names, how="left", maintain_order="left")
        wrong = [
            problems.of_rows(df.select(columns), df[LINE], rows, code, reason)
            for code, rows, reason in _unresolved(relation, df, found["_rows"])
        ]
        hidden = self._hidden_keys(relation)
        if number := found["_pk"].is_in(hidden.implode()).sum():
            self.hidden[relation.parent] += int(number)
        resolved = df.drop(columns).with_columns(found["_pk"].alias(field.attname))
        return resolved, pl.concat([pl.DataFrame(schema=problems.SCHEMA), *wrong])

    def _hidden_keys(self, relation: Relation) -> pl.Series:
        """Return the keys of the parents that their default manager hides."""
        parent, stored = relation.parent, relation.field.target_field
        manager = parent._default_manager
        if (parent, stored.attname) not in self._hidden_of:
            keys: list[object] = []
            if type(manager) is not Manager and concrete(parent) not in self.scope:
                rows = scoped_rows(parent, None)
                shown = manager.using(rows.db).order_by().values("pk")
                hidden = rows.exclude(pk__in=shown)
                keys = list(hidden.values_list(stored.attname, flat=True))
            self._hidden_of[parent, stored.attname] = series_of(stored, "_pk", keys)
        return self._hidden_of[parent, stored.attname]

    def _comparison(self, relation: Relation) -> Comparison:
        """Return how the database compares the natural key of the parents."""
        place = (relation.parent, relation.lookups)
        if place not in self._compared:
            self._compared[place] = Comparison(*place)
        return self._compared[place]

    def _rows(self, relation: Relation) -> pl.DataFrame:
        """Return natural keys, the key of a parent (``_pk``), and the number of parents."""
        limits = str(relation.field.get_limit_choices_to() or "")
        place = (concrete(relation.parent), relation.lookups, limits)
        if place not in self._known:
            to_come = [*self._to_be_created(relation)]
            self._to_come[place] = to_come
            rows = pl.concat([self._stored(relation), *to_come])
            rows = self._comparison(relation).of(rows)
            self._known[place] = (
                rows.group_by(relation.lookups)
                .agg(pl.col("_pk").first(), pl.len().alias("_rows"))
                .drop_nulls(relation.lookups)
            )
        return self._known[place]

    def _stored(self, relation: Relation) -> pl.DataFrame:
        parent, stored = relation.parent, relation.field.target_field
        names = [*relation.lookups, stored.attname]
        rows = (
            scoped_rows(parent, self.scope.get(concrete(parent)))
            .complex_filter(relation.field.get_limit_choices_to())
            .values_list(*names)
            .iterator(CHUNK)
        )
        columns = list(zip(*rows, strict=True)) or [()] * len(names)
        *keys, pks = columns
        values = [
            series_of(field_of(parent, name), name, column)
            for name, column in zip(relation.lookups, keys, strict=True)
        ]
        return pl.DataFrame([*values, series_of(stored, "_pk", pks)])

    def _to_be_created(self, relation: Relation) -> Iterator[pl.DataFrame]:
        """Yield planned rows, with invented keys where the database sets the key."""
        stored = relation.field.target_field
        number = 0
        for df in self._planned.get(concrete(relation.parent), ()):
            if not set(relation.lookups) <= set(df.columns):
                continue  # The database fills in the natural key.
            rows = df.select(relation.lookups)
            pks = series_of(stored, "_pk", _new_keys(stored, number, rows.height))
            if stored.attname in df.columns:  # Where it is not left to the database.
                pks = df[stored.attname].fill_null(pks).alias("_pk")
            yield rows.with_columns(pks)
            number += rows.height


def _unresolved(
    relation: Relation, df: pl.DataFrame, parents: pl.Series
) -> Iterator[tuple[problems.Code, pl.Series, str]]:
    """Yield codes, the rows that have not exactly one parent, and reasons.

    Args:
        relation: The foreign key.
        df: The rows.
        parents: The number of parents of each row, null where there is none.
    """
    noun = relation.parent._meta.verbose_name
    described = f"{noun} with this {', '.join(relation.lookups)}"
    columns = pl.col(list(relation.columns))
    given = df.select(pl.any_horizontal(columns.is_not_null())).to_series()
    yield problems.Code.UNKNOWN, given & parents.is_null(), f"no {described}"
    several = (parents > 1).fill_null(value=False)
    yield problems.Code.AMBIGUOUS, several, f"more than one {described}"
    if not may_be_empty(relation.field):
        yield problems.Code.EMPTY, ~given, empty_reason(relation.field)


def _new_keys(field: AnyField, start: int, height: int) -> list[object]:
    """Return keys that no row of a table has: negative numbers, or new UUIDs."""
    if field.get_internal_type() == "UUIDField":
        return [uuid.uuid4() for _ in range(height)]
    return [-number - 1 for number in range(start, start + height)]


def _only_key(field: AnyForeignKey, keys: Keys) -> str:
    """Return the single field that is the natural key of a foreign key's parents."""
    parent: type[Model] = field.related_model
    stated = keys.get(parent) or keys.get(concrete(parent), ())
    pk = parent._meta.pk.attname
    sets = [set(stated)] if stated else [s for s in unique_sets(parent) if s != {pk}]
    single = [name for names in sets if len(names) == 1 for name in names]
    if len(single) == 1:
        return single[0]
    if not sets:
        return pk
    example = f"{field.name}__{next(iter(sets[0]))}"
    raise ConfigurationError(
        f'"{field.name}" cannot be looked up: {parent._meta.label} has no natural key '
        f'of one field. Name a column for each field of its key, such as "{example}", '
        f'or give the primary key as "{field.attname}".'
    )
