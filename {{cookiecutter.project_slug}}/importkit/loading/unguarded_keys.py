"""Step 4, load: a natural key that the database does not keep unique is found, and told.

The database is asked, not the model: an unmanaged table, or one that lacks a migration, may
be without a constraint that the model states.
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.db import connections
from django.db.models import Model

from importkit.loading.plan import Mode, TableTarget
from importkit.loading.writers.catalogue import catalogue
from importkit.loading.writers.choice import is_empty
from importkit.models import column_of, field_of, unique_sets


@dataclass(frozen=True)
class UnguardedKey:
    """A natural key of which two rows may have the same values.

    Attributes:
        target: The table and its natural key.
        owner: The model whose table has the fields; of inherited fields a parent.
        fields: The names of the fields.
        columns: Their columns.
        conditional: The unique indexes of these fields that count for some rows only.
        is_stated: Whether the model states that the fields are unique.
    """

    target: TableTarget
    owner: type[Model]
    fields: tuple[str, ...]
    columns: tuple[str, ...]
    conditional: tuple[str, ...]
    is_stated: bool

    @property
    def names(self) -> str:
        """The fields as a list of source: ``"shop", "code"``."""
        return ", ".join(map(json.dumps, self.fields))

    @property
    def name(self) -> str:
        """A name for a constraint, which must differ from those of other models."""
        options = self.owner._meta
        name = f"unique_{options.app_label}_{options.model_name}"
        taken = {constraint.name for constraint in options.constraints}
        return "_".join([name, *self.fields]) if name in taken else name

    @property
    def constraint(self) -> str:
        """The constraint to add to ``Meta.constraints``, as source."""
        return f'models.UniqueConstraint(fields=[{self.names}], name="{self.name}")'

    @property
    def index(self) -> str:
        """The statement of SQL that adds a unique index where no migration does."""
        quote = connections[self.target.using].ops.quote_name
        columns = ", ".join(map(quote, self.columns))
        table = quote(self.owner._meta.db_table)
        return f"CREATE UNIQUE INDEX {quote(self.name)} ON {table} ({columns})"

    @property
    def drop(self) -> str:
        """The statement of SQL that takes the index away."""
        connection = connections[self.target.using]
        quote = connection.ops.quote_name
        table = f" ON {quote(self.owner._meta.db_table)}"
        where = table if connection.vendor == "mysql" else ""
        return f"DROP INDEX {quote(self.name)}{where}"

    @property
    def finding(self) -> str:
        """What is so, and what it may lead to, in whole sentences."""
        listed = " and ".join(f'"{name}"' for name in self.conditional)
        but = f"; for some rows only there is {listed}" if listed else ""
        return (
            f"The database does not keep the natural key of {self.target.model._meta.label} "
            f"unique ({self.names}{but}): if another program writes to the table at the same "
            "time, a row may be there twice, and later imports are refused."
        )

    @property
    def remedy(self) -> str:
        """What to do, in whole sentences."""
        scope = " Or let get_scope name these rows." if self.conditional else ""
        if not self.owner._meta.managed:
            return f"Let the database run: {self.index};{scope}"
        if self.is_stated:
            return (
                f"{self.owner.__name__} states that they are unique: run makemigrations "
                f"and migrate.{scope}"
            )
        return (
            f"Add to the Meta of {self.owner.__name__}: constraints = [{self.constraint}]. "
            f"Then run makemigrations and migrate.{scope}"
        )


def find_unguarded_key(target: TableTarget) -> UnguardedKey | None:
    """Return the natural key of a run, if the database lets two rows have the same.

    Args:
        target: The table, its natural key and what the run may do.
    """
    if not target.key or target.mode in (Mode.INSERT, Mode.UPDATE):
        return None
    # A field of a parent with a table of its own is constrained there.
    by_owner: dict[Any, list[str]] = defaultdict(list)
    for name in target.key:
        by_owner[field_of(target.model, name).model].append(name)
    partial: list[str] = []
    for owner, names in by_owner.items():
        is_kept, conditional = _kept_unique(target, owner, names)
        if is_kept or (conditional and target.scope is not None):
            return None
        partial += conditional
    [owner, *_] = by_owner
    fields = [field_of(owner, name) for name in by_owner[owner]]
    return UnguardedKey(
        target=target,
        owner=owner,
        fields=tuple(field.name for field in fields),
        columns=tuple(map(column_of, fields)),
        conditional=tuple(partial),
        is_stated=_states_unique(owner, by_owner[owner]),
    )


def warning_of_key(target: TableTarget) -> str:
    """Return why two programs may write one row twice; empty if the database prevents it."""
    found = find_unguarded_key(target)
    return f"{found.finding} {found.remedy}" if found else ""


def warning_of_no_key(target: TableTarget) -> str:
    """Return that rows are added to others, perhaps to themselves; empty if there are none.

    Args:
        target: The table of a run that states neither a natural key nor a mode.
    """
    if target.key or is_empty(target):
        return ""
    return (
        f"{target.model._meta.label} has rows already, and no natural key of it is stated: "
        "all rows of the source are added, also those that the table has. State a key in "
        "get_natural_keys, or say --mode insert if that is meant."
    )


def _kept_unique(
    target: TableTarget, owner: type[Model], names: Iterable[str]
) -> tuple[bool, list[str]]:
    """Return whether a table keeps fields unique, and the indexes that do so for some rows."""
    columns = {column_of(field_of(owner, name)) for name in names}
    keys = catalogue(replace(target, model=owner)).keys
    if not keys and owner._meta.managed:  # The database does not tell.
        return _states_unique(owner, names), []
    found = [
        key
        for key in keys
        if key.columns and not key.excludes and {*key.columns} <= columns
    ]
    conditional = [key.name for key in found if key.condition]
    return len(conditional) < len(found), conditional


def _states_unique(owner: type[Model], names: Iterable[str]) -> bool:
    given = {*names}
    return any(unique <= given for unique in unique_sets(owner))
