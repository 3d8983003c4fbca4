"""Create, update and delete many instances in steps, all or nothing.

Every function writes to the database that the router names, in one transaction, in the
thread of the caller. ``step`` is the number of rows that are written at a time.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connections, router
from django.db.models import Field, Model
from django.db.models.deletion import Collector

from importkit.loading import Mode, RunOptions, load
from importkit.models import (
    ModelClass,
    all_rows,
    atomic_for,
    collect_together,
    comparison_key,
    concrete,
    in_steps,
    instances_of,
    refuse_protected,
)

STEP = 1000  # Rows.


def bulk_create_in_steps[M: Model](
    model: type[M], bulk: Iterable[M], step: int = STEP
) -> list[M]:
    """Create the instances of one model and return them in the given order.

    ``load_bulks`` describes how related instances are created.
    """
    instances = list(bulk)
    load_bulks({model: instances}, step)
    return instances


def bulk_create_bulks_in_steps(
    bulks: Mapping[ModelClass, Iterable[Model]], step: int = STEP
) -> dict[ModelClass, list[Model]]:
    """Create the instances of several models and return them by model.

    ``load_bulks`` describes the order, and how related instances are created.
    """
    instances = {model: list(bulk) for model, bulk in bulks.items()}
    load_bulks(instances, step)
    return instances


def load_bulks(
    bulks: Mapping[ModelClass, Iterable[Model]], step: int = STEP
) -> dict[ModelClass, int]:
    """Create the instances of several models, parents first, and count them.

    A generator is read one step at a time, and its instances are freed once they are
    written. The bulk of a model that refers to itself is read as a whole and created
    level by level. Where models refer to each other, the foreign keys that may be null
    are filled in at the end. A model with multi-table inheritance is saved row by row,
    with signals, because Django has no bulk insert for such a model.

    Args:
        bulks: The new instances by model, in any order.
        step: The number of rows that are written at a time.

    Returns:
        The number of new rows by model.

    Raises:
        ConfigurationError: The models need each other, a bulk holds an instance of
            another model, or an instance refers to an instance that is never saved.
        ValueError: The step is less than 1.
    """
    options = RunOptions(mode=Mode.INSERT, step=step, names_instances=False)
    return {model: done.outcome.new for model, done in load(bulks, options).items()}


def bulk_update_in_steps[M: Model](
    model: type[M],
    bulk: Iterable[M],
    update_fields: Iterable[str],
    step: int = STEP,
) -> int:
    """Write some fields of saved instances and return the number of rows found.

    Args:
        model: The model of all instances.
        bulk: The instances, with their new values.
        update_fields: The names of the fields. Fields with ``auto_now`` are set to the
            current time and written as well.
        step: The number of rows that are written at a time.

    Raises:
        ValueError: No field is named, or the step is less than 1.
    """
    if not (names := dict.fromkeys(update_fields)):
        raise ValueError("Name at least one field to update.")
    stamps = [f for f in model._meta.concrete_fields if getattr(f, "auto_now", False)]
    names |= dict.fromkeys(field.name for field in stamps)
    updated = 0
    with atomic_for([model]):
        for chunk in in_steps(instances_of(model, bulk), step):
            for field in stamps:
                for instance in chunk:
                    field.pre_save(instance, add=False)
            updated += all_rows(model).bulk_update(chunk, list(names))
    return updated


def bulk_delete_in_steps[M: Model](
    model: type[M], bulk: Iterable[M], step: int = STEP
) -> tuple[int, dict[str, int]]:
    """Delete saved instances, including those that the default manager hides.

    Returns:
        The number of rows that Django deleted, cascades included, and this number by
        model label. Rows that the database deletes by its own cascades are not counted.

    Raises:
        ValueError: An instance is not saved, or the step is less than 1.
    """
    deleted: Counter[str] = Counter()
    with atomic_for([model]):
        # A statement of SQLite takes a limited number of values.
        limit = connections[router.db_for_write(model)].features.max_query_params
        for chunk in in_steps(instances_of(model, bulk), min(step, limit or step)):
            keys = [instance.pk for instance in chunk]
            if None in keys:
                raise ValueError(
                    f'A "{model._meta.label}" that is not saved has no row.'
                )
            deleted.update(all_rows(model).filter(pk__in=keys).delete()[1])
    return deleted.total(), dict(deleted)


def get_differences_between_bulks[M: Model](
    bulk1: Iterable[M], bulk2: Iterable[M], fields: Iterable["Field[Any, Any] | str"]
) -> tuple[list[M], list[M], list[M], list[M]]:
    """Compare two bulks of instances, saved or not, by the values of some fields.

    Values are compared in the field's own type: to a decimal field ``"1.50"`` equals
    ``Decimal("1.5")``. Foreign keys are compared by the keys that they hold.

    Args:
        bulk1: Instances of one model.
        bulk2: Instances of the same model.
        fields: The fields to compare, as objects or by name.

    Returns:
        Four lists, each in the order of its bulk: instances only in the first bulk, only
        in the second, in both (from the first), in both (from the second).

    Raises:
        ValueError: The instances are of more than one model.
    """
    first, second, compared = list(bulk1), list(bulk2), list(fields)
    labels = sorted({type(instance)._meta.label for instance in first + second})
    if len(labels) > 1:
        raise ValueError(
            "Both bulks must be of the same model type, but hold "
            + " and ".join(labels)
        )
    keys1 = [comparison_key(instance, compared) for instance in first]
    keys2 = [comparison_key(instance, compared) for instance in second]
    in_first, in_second = set(keys1), set(keys2)
    return (
        [i for i, key in zip(first, keys1, strict=True) if key not in in_second],
        [i for i, key in zip(second, keys2, strict=True) if key not in in_first],
        [i for i, key in zip(first, keys1, strict=True) if key in in_second],
        [i for i, key in zip(second, keys2, strict=True) if key in in_first],
    )


def simulate_bulk_deletion(
    model: ModelClass, entries: Iterable[Model]
) -> dict[ModelClass, set[Model]]:
    """Return the rows that deleting the entries would delete, by model, with cascades.

    Raises:
        ProtectedError: The real deletion would be refused.
    """
    collector: Any = Collector(using=router.db_for_write(model))
    # Follow the cascades of the database, too, which Django has since 6.1.
    collector.force_collection = True
    collector.collect(list(entries))
    fast = ((rows.model, rows) for rows in collector.fast_deletes)
    deleted: dict[ModelClass, set[Model]] = defaultdict(set)
    for deleted_model, instances in (*collector.data.items(), *fast):
        deleted[deleted_model].update(instances)
    return {key: instances for key, instances in deleted.items() if instances}


def multi_simulate_bulk_deletion(
    entries: Mapping[ModelClass, Iterable[Model]],
) -> dict[ModelClass, set[Model]]:
    """Return the rows that deleting the entries of several models would delete.

    The entries are deleted together: a row that is deleted as well protects no other row.

    Raises:
        ProtectedError: The real deletion would be refused.
    """
    parts = {model: [list(bulk)] for model, bulk in entries.items()}
    collectors = collect_together(parts, follows_database=True).values()
    deleted: dict[ModelClass, set[Model]] = defaultdict(set)
    gone: dict[ModelClass, set[object]] = defaultdict(set)
    for collector in collectors:
        collector.note_what_django_skips()
        for model, instances in collector.data.items():
            deleted[model].update(instances)
            gone[concrete(model)].update(instance.pk for instance in instances)
    for collector in collectors:
        refuse_protected(collector.guards, gone)
    return {model: instances for model, instances in deleted.items() if instances}
