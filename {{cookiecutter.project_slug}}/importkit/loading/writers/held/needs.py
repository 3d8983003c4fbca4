"""Step 4, load: what of the rows that are held beside a table somebody will look at.

A run writes held rows, so it needs all of them, and a scope may look at any. A dry run needs the columns that judge
constraints, that other rows refer to, and that show changes. What is known to hold without
a look at the rows is not judged, and its columns are not held.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace

from importkit.loading.plan import Mode, TableTarget, links_of
from importkit.loading.writers.catalogue import Catalogue, UniqueKey
from importkit.loading.writers.interface import Loader
from importkit.models import (
    TEXTS,
    AnyField,
    column_of,
    field_of,
    value_field,
    writable_fields,
)


@dataclass(frozen=True)
class Needs:
    """What has to be judged of held rows, and what that takes.

    Attributes:
        known: What is left to judge of what the table demands.
        judges_key: Whether rows with one natural key have to be found.
        columns: The attnames of the columns that are needed of each row.
    """

    known: Catalogue
    judges_key: bool
    columns: frozenset[str]


def needs_of(
    target: TableTarget,
    loader: Loader,
    known: Catalogue,
    full: Collection[str],
    *,
    is_all_new: bool,
) -> Needs:
    """Return what has to be judged of the rows of a frame, and the columns that it takes.

    Args:
        target: The table.
        loader: The loader of its database.
        known: What the table demands.
        full: The columns of the frame, and those that Django adds.
        is_all_new: Whether no row of the table is compared with the rows.
    """
    judges_key = bool(target.key) and target.mode is not Mode.INSERT
    fields = {field.attname for field in writable_fields(target.model)}
    if not target.dry_run or target.scope is not None:
        return Needs(known, judges_key, frozenset(fields))
    if is_all_new:
        is_settled = _keys_are_told_apart(target, loader, known)
        judges_key &= not is_settled
        keys = [
            key
            for key in known.keys
            if not (is_settled and _has_natural_key(target, key))
            and not _is_never_repeated(target, key, full)
        ]
        known = replace(known, keys=keys)
    columns = {
        *_named(target, known),
        *(target.key if judges_key else ()),
        *target.keeps,
        *(key.attname for key in links_of(target, full)),
        *(name for name in full if not loader.takes_all(field_of(target.model, name))),
    }
    return Needs(known, judges_key, frozenset(columns & fields))


def compares_loosely(target: TableTarget, known: Catalogue) -> bool:
    """Return whether different texts may be one natural key to the database."""
    columns = {column_of(field_of(target.model, name)) for name in target.key}
    if any(
        getattr(value_field(field_of(target.model, name)), "db_collation", None)
        for name in target.key
    ):
        return True
    return any(any(key.collations) for key in known.keys if columns & set(key.columns))


def _keys_are_told_apart(target: TableTarget, loader: Loader, known: Catalogue) -> bool:
    """Return whether the checks of rows have found all rows with one natural key.

    They compare values before these get the types of their fields: different texts may be
    one number. Texts stay as different as they are, where the database compares characters.
    The table has no row when new rows with a natural key are not compared with it.
    """
    if not target.key or target.mode is Mode.INSERT or compares_loosely(target, known):
        return False
    fields = [field_of(target.model, name) for name in target.key]
    return all(
        value_field(field).get_internal_type() in TEXTS and loader.takes_all(field)
        for field in fields
    )


def _has_natural_key(target: TableTarget, key: UniqueKey) -> bool:
    """Return whether rows that repeat a key repeat their natural key."""
    columns = {column_of(field_of(target.model, name)) for name in target.key}
    return columns <= set(key.columns) and not key.excludes


def _is_never_repeated(
    target: TableTarget, key: UniqueKey, full: Collection[str]
) -> bool:
    """Return whether new rows leave a part of a key empty, or have the database number it."""
    by_column = {column_of(f): f for f in writable_fields(target.model)}
    parts = [by_column.get(column) for column in key.columns]
    absent = [f for f in parts if f is not None and f.attname not in full]
    return key.nulls_differ and any(not field.has_db_default() for field in absent)


def _named(target: TableTarget, known: Catalogue) -> Iterator[str]:
    """Yield the columns that what is judged may name: rather one too many."""
    texts = [check.condition for check in known.checks]
    for key in known.keys:
        texts += [*key.parts, *key.columns, key.condition]
    texts = [text.replace('""', '"').casefold() for text in texts]
    fields: list[AnyField] = list(target.model._meta.concrete_fields)
    # What the database computes of a row, and a row as a whole, may be of any column.
    takes_all = any(field.generated for field in fields)
    takes_all |= any(".*" in text for text in texts)
    for field in fields:
        name = column_of(field).casefold()
        if takes_all or any(name in text for text in texts):
            yield field.attname
