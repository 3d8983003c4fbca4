"""A natural key that the database does not keep unique: what to add, before it matters."""

from collections.abc import Mapping, Sequence

from django.core.exceptions import ImproperlyConfigured
from django.db import Error as DatabaseError
from django.db import router
from django.db.models import Model

from generators.code import Place
from generators.naming import manage_command, project_folder
from importkit.loading import Mode, TableTarget, UnguardedKey, find_unguarded_key
from importkit.models import attname_of


def unguarded_keys(
    keys: Mapping[type[Model], Sequence[str]],
) -> tuple[UnguardedKey, ...]:
    """Return the natural keys that the database does not keep unique.

    Args:
        keys: For each model the names of the fields; none where it has no natural key.
    """
    found = (_unguarded(model, names) for model, names in keys.items())
    return tuple(gap for gap in found if gap)


def _unguarded(model: type[Model], names: Sequence[str]) -> UnguardedKey | None:
    attnames = tuple(attname_of(model, name) for name in names)
    target = TableTarget(model, router.db_for_write(model), Mode.UPSERT, attnames)
    try:
        return find_unguarded_key(target)
    except (DatabaseError, ImproperlyConfigured):
        return None  # The database cannot be asked; each run asks it again.


def advice_on_key(gap: UnguardedKey, place: Place) -> str:
    """Return what makes the database keep a key unique: the lines, and the commands."""
    options = gap.owner._meta
    if gap.is_stated and options.managed:
        what = f"{options.label} states a constraint that the table lacks:"
        return "\n".join([gap.finding, what, *_migrations(options.app_label)])
    is_own = options.managed and options.app_label == place.label
    steps = _of_meta(gap) if is_own else _of_sql(gap, place)
    scope = "Or let get_scope of the command name the rows that are unique already."
    return "\n".join([gap.finding, *steps, *([scope] if gap.conditional else [])])


def _of_meta(gap: UnguardedKey) -> list[str]:
    owner = gap.owner
    others = " besides those that are there" if owner._meta.constraints else ""
    return [
        f"Add a constraint to the class Meta of {owner.__name__}{others}, and a migration:",
        "        constraints = [",
        f"            {gap.constraint},",
        "        ]",
        *_migrations(owner._meta.app_label),
    ]


def _of_sql(gap: UnguardedKey, place: Place) -> list[str]:
    owner = gap.owner._meta
    why = "is of another app" if owner.managed else "is not managed by migrations"
    return [
        f"{owner.label} {why}: make an empty migration, and add an operation to it:",
        f"{_run()} makemigrations {place.label} --empty",
        "        migrations.RunSQL(",
        f"            {gap.index!r},",
        f"            {gap.drop!r},",
        "        ),",
        f"{_run()} migrate",
    ]


def _migrations(label: str) -> list[str]:
    return [f"{_run()} makemigrations {label}", f"{_run()} migrate"]


def _run() -> str:
    return f"   {manage_command(project_folder())}"
