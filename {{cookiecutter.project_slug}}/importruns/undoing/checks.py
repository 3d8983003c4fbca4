"""Which of the rows that a run has touched are kept as they are.

First those that somebody has changed since. A row that is kept may be in the way of another
one, or need it; so the other checks are repeated until no further row is kept.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import router
from django.db.models import ForeignKey
from django.db.models.deletion import get_candidate_relations_to_delete

from importkit.loading import Column
from importkit.models import ModelClass, concrete, foreign_keys, pk_fields, unique_sets
from importruns.undoing.tables import SQL, Touched, any_of
from importruns.undoing.told import Reason

type Tables = Mapping[ModelClass, Touched]

ACTIVE = "kept IS NULL"


@dataclass(frozen=True)
class Unique:
    """Columns whose values together are unique, as rows would have them again.

    Attributes:
        touched: The rows.
        columns: The columns.
        name: A temporary table with the keys of the rows, and these values.
    """

    touched: Touched
    columns: list[Column]
    name: str

    def fill(self) -> None:
        """Fill the temporary table."""
        touched, images = self.touched, self.touched.images
        table = touched.table
        keys = (key.quoted for key in images.keys)
        pks = ", ".join(
            f"t.{key} AS {pk}" for key, pk in zip(keys, touched.pks, strict=True)
        )
        columns = ", ".join(
            f"t.{column.quoted} AS q{n}" for n, column in enumerate(self.columns)
        )
        # Made of the table, whose columns have their types and collations.
        sql = touched.sql
        sql.execute(f"DROP TABLE IF EXISTS {self.name}")
        sql.execute(
            f"CREATE TEMPORARY TABLE {self.name} AS "
            f"SELECT {pks}, {columns} FROM {table} t WHERE 1 = 0"
        )
        values = ", ".join(map(self._value, self.columns))
        has_any = any_of(images.has("w.before", column) for column in self.columns)
        sql.execute(
            f"INSERT INTO {self.name} SELECT {', '.join(f'w.{pk}' for pk in touched.pks)}, "
            f"{values} FROM {touched.name} w LEFT JOIN {table} t ON {touched.same('w', 't')} "
            f"WHERE w.{ACTIVE} AND w.kind <> 'c' AND {has_any}"
        )

    def _value(self, column: Column) -> str:
        images = self.touched.images
        stored = images.stored(images.part("w.before", column), column)
        return (
            f"CASE WHEN {images.has('w.before', column)} THEN {stored} "
            f"ELSE t.{column.quoted} END"
        )

    def taken(self, by: str) -> str:
        """Return the test that other rows of the table have the values of the row ``w``.

        Args:
            by: A test of the other rows ``x``.
        """
        touched = self.touched
        same_pk = " AND ".join(f"q.{pk} = w.{pk}" for pk in touched.pks)
        same = " AND ".join(
            f"x.{column.quoted} = q.q{n}" for n, column in enumerate(self.columns)
        )
        return (
            f"EXISTS (SELECT 1 FROM {self.name} q JOIN {touched.table} x ON {same} "
            f"WHERE {same_pk} AND NOT ({touched.same('w', 'x')}) AND {by})"
        )

    def stays(self) -> str:
        """Return the test that a row ``x`` keeps its values."""
        touched, images = self.touched, self.touched.images
        has_any = any_of(images.has("y.before", column) for column in self.columns)
        return (
            f"NOT EXISTS (SELECT 1 FROM {touched.name} y WHERE {touched.same('y', 'x')} "
            f"AND y.{ACTIVE} AND (y.kind = 'c' OR y.kind = 'u' AND {has_any}))"
        )


def unique_values(tables: Tables) -> list[Unique]:
    """Return the unique values of all rows, in temporary tables."""
    found = []
    for touched in tables.values():
        own = {field.attname for field in pk_fields(touched.model)}
        for place, names in enumerate(unique_sets(touched.model)):
            fields = (touched.model._meta.get_field(name) for name in sorted(names))
            columns = [
                touched.column(field) for field in fields if _is_here(field, touched)
            ]
            if names != own and len(columns) == len(names):
                unique = Unique(touched, columns, f"{touched.name}_{place}")
                unique.fill()
                found.append(unique)
    return found


def keep_changed(touched: Touched) -> None:
    """Keep the rows that somebody has changed or deleted since, or put in their place."""
    images, table = touched.images, touched.table
    there = f"EXISTS (SELECT 1 FROM {table} t WHERE {touched.same('w', 't')}"
    touched.keep(Reason.GONE.name, f"w.kind <> 'd' AND NOT {there})")
    touched.keep(Reason.KEY.name, f"w.kind = 'd' AND {there})")
    for kind in "cu":
        differs = any_of(
            f"({images.has('w.after', column)} AND "
            f"{differ(touched, images.value('t', column), images.part('w.after', column))})"
            for column in touched.columns_of("after", kind)
        )
        touched.keep(
            Reason.EDITED.name, f"w.kind = '{kind}' AND {there} AND {differs})"
        )


def differ(touched: Touched, left: str, right: str) -> str:
    """Return the test that two values differ, or one of them is null."""
    return (
        f"({left}) IS NOT ({right})"
        if touched.sql.is_sqlite
        else f"{left} IS DISTINCT FROM {right}"
    )


def keep_what_hangs_together(tables: Tables, uniques: list[Unique]) -> None:
    """Keep the rows that would break something, until no further row is kept."""
    checks = [
        *((unique.touched, Reason.UNIQUE, _is_taken(unique)) for unique in uniques),
        *(
            (touched, *check)
            for touched in tables.values()
            for check in (
                *_of_parents(touched, tables),
                *_of_parts(touched, tables),
                *_of_children(touched, tables),
            )
        ),
    ]
    # What nobody is in the way of needs to be asked once.
    while sum(touched.keep(reason.name, test) for touched, reason, test in checks):
        pass


def _is_taken(unique: Unique) -> str:
    return f"w.kind <> 'c' AND {unique.taken(unique.stays())}"


def _of_parents(touched: Touched, tables: Tables) -> Iterator[tuple[Reason, str]]:
    """Yield what keeps rows whose former parent would not be there."""
    images = touched.images
    key: Any
    for key in foreign_keys(touched.model):
        target = key.target_field
        if not (key.db_constraint and _is_here(key, touched)):
            continue
        column, parent = touched.column(key), concrete(target.model)
        part = images.part("w.before", column)
        value = images.stored(part, column)
        quote = touched.sql.connection.ops.quote_name
        table, name = quote(parent._meta.db_table), quote(target.column)
        found = f"SELECT 1 FROM {table} p WHERE p.{name} = {value}"
        put_back = ""
        if of_parent := tables.get(parent):
            found += (
                f" AND NOT EXISTS (SELECT 1 FROM {of_parent.name} y "
                f"WHERE {of_parent.same('y', 'p')} AND y.{ACTIVE} AND y.kind = 'c')"
            )
            own = of_parent.column(target)
            has = (
                f"y.pk0 = {value}"
                if target.primary_key
                else f"{of_parent.images.part('y.before', own)} = {part}"
            )
            put_back = (
                f" AND NOT EXISTS (SELECT 1 FROM {of_parent.name} y "
                f"WHERE {has} AND y.{ACTIVE} AND y.kind = 'd')"
            )
        yield (
            Reason.PARENT,
            f"w.kind <> 'c' AND {images.has('w.before', column)} "
            f"AND {part} IS NOT NULL AND NOT EXISTS ({found}){put_back}",
        )


def _of_children(touched: Touched, tables: Tables) -> Iterator[tuple[Reason, str]]:
    """Yield what keeps created rows that other rows refer to, which stay."""
    for key in _keys_to(touched):
        child = concrete(key.model)
        quote = touched.sql.connection.ops.quote_name
        table, name = quote(child._meta.db_table), quote(key.column)
        refers = f"x.{name} = t.{quote(key.target_field.column)}"
        stays = ""
        if own := tables.get(child):
            moved = own.images.has("y.before", own.column(key))
            stays = (
                f" AND NOT EXISTS (SELECT 1 FROM {own.name} y "
                f"WHERE {own.same('y', 'x')} AND y.{ACTIVE} "
                f"AND (y.kind = 'c' OR y.kind = 'u' AND {moved}))"
            )
        yield (
            Reason.REFERRED,
            f"w.kind = 'c' AND EXISTS (SELECT 1 FROM {touched.table} t "
            f"JOIN {table} x ON {refers} WHERE {touched.same('w', 't')}{stays})",
        )


def _of_parts(touched: Touched, tables: Tables) -> Iterator[tuple[Reason, str]]:
    """Yield what keeps the part of a created row whose part in a parent's table is kept."""
    for key in foreign_keys(touched.model):
        parent = tables.get(concrete(key.target_field.model))
        if parent and key.remote_field.parent_link and _is_here(key, touched):
            yield (
                Reason.PART,
                f"w.kind = 'c' AND EXISTS (SELECT 1 FROM {parent.name} y "
                f"WHERE y.pk0 = w.pk0 AND y.kind = 'c' AND NOT y.{ACTIVE} "
                f"AND y.kept <> '{Reason.GONE.name}')",
            )


def _keys_to(touched: Touched) -> Iterator[ForeignKey[Any, Any]]:
    """Yield the foreign keys of all tables of the database that refer to a table."""
    there = _tables_of(touched.sql)
    relation: Any
    for relation in get_candidate_relations_to_delete(touched.model._meta):
        key = relation.field
        if (
            concrete(key.remote_field.model) is touched.model
            and router.db_for_write(key.model) == touched.sql.using
            and concrete(key.model)._meta.db_table in there
            and key.column
        ):
            yield key


def _tables_of(sql: SQL) -> set[str]:
    return set(sql.connection.introspection.table_names())


def _is_here(field: Any, touched: Touched) -> bool:
    """Return whether the column of a field is in the table, not in that of a parent."""
    return any(column.name == field.column for column in touched.images.columns) and (
        field in touched.model._meta.local_concrete_fields
    )
