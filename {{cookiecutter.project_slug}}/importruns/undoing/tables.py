"""The rows of one table that a run has touched, in a temporary table beside it."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.apps import apps
from django.db import connections

from importkit.errors import ConfigurationError
from importkit.loading import Column, Images, images_of
from importkit.models import ModelClass, topological_sort_models
from importruns.models import RowChange
from importruns.undoing.folding import RowImages, folded
from importruns.undoing.told import UndoError

AT_ONCE = 50  # Tests that one level of SQL joins; SQLite takes few levels.


class SQL:
    """Runs statements on one database, below the log of Django.

    Attributes:
        using: The alias of the database.
        is_sqlite: Whether it is SQLite; if not, it is PostgreSQL.
    """

    def __init__(self, using: str) -> None:
        """Use the connection of an alias."""
        self.using = using
        self.connection: Any = connections[using]
        self.is_sqlite = self.connection.vendor == "sqlite"

    def execute(self, sql: str, values: Iterable[object] = ()) -> int:
        """Run a statement; return how many rows it wrote."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, list(values) or None)
            return int(cursor.rowcount)

    def rows(self, sql: str, values: Iterable[object] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.connection.cursor() as cursor:
            cursor.execute(sql, list(values) or None)
            return list(cursor.fetchall())


@dataclass(frozen=True)
class Touched:
    """The rows of a table that a run has touched.

    The temporary table has the columns ``pk0`` and so on, ``kind``, ``before`` and ``after``
    of ``RowChange``, ``kept`` with the name of a reason, and ``moves``: whether a changed row
    has to be out of the way while others get their unique values back.

    Attributes:
        sql: Runs statements.
        model: The model of the rows.
        images: The SQL of images.
        name: The quoted name of the temporary table.
    """

    sql: SQL
    model: ModelClass
    images: Images
    name: str

    @property
    def table(self) -> str:
        """The quoted name of the table of the model."""
        return self.images.table

    @property
    def pks(self) -> list[str]:
        """The columns of the primary key in the temporary table."""
        return [f"pk{place}" for place in range(len(self.images.keys))]

    def same(self, work: str, row: str) -> str:
        """Return the test that a touched row is a row of the table."""
        pairs = zip(self.pks, self.images.keys, strict=True)
        return " AND ".join(f"{row}.{key.quoted} = {work}.{pk}" for pk, key in pairs)

    def column(self, field: Any) -> Column:
        """Return the column of a field."""
        return next(c for c in self.images.columns if c.name == field.column)

    def keep(self, reason: str, test: str) -> int:
        """Keep the touched rows ``w`` for which a test holds; return how many."""
        return self.sql.execute(
            f"UPDATE {self.name} AS w SET kept = '{reason}' "
            f"WHERE w.kept IS NULL AND {test}"
        )

    def columns_of(self, image: str, kind: str) -> list[Column]:
        """Return the columns that any image of the rows of a kind has."""
        column = "key" if self.sql.is_sqlite else "jsonb_object_keys"
        each = (
            f"json_each(w.{image})"
            if self.sql.is_sqlite
            else f"jsonb_object_keys(w.{image})"
        )
        found = self.sql.rows(
            f"SELECT DISTINCT {column} FROM {self.name} AS w, {each} "
            f"WHERE w.kind = '{kind}'"
        )
        names = {name for (name,) in found}
        if lost := names - {column.name for column in self.images.columns}:
            raise UndoError(
                f"{self.model._meta.label} has no longer the columns "
                f"{', '.join(sorted(lost))}, which the run has written. The run cannot be "
                "undone."
            )
        return [column for column in self.images.columns if column.name in names]


def any_of(tests: Iterable[str]) -> str:
    """Return the test that any of many tests holds."""
    return _joined(list(tests), " OR ") or "1 = 0"


def _joined(tests: list[str], word: str) -> str:
    while len(tests) > 1:
        parts = (tests[n : n + AT_ONCE] for n in range(0, len(tests), AT_ONCE))
        tests = [f"({word.join(part)})" for part in parts]
    return tests[0] if tests else ""


def touched_models(run: int, sql: SQL) -> list[ModelClass]:
    """Return the models of the rows that a run has touched in a database, parents first."""
    notes = RowChange.objects.using(sql.using).filter(run=run)
    models = [
        _model(label) for label in notes.values_list("label", flat=True).distinct()
    ]
    models.sort(key=lambda model: model._meta.label)
    try:
        return topological_sort_models(models)
    except ConfigurationError:  # They need each other, and are checked at the end.
        return models


def touched_by(run: int, model: ModelClass, sql: SQL, place: int) -> Touched:
    """Fill the temporary table of the rows of a model that a run has touched."""
    touched = _empty(model, sql, f"importkit_undo_{place}")
    _fill(touched, run)
    return touched


def _model(label: str) -> ModelClass:
    try:
        return apps.get_model(label)
    except LookupError as error:
        raise UndoError(
            f"The run has written rows of {label}, and the project has no such model any "
            "more. The run cannot be undone."
        ) from error


def _empty(model: ModelClass, sql: SQL, name: str) -> Touched:
    """Create the temporary table for the touched rows of a model."""
    images = images_of(model, sql.using)
    touched = Touched(sql, model, images, name)
    image = "text" if sql.is_sqlite else "jsonb"
    keys = ", ".join(
        f"{pk} {column.kind}"
        for pk, column in zip(touched.pks, images.keys, strict=True)
    )
    sql.execute(f"DROP TABLE IF EXISTS {name}")
    sql.execute(
        f"CREATE TEMPORARY TABLE {name} ({keys}, kind varchar(1), before {image}, "
        f"after {image}, kept varchar(10), moves boolean)"
    )
    return touched


def _fill(touched: Touched, run: int) -> None:
    label = touched.model._meta.label
    sql, notes = touched.sql, f'"{RowChange._meta.db_table}"'
    of_label = f"FROM {notes} WHERE run = %s AND label = %s"
    repeated = f"SELECT key {of_label} GROUP BY key HAVING COUNT(*) > 1"
    [(number,)] = sql.rows(
        f"SELECT COUNT(*) FROM ({repeated}) AS importkit_keys", [run, label]
    )
    once = f" AND key NOT IN ({repeated})" if number else ""
    values = [run, label, *([run, label] if number else [])]
    sql.execute(
        f"INSERT INTO {touched.name} SELECT {_read(touched, 'key', 'before', 'after')} "
        f"{of_label}{once} AND (kind <> 'u' OR before <> '{{}}')",
        values,
    )
    if number:
        _fill_folded(touched, f"{of_label} AND key IN ({repeated})", [run, label] * 2)
    sql.execute(
        f"CREATE INDEX {touched.name}_pk ON {touched.name} ({', '.join(touched.pks)})"
    )
    if not sql.is_sqlite:
        sql.execute(f"ANALYZE {touched.name}")


def _read(touched: Touched, key: str, before: str, after: str) -> str:
    """Select a row of the temporary table from the texts of a note."""
    cast = "" if touched.sql.is_sqlite else "::jsonb"
    keys = touched.images.keys
    if len(keys) == 1:
        pks = [f"CAST({key} AS {keys[0].kind})"] if cast else [key]
    elif cast:
        pks = [
            f"({key}::jsonb ->> {n})::{column.kind}" for n, column in enumerate(keys)
        ]
    else:
        pks = [f"json_extract({key}, '$[{n}]')" for n in range(len(keys))]
    return f"{', '.join(pks)}, kind, {before}{cast}, {after}{cast}, NULL, false"


def _fill_folded(touched: Touched, of_repeated: str, values: list[object]) -> None:
    """Fold the changes of the rows that the run has touched more than once."""
    sql = touched.sql
    query = f"SELECT key, kind, before, after {of_repeated} ORDER BY key, id"
    read = _read(touched, "key", "before", "after")
    insert = (
        f"INSERT INTO {touched.name} SELECT {read} FROM "
        "(SELECT CAST(%s AS text) AS key, %s AS kind, CAST(%s AS text) AS before, "
        "CAST(%s AS text) AS after) AS importkit_note"
    )
    with sql.connection.cursor() as cursor:
        cursor.executemany(insert, list(_folded(sql.rows(query, values))))


def _folded(notes: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    for key, own in groupby(notes, lambda note: note[0]):
        changes = (
            RowImages(kind, _loaded(before), _loaded(after))
            for _, kind, before, after in own
        )
        if change := folded(changes):
            yield key, change.kind, _dumped(change.before), _dumped(change.after)


def _loaded(image: str | None) -> Any:
    return None if image is None else json.loads(image)


def _dumped(image: Any) -> str | None:
    return None if image is None else json.dumps(image, ensure_ascii=False)
