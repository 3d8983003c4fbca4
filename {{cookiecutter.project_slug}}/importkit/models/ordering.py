"""Sort models, and rows, by their foreign keys: parents come before children."""

from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise, product
from typing import Any

from django.db.models import ForeignKey, Model

from importkit.errors import ConfigurationError

type ModelClass = type[Model]
type Key = ForeignKey[Any, Any]
type IsParent = Callable[[Key, ModelClass], bool]
type Parents = dict[ModelClass, set[ModelClass]]


def topological_sort_models(models: Iterable[ModelClass]) -> list[ModelClass]:
    """Sort models so that each one comes after those it refers to.

    Foreign keys, one-to-one fields, the two sides of a many-to-many table and the
    parents of multi-table inheritance count; a reference of a model to itself does
    not. Where nothing is to be said about two models, they keep the given order.

    A cycle is cut at a foreign key that may be null: such a column can be filled
    in afterwards, as the functions of ``bulk`` do.

    Args:
        models: The models, in any order.

    Raises:
        ConfigurationError: No foreign key of a cycle may be null.
    """
    pending = list(dict.fromkeys(models))
    parents = {model: _parents_of(model, pending, refers_to) for model in pending}
    needed = {model: _parents_of(model, pending, _requires) for model in pending}
    _refuse_cycle(needed)
    ordered: list[ModelClass] = []
    while pending:
        model = next(m for m in pending if _comes_next(m, parents, needed))
        ordered.append(model)
        pending.remove(model)
        for graph in (parents, needed):
            del graph[model]
            for above in graph.values():
                above.discard(model)
    return ordered


def foreign_keys(model: ModelClass) -> Iterator[Key]:
    """Yield the foreign keys of a model, one-to-one and inherited ones included."""
    return (f for f in model._meta.concrete_fields if isinstance(f, ForeignKey))


def concrete(model: ModelClass) -> ModelClass:
    """Return the model that has the table: for a proxy, what it stands for."""
    return model._meta.concrete_model or model


def refers_to(field: Key, model: ModelClass) -> bool:
    """Say whether a foreign key can point to the rows of a model."""
    target = concrete(field.related_model)
    if field.remote_field.parent_link:
        return concrete(model) is target
    # A child in multi-table inheritance is a row of its parent's table too.
    return issubclass(concrete(model), target)


def in_levels(model: ModelClass, bulk: Iterable[Model]) -> Iterator[Iterable[Model]]:
    """Yield the rows in groups, each group after those that its rows refer to."""
    keys = [field for field in foreign_keys(model) if refers_to(field, model)]
    if not keys:
        yield bulk
        return
    rows = list(bulk)
    places = {id(row): place for place, row in enumerate(rows)}
    parents = ([id(unsaved_parent(row, field)) for field in keys] for row in rows)
    sorter = TopologicalSorter(
        {
            place: [places[parent] for parent in found if parent in places]
            for place, found in enumerate(parents)
        }
    )
    try:
        sorter.prepare()
    except CycleError:  # Cut where a key may be null, refused where none may.
        yield rows
        return
    while ready := sorter.get_ready():
        yield [rows[place] for place in sorted(ready)]
        sorter.done(*ready)


def refuse_unsaved(model: ModelClass, rows: Iterable[Model]) -> None:
    """Raise if a row refers to an instance that has no key to refer to."""
    for row, field in product(rows, foreign_keys(model)):
        if (parent := unsaved_parent(row, field)) is None:
            continue
        label = parent._meta.label
        remedy = f'Save it first, or add it to the bulk of "{label}".'
        if refers_to(field, model):
            remedy += " Rows that need each other need a field with null=True."
        raise ConfigurationError(
            f'"{model._meta.label}.{field.name}" refers to a "{label}" that is not'
            f" saved and is not created before it either. {remedy}"
        )


def unsaved_parent(row: Model, field: Key) -> Model | None:
    """Return the instance assigned to a foreign key, if it has no key as yet."""
    parent: Model | None = field.get_cached_value(row, default=None)
    return parent if parent is not None and parent.pk is None else None


def _requires(field: Key, model: ModelClass) -> bool:
    """Say whether a foreign key must point to a row of a model, and of no other."""
    return not field.null and concrete(model) is concrete(field.related_model)


def _parents_of(
    model: ModelClass, models: Iterable[ModelClass], is_parent: IsParent
) -> set[ModelClass]:
    """Return those of the models, except itself, that a model has a key for."""
    return {
        other
        for other in models
        if not issubclass(other, concrete(model))
        and any(is_parent(field, other) for field in foreign_keys(model))
    }


def _comes_next(model: ModelClass, parents: Parents, needed: Parents) -> bool:
    """Say whether a model needs nobody, or only those that it forms a cycle with."""
    return not needed[model] and all(
        model in _ancestors(other, parents) for other in _ancestors(model, parents)
    )


def _ancestors(model: ModelClass, parents: Parents) -> set[ModelClass]:
    """Return all models that a model refers to, directly or through others."""
    found: set[ModelClass] = set()
    waiting = [model]
    while waiting:
        new = parents[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


def _refuse_cycle(needed: Parents) -> None:
    """Raise for models that need each other, naming the fields and the way out."""
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        cycle: list[ModelClass] = error.args[1][::-1]
        # Starting with the smallest name, the message is the same on every run.
        start = min(range(len(cycle) - 1), key=lambda i: cycle[i]._meta.label)
        cycle = [*cycle[start:-1], *cycle[: start + 1]]
        steps = [
            f"{model._meta.label}.{_field_between(model, other)}"
            for model, other in pairwise(cycle)
        ]
        path = " -> ".join([*steps, cycle[0]._meta.label])
        raise ConfigurationError(
            f"These models need each other, so that none can be created first: {path}."
            " Allow one of the fields to be null (null=True); it is then filled in"
            " after both sides exist."
        ) from error


def _field_between(model: ModelClass, parent: ModelClass) -> str:
    """Return the name of the required foreign key from a model to its parent."""
    return next(f.name for f in foreign_keys(model) if _requires(f, parent))
