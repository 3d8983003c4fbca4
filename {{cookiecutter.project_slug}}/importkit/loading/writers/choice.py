"""Step 4, load: which way of writing keeps the meaning of a model's fields."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager

from django.db import connections

from importkit.loading.plan import Target
from importkit.loading.writers.interface import Loader
from importkit.loading.writers.postgres import PostgresLoader
from importkit.loading.writers.sqlite import SQLiteLoader, larger_cache
from importkit.models import concrete, dtype_of, overridden_method, writable_fields

LOADERS: dict[str, type[PostgresLoader] | type[SQLiteLoader]] = {
    "postgresql": PostgresLoader,
    "sqlite": SQLiteLoader,
}


@contextmanager
def tuned(aliases: Iterable[str]) -> Iterator[None]:
    """Give databases what they need for many rows, as long as they are written."""
    with ExitStack() as stack:
        for using in aliases:
            if connections[using].vendor == "sqlite":
                stack.enter_context(larger_cache(using))
        yield


def loader_for(place: Target) -> Loader:
    """Return the loader of a database that has one."""
    return LOADERS[connections[place.using].vendor](place.using, place.model)


def is_empty(place: Target) -> bool:
    """Say whether a table holds no row, so that every row is new."""
    return not place.model._base_manager.using(place.using).exists()


def reason_for_orm(place: Target) -> str:
    """Say why rows have to go through Django, or nothing if they need not."""
    model = place.model
    vendor = connections[place.using].vendor
    if place.signals:
        return "its signals are asked for"
    if vendor not in LOADERS:
        return f"{vendor} has no loader"
    if any(
        concrete(parent) is not concrete(model) for parent in model._meta.all_parents
    ):
        return "it inherits from a model with a table of its own"
    for field in writable_fields(model):
        name = type(field).__name__
        if method := overridden_method(field):
            return f'"{field.name}" ({name}) has a {method} of its own'
        if dtype_of(field) is None:
            return f'"{field.name}" ({name}) has no type in a frame'
    return ""
