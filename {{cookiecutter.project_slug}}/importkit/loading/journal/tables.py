"""Step 4, load: which tables a run may write to."""

from collections.abc import Iterable
from typing import Any

from django.db import router
from django.db.models import DO_NOTHING, Model
from django.db.models.deletion import get_candidate_relations_to_delete

from importkit.models import GUARDS, ModelClass, concrete


def written_by(models: Iterable[ModelClass]) -> list[ModelClass]:
    """Return the models whose tables hold the rows of some models, parents included."""
    found: dict[ModelClass, None] = {}
    for model in models:
        for each in (*model._meta.all_parents, model):
            found[concrete(each)] = None
    return list(found)


def touched_by_deletion(models: Iterable[ModelClass]) -> list[ModelClass]:
    """Return the models whose rows may go, or may lose a parent, with rows of some models.

    What Django deletes, and what the database deletes by itself; the models are among them.
    """
    waiting = written_by(models)
    found: dict[ModelClass, None] = {}
    while waiting:
        model = waiting.pop()
        if model in found:
            continue
        found[model] = None
        waiting += _referring(model)
    return list(found)


def by_database(models: Iterable[ModelClass]) -> dict[str, list[ModelClass]]:
    """Return models by the alias of their database, in the same order in each run."""
    found: dict[str, list[ModelClass]] = {}
    for model in sorted(set(models), key=lambda each: each._meta.db_table):
        found.setdefault(router.db_for_write(model), []).append(model)
    return found


def _referring(model: type[Model]) -> list[ModelClass]:
    """Return the models whose rows are deleted or changed with those of a model."""
    found: list[ModelClass] = []
    relation: Any
    for relation in get_candidate_relations_to_delete(model._meta):
        key = relation.field
        if key.remote_field.on_delete not in (*GUARDS, DO_NOTHING):
            found += written_by([key.model])
    return found
