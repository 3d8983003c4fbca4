"""Plain Django code: parents are looked up, and each row is saved by itself."""

from typing import Any

from django.db.models import Model

from tests.importkit.instances.cases import KEYS, PARENTS, Row, Rows, in_order
from tests.importkit.shop.models import Author, Comrade, Team

# Links that are set once all rows are there.
LATE: dict[type[Model], str] = {Author: "mentor", Team: "captain", Comrade: "friend"}


def save(rows: Rows) -> None:
    """Save the rows of a run."""
    for model, found in in_order(rows):
        for row in _parents_first(model, found):
            _save(model, row)
    for model, name in LATE.items():
        for row in rows.get(model, ()):
            instance = _found(model, row)
            setattr(instance, name, _parent(model, name, row[name]))
            instance.save()


def _parents_first(model: type[Model], rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: row["name"]) if model is Comrade else rows


def _save(model: type[Model], row: Row) -> None:
    instance = _found(model, row)
    is_new = instance is None
    if instance is None:
        instance = model()
    for name, value in row.items():
        if name == LATE.get(model) and not (is_new and model is Comrade):
            continue
        is_link = name in PARENTS.get(model, {})
        setattr(instance, name, _parent(model, name, value) if is_link else value)
    instance.save()


def _found(model: type[Model], row: Row) -> Any:
    links = PARENTS.get(model, {})
    wanted = {}
    for name in KEYS[model]:
        path = f"{name}__{KEYS[links[name]][0]}" if name in links else name
        wanted[path] = row[name]
    return model._base_manager.filter(**wanted).first()


def _parent(model: type[Model], name: str, value: Any) -> Any:
    if value is None:
        return None
    parent = PARENTS[model][name]
    return parent._base_manager.get(**{KEYS[parent][0]: value})
