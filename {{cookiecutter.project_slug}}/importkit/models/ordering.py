"""Step 3, transform: models sorted by their foreign keys: parents before children."""

from collections.abc import Callable, Iterable, Iterator
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from typing import Any

from django.db.models import ForeignKey, Model

from importkit.errors import ConfigurationError

type ModelClass = type[Model]
type AnyForeignKey = ForeignKey[Any, Any]
type IsParent = Callable[[AnyForeignKey, ModelClass], bool]
type Graph = dict[ModelClass, set[ModelClass]]


def topological_sort_models(models: Iterable[ModelClass]) -> list[ModelClass]:
    """Sort models so that each one comes after those it refers to.

    A model refers to others by foreign keys, by one-to-one fields, as the table of a
    many-to-many field, and by multi-table inheritance. A reference of a model to itself
    is ignored. Models that do not depend on each other keep the given order.

    A cycle is cut at a foreign key that may be null: such a column can be filled in
    later, as the functions of ``bulk`` do.

    Args:
        models: The models, in any order.

    Raises:
        ConfigurationError: In a cycle no foreign key may be null.
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


def foreign_keys(model: ModelClass) -> Iterator[AnyForeignKey]:
    """Yield the foreign keys of a model, one-to-one and inherited ones included."""
    return (f for f in model._meta.concrete_fields if isinstance(f, ForeignKey))


def concrete(model: ModelClass) -> ModelClass:
    """Return the model that has the table: for a proxy, the model behind the proxy."""
    return model._meta.concrete_model or model


def refers_to(field: AnyForeignKey, model: ModelClass) -> bool:
    """Return whether a foreign key can point to rows of a model."""
    target = concrete(field.related_model)
    if field.remote_field.parent_link:
        return concrete(model) is target
    # With multi-table inheritance a row of the child is also a row of the parent.
    return issubclass(concrete(model), target)


def _requires(field: AnyForeignKey, model: ModelClass) -> bool:
    """Return whether each row needs a parent, and the parent is a row of this model."""
    return not field.null and concrete(model) is concrete(field.related_model)


def _parents_of(
    model: ModelClass, models: Iterable[ModelClass], is_parent: IsParent
) -> set[ModelClass]:
    """Return the other models that a model refers to."""
    return {
        other
        for other in models
        if not issubclass(other, concrete(model))
        and any(is_parent(field, other) for field in foreign_keys(model))
    }


def _comes_next(model: ModelClass, parents: Graph, needed: Graph) -> bool:
    """Return whether a model refers only to models of its own cycle, or to none."""
    return not needed[model] and all(
        model in _ancestors(other, parents) for other in _ancestors(model, parents)
    )


def _ancestors(model: ModelClass, parents: Graph) -> set[ModelClass]:
    """Return all models that a model refers to, directly or through others."""
    found: set[ModelClass] = set()
    waiting = [model]
    while waiting:
        new = parents[waiting.pop()] - found
        found |= new
        waiting.extend(new)
    return found


def _refuse_cycle(needed: Graph) -> None:
    """Raise if models need each other; name the fields and the remedy."""
    try:
        TopologicalSorter(needed).prepare()
    except CycleError as error:
        cycle: list[ModelClass] = error.args[1][::-1]
        # The cycle starts with the smallest name, so that the message never varies.
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
