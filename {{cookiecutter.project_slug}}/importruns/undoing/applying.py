"""Rows are taken back, restored and put back; what is kept is not touched.

Created rows go children first, deleted rows come back parents first. A row that has to be out
of the way, while other rows get their unique values back, goes and comes back as well.
"""

from collections.abc import Mapping, Sequence

from importkit.loading import Column
from importkit.models import ModelClass
from importruns.undoing.checks import ACTIVE, Unique
from importruns.undoing.tables import Touched


def apply(tables: Mapping[ModelClass, Touched], uniques: Sequence[Unique]) -> None:
    """Undo what is not kept.

    Args:
        tables: The touched rows by their models, parents first.
        uniques: The unique values that rows would have again.
    """
    for unique in uniques:
        _note_moves(unique)
    children_first = list(tables.values())[::-1]
    for touched in children_first:
        _move_away(touched)
    for touched in children_first:
        _restore(touched)
    for touched in children_first:
        _delete(touched, f"kind = 'c' AND {ACTIVE}")
    for touched in tables.values():
        _put_back(touched)
        _move_back(touched)


def _note_moves(unique: Unique) -> None:
    """Note the changed rows whose former values another row still has."""
    touched = unique.touched
    touched.sql.execute(
        f"UPDATE {touched.name} AS w SET moves = true "
        f"WHERE w.{ACTIVE} AND w.kind = 'u' AND {unique.taken('1 = 1')}"
    )


def _former(touched: Touched, column: Column) -> str:
    """Return the value that a row ``t`` had before the run."""
    images = touched.images
    stored = images.stored(images.part("w.before", column), column)
    return (
        f"CASE WHEN {images.has('w.before', column)} THEN {stored} "
        f"ELSE t.{column.quoted} END"
    )


def _move_away(touched: Touched) -> None:
    columns = touched.images.columns
    names = ", ".join(column.quoted for column in columns)
    values = ", ".join(_former(touched, column) for column in columns)
    away, sql = f"{touched.name}_away", touched.sql
    sql.execute(f"DROP TABLE IF EXISTS {away}")
    sql.execute(
        f"CREATE TEMPORARY TABLE {away} AS "
        f"SELECT {names} FROM {touched.table} WHERE 1 = 0"
    )
    number = sql.execute(
        f"INSERT INTO {away} SELECT {values} FROM {touched.name} w "
        f"JOIN {touched.table} t ON {touched.same('w', 't')} WHERE w.moves"
    )
    if number:
        _delete(touched, "moves")


def _restore(touched: Touched) -> None:
    columns = touched.columns_of("before", "u")
    if not columns:
        return
    former = ", ".join(
        f"{column.quoted} = {_former(touched, column)}" for column in columns
    )
    touched.sql.execute(
        f"UPDATE {touched.table} AS t SET {former} FROM {touched.name} AS w "
        f"WHERE {touched.same('w', 't')} AND w.kind = 'u' AND w.{ACTIVE} AND NOT w.moves"
    )


def _delete(touched: Touched, test: str) -> None:
    keys = ", ".join(key.quoted for key in touched.images.keys)
    touched.sql.execute(
        f"DELETE FROM {touched.table} WHERE ({keys}) IN "
        f"(SELECT {', '.join(touched.pks)} FROM {touched.name} WHERE {test})"
    )


def _put_back(touched: Touched) -> None:
    images = touched.images
    columns = touched.columns_of("before", "d")
    if columns:
        values = (images.stored(images.part("w.before", c), c) for c in columns)
        _insert(
            touched,
            columns,
            f"SELECT {', '.join(values)} FROM {touched.name} w "
            f"WHERE w.kind = 'd' AND w.{ACTIVE}",
        )


def _move_back(touched: Touched) -> None:
    names = ", ".join(column.quoted for column in touched.images.columns)
    away = f"{touched.name}_away"
    _insert(touched, touched.images.columns, f"SELECT {names} FROM {away}")
    touched.sql.execute(f"DROP TABLE {away}")


def _insert(touched: Touched, columns: Sequence[Column], rows: str) -> None:
    names = ", ".join(column.quoted for column in columns)
    keys = "" if touched.sql.is_sqlite else "OVERRIDING SYSTEM VALUE"
    touched.sql.execute(f"INSERT INTO {touched.table} ({names}) {keys} {rows}")
