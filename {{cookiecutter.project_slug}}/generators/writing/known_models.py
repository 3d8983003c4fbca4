"""Django is asked for a model of the new model's name: its fields, and its table."""

from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import connections, models, router

from generators.code import ImportPlan, is_required


def known_model(plan: ImportPlan) -> type[models.Model] | None:
    """Return the model of the app that has the name of the new model; None without."""
    return apps.all_models[plan.place.label].get(plan.model.name.lower())


def other_fields(plan: ImportPlan, model: type[models.Model]) -> list[str]:
    """Return the names of the fields that keep a model from being the new one.

    The model lacks them, has them in another class, or needs a value that no column has.
    """
    there = {field.attname: field for field in model._meta.concrete_fields}
    wanted = {c.name: str(c.field).partition("(")[0] for c in plan.columns if c.field}
    names = [
        name
        for name, kind in wanted.items()
        if not _is_one(there.get(name), kind.removeprefix("models."))
    ]
    needed = (n for n, field in there.items() if n not in wanted and is_required(field))
    return [*names, *needed]


def lacks_table(model: type[models.Model]) -> bool:
    """Return whether the database can be read and has no table of a model."""
    connection = connections[router.db_for_write(model)]
    try:
        return model._meta.db_table not in connection.introspection.table_names()
    except (DatabaseError, ImproperlyConfigured):
        return False


def _is_one(field: object, name: str) -> bool:
    return isinstance(field, getattr(models, name))
