"""Steps 3 and 4: transactions, queries and comparisons that all ways of writing share."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count, islice
from typing import Any

import polars as pl
from django.db import DatabaseError, connections, router
from django.db.models import Field, Model, Q, QuerySet
from django.db.models.expressions import DatabaseDefault

from importkit.commands import opened
from importkit.errors import ConfigurationError, PartlyWrittenError
from importkit.models.fields import (
    TEXTS,
    AnyField,
    field_of,
    overridden_method,
    python_value,
    series_of,
    stored_value,
    value_field,
)
from importkit.models.ordering import ModelClass, concrete
from importkit.models.values.unread import Unread

CHUNK = 10_000  # The most values in one query.


# Connections.


@contextmanager
def atomic_for(models: Iterable[ModelClass], *, writes: bool = True) -> Iterator[None]:
    """Open one transaction on every database that the models are written to.

    The databases commit one after the other, in the order of the models. A database that
    fails then cannot undo what another one has committed.

    Args:
        models: The models.
        writes: Whether the transactions write; those of a dry run do not.

    Raises:
        PartlyWrittenError: A database fails when another one has committed.
    """
    aliases = list(dict.fromkeys(map(router.db_for_write, models)))
    committed: list[str] = []
    try:
        with ExitStack() as stack:
            # What is entered last ends first.
            for alias in reversed(aliases):
                is_outer = not connections[alias].in_atomic_block
                noted = committed if writes and is_outer else []
                stack.enter_context(_noted(alias, noted, writes=writes))
            yield
    except DatabaseError as error:
        if not committed:
            raise
        stays = ", ".join(f'"{alias}"' for alias in committed)
        others = ", ".join(f'"{a}"' for a in aliases if a not in committed)
        raise PartlyWrittenError(
            f"The import is written in part: the database {stays} has committed its rows, "
            f"which stay; then {others} failed, and nothing was written there: "
            f"{str(error).splitlines()[0]}. One transaction cannot hold several databases. "
            "Run the import again: rows that are there are found by their natural key."
        ) from error


@contextmanager
def _noted(alias: str, committed: list[str], *, writes: bool) -> Iterator[None]:
    """Open a transaction, and add the alias to those committed when it has ended."""
    with opened(alias, writes=writes):
        yield
    committed.append(alias)


@contextmanager
def without_query_log(aliases: Iterable[str]) -> Iterator[None]:
    """Keep Django, with DEBUG on, from formatting and storing every statement.

    A test that captures queries still gets those that Django runs.
    """
    with ExitStack() as stack:
        for alias in aliases:
            connection = connections[alias]
            if not connection.force_debug_cursor:
                own = vars(connection)
                own["make_debug_cursor"] = connection.make_cursor
                stack.callback(own.pop, "make_debug_cursor", None)
        yield


def checks_keys_at_once(model: ModelClass) -> bool:
    """Return whether the database refuses a row that is written before its parent.

    Others check foreign keys at the end of the transaction.
    """
    features = connections[router.db_for_write(model)].features
    return not features.can_defer_constraint_checks


# Rows of a table.


def all_rows[M: Model](model: type[M]) -> QuerySet[M]:
    """Return all rows of a model on the database that it is written to.

    No manager of the model takes part: the base manager, too, may hide rows, and a hidden
    row has its keys all the same.
    """
    return QuerySet(model, using=router.db_for_write(model))


def scoped_rows[M: Model](model: type[M], scope: Q | None) -> QuerySet[M]:
    """Return the rows of a model that are in a scope; all rows if there is no scope."""
    rows = all_rows(model)
    # By the primary key: a condition on other tables may find a row more than once.
    return (
        rows if scope is None else rows.filter(pk__in=rows.filter(scope).values("pk"))
    )


def values_among[M: Model](
    rows: QuerySet[M], field: AnyField, values: pl.Series, names: list[str]
) -> pl.DataFrame:
    """Return columns of the rows in which a field has one of the given values.

    Args:
        rows: The rows to search.
        field: The field to compare.
        values: The values to find, distinct, in the type of the field's column.
        names: The attnames to return.
    """
    limit = connections[rows.db].features.max_query_params or CHUNK
    found: list[tuple[object, ...]] = []
    for part in values.to_frame().iter_slices(min(limit, CHUNK)):
        wanted = part.to_series().to_list()
        matching = rows.filter(**{f"{field.attname}__in": wanted})
        found += matching.values_list(*names)
    columns = list(zip(*found, strict=True)) or [()] * len(names)
    return pl.DataFrame(
        series_of(field_of(rows.model, name), name, column)
        for name, column in zip(names, columns, strict=True)
    )


# Instances of a bulk.


def instances_of[M: Model](model: type[M], bulk: Iterable[M]) -> Iterator[M]:
    """Yield the instances of a bulk; raise at one that belongs to another table."""
    for row in bulk:
        meta = getattr(row, "_meta", None)
        if meta is None or meta.concrete_model is not concrete(model):
            raise ConfigurationError(
                f'The bulk of "{model._meta.label}" holds a "{type(row).__name__}".'
                f' Put only instances of "{model.__name__}" into it.'
            )
        yield row


def in_steps[T](rows: Iterable[T], step: int) -> Iterator[list[T]]:
    """Yield rows in lists of at most ``step``, and keep no list after it was yielded."""
    if step < 1:
        raise ValueError(f"A step is a number of rows, 1 or more, not {step}.")
    iterator = iter(rows)
    return iter(lambda: list(islice(iterator, step)), [])


class PlannedKey:
    """The key that a row gets once it is created; a dry run only knows that it differs.

    Attributes:
        number: A number that no row of a table and no other planned key has.
    """

    _numbers = count(1)

    def __init__(self, noun: str, name: str = "") -> None:
        """Name the kind of row, and the row by its natural key if it has one."""
        self._name = name or f"a new {noun}"
        self.number = -next(self._numbers)

    def __str__(self) -> str:
        """Return what a person reads in the place of the key."""
        return self._name


# Values that no field reads: a dry run does not know them yet, or the table has others.
AS_IT_IS = (PlannedKey, Unread)


def is_given(row: Model, attname: str) -> bool:
    """Return whether an instance has a value for a field.

    A deferred field has none, and neither has one that is left to the database, or the
    order of ``order_with_respect_to``, which Django counts.
    """
    values = row.__dict__
    if attname not in values or isinstance(values[attname], DatabaseDefault):
        return False
    return attname != "_order" or values[attname] is not None


def natural_key(instance: Model, attnames: Iterable[str]) -> tuple[object, ...]:
    """Return the values of fields as the table stores them, as a member of a set."""
    readers = _readers(type(instance), tuple(attnames))
    return tuple(_hashable(read(instance)) for read in readers)


def natural_key_of_each(
    instances: Sequence[Model], attnames: Iterable[str]
) -> list[tuple[object, ...]]:
    """Return ``natural_key`` of each of many instances."""
    names = tuple(attnames)
    columns = [[row.__dict__.get(name) for row in instances] for name in names]
    if instances and all(set(map(type, column)) == {str} for column in columns):
        [model, *others] = set(map(type, instances))
        if not others and all(_is_stored_as_it_is(model, name) for name in names):
            return list(zip(*columns, strict=True))
    return [natural_key(row, names) for row in instances]


@cache
def _is_stored_as_it_is(model: ModelClass, attname: str) -> bool:
    """Return whether a text of a field is stored unchanged."""
    field: Any = model._meta.get_field(attname)
    kind = value_field(field).get_internal_type()
    return kind in TEXTS and not overridden_method(field)


@cache
def _readers(
    model: ModelClass, attnames: tuple[str, ...]
) -> tuple[Callable[[Model], object], ...]:
    """Return what reads the stored values of fields; made once, used for each row."""
    return tuple(_reader(model._meta.get_field(name)) for name in attnames)


def _reader(field: Any) -> Callable[[Model], object]:
    if not _is_stored_as_it_is(field.model, field.name):
        return lambda row: _stored(row, field)
    name = field.attname

    def read(row: Model) -> object:
        value = getattr(row, name)
        return value if type(value) is str else _stored(row, field)

    return read


def comparison_key(
    instance: Model, fields: Iterable["Field[Any, Any] | str"]
) -> tuple[object, ...]:
    """Return the values of some fields as a tuple that can be a member of a set."""
    find = instance._meta.get_field
    found = (find(field) if isinstance(field, str) else field for field in fields)
    return tuple(_hashable(_value(instance, field)) for field in found)


def _value(instance: Model, field: Any) -> object:
    """Return the value of a field, in the field's own Python type."""
    value = field.value_from_object(instance)
    if field.many_to_many:
        return frozenset(related.pk for related in value)
    return value if isinstance(value, AS_IT_IS) else python_value(field, value)


def _stored(instance: Model, field: Any) -> object:
    """Return the value of a field as it is read from the table once it is written."""
    value = field.value_from_object(instance)
    return value if isinstance(value, AS_IT_IS) else stored_value(field, value)


def _hashable(value: object) -> object:
    """Return a form of a value that has a hash; equal values have equal forms."""
    if isinstance(value, dict):
        return frozenset((key, _hashable(item)) for key, item in value.items())
    return tuple(map(_hashable, value)) if isinstance(value, list) else value
