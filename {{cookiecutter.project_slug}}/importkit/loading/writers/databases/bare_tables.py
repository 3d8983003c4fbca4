"""Step 4, load: an empty table of PostgreSQL is filled without its indexes, built at the end.

To keep an index up row by row takes longer than to build it once: this is how the manual of
PostgreSQL fills a database. The catalogue says what there is to drop, and in which words the
server builds it again. What anything else rests on stays where it is.
Source: https://www.postgresql.org/docs/current/populate.html
"""

from dataclasses import dataclass
from typing import Any, Protocol

from django.db import DatabaseError, connections

from importkit.loading.database_errors import is_locked, is_refusal, sentence
from importkit.loading.writers.databases.bare_reasons import REASONS

# Of each index: its name, whether it stays, what drops it, and what builds it again.
#
# A constraint takes over an index that was built before, which so has the parameters of the
# one that was dropped. One that excludes rows makes its own, and stays if that has parameters.
INDEXES = """
SELECT k.relname,
    NOT i.indisvalid OR i.indisexclusion AND k.reloptions IS NOT NULL OR EXISTS (
        SELECT FROM pg_depend d
        WHERE (d.refclassid = 'pg_class'::regclass AND d.refobjid = i.indexrelid
            OR d.refclassid = 'pg_constraint'::regclass AND d.refobjid = c.oid)
        AND d.deptype <> 'i'
    ) OR EXISTS (
        SELECT FROM pg_depend d
        WHERE d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid
        AND d.refclassid = 'pg_extension'::regclass
    ) OR EXISTS (
        SELECT FROM pg_trigger g WHERE g.tgconstraint = c.oid AND g.tgenabled <> 'O'
    ),
    CASE WHEN c.oid IS NULL THEN format('DROP INDEX %s', i.indexrelid::regclass)
    ELSE format('ALTER TABLE %s DROP CONSTRAINT %I', t.name, c.conname) END,
    array_remove(ARRAY[
        format(
            'SELECT set_config(''default_tablespace'', %L, true)',
            coalesce(s.spcname, '')
        ),
        CASE WHEN NOT i.indisexclusion THEN pg_get_indexdef(i.indexrelid) END,
        'ALTER TABLE ' || t.name || ' ADD CONSTRAINT ' || quote_ident(c.conname) || ' '
        || CASE WHEN i.indisexclusion THEN pg_get_constraintdef(c.oid)
        ELSE format(
            '%s USING INDEX %I%s%s',
            CASE c.contype WHEN 'p' THEN 'PRIMARY KEY' ELSE 'UNIQUE' END,
            k.relname,
            CASE WHEN c.condeferrable THEN ' DEFERRABLE' END,
            CASE WHEN c.condeferred THEN ' INITIALLY DEFERRED' END
        ) END,
        'COMMENT ON INDEX ' || i.indexrelid::regclass || ' IS '
        || quote_literal(obj_description(i.indexrelid, 'pg_class')),
        'COMMENT ON CONSTRAINT ' || quote_ident(c.conname) || ' ON ' || t.name || ' IS '
        || quote_literal(obj_description(c.oid, 'pg_constraint')),
        CASE WHEN i.indisclustered
        THEN format('ALTER TABLE %s CLUSTER ON %I', t.name, k.relname) END,
        CASE WHEN i.indisreplident THEN format(
            'ALTER TABLE %s REPLICA IDENTITY USING INDEX %I', t.name, k.relname
        ) END
    ] || array(
        SELECT format(
            'ALTER INDEX %s ALTER COLUMN %s SET STATISTICS %s',
            i.indexrelid::regclass, a.attnum, a.attstattarget
        )
        FROM pg_attribute a
        WHERE a.attrelid = i.indexrelid AND a.attstattarget >= 0 ORDER BY a.attnum
    ), NULL)
FROM (SELECT {table}::regclass AS oid, {table}::regclass::text AS name) t
JOIN pg_index i ON i.indrelid = t.oid
JOIN pg_class k ON k.oid = i.indexrelid
LEFT JOIN pg_tablespace s ON s.oid = k.reltablespace
LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid AND c.conrelid = i.indrelid
    AND c.contype IN ('p', 'u', 'x')
ORDER BY i.indexrelid
"""
# The same of each foreign key, and its name where the server checks it at the end only.
#
# To drop one takes a lock on the table of the parents, for which their readers would wait.
# So it is dropped only where this session has that lock by now, since it has filled that
# table in the same way.
FOREIGN_KEYS = """
SELECT c.conname,
    NOT c.convalidated OR NOT EXISTS (
        SELECT FROM pg_locks l
        WHERE l.locktype = 'relation' AND l.relation = c.confrelid
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
        AND l.pid = pg_backend_pid() AND l.mode = 'AccessExclusiveLock' AND l.granted
    ) OR EXISTS (
        SELECT FROM pg_trigger g WHERE g.tgconstraint = c.oid AND g.tgenabled <> 'O'
    ),
    format('ALTER TABLE %s DROP CONSTRAINT %I', c.conrelid::regclass, c.conname),
    array_remove(ARRAY[
        format('ALTER TABLE %s ADD CONSTRAINT %I ', c.conrelid::regclass, c.conname)
        || pg_get_constraintdef(c.oid),
        format('COMMENT ON CONSTRAINT %I ON %s IS ', c.conname, c.conrelid::regclass)
        || quote_literal(obj_description(c.oid, 'pg_constraint'))
    ], NULL),
    CASE WHEN c.condeferred THEN format('%I.%I', n.nspname, c.conname) END
FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE c.conrelid = {table}::regclass AND c.contype = 'f'
ORDER BY c.oid
"""
# What else must be as it was: dropping a primary key might take more with it.
COLUMNS = """
SELECT relreplident::text, array(
    SELECT attname::text FROM pg_attribute
    WHERE attrelid = {table}::regclass AND attnotnull ORDER BY attnum
), array(
    SELECT conname::text FROM pg_constraint
    WHERE conrelid = {table}::regclass AND contype NOT IN ('f', 'p', 'u', 'x')
    ORDER BY conname
)
FROM pg_class WHERE oid = {table}::regclass
"""
HAS_ROWS = "its table has rows"


class NotAsBeforeError(Exception):
    """A table is not as it was before it was filled."""


class Server(Protocol):
    """What runs statements: the loader of PostgreSQL."""

    def execute(self, sql: str) -> int:
        """Run a statement."""

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""


@dataclass(frozen=True)
class Part:
    """An index or a foreign key of a table.

    Attributes:
        name: Its name; that of the constraint and of its index are the same.
        stays: Whether it must not be dropped.
        drop: The statement that drops it.
        build: The statements that build it again.
        deferred: The name of a foreign key that is checked at the end of a transaction.
    """

    name: str
    stays: bool
    drop: str
    build: tuple[str, ...]
    deferred: str | None = None


@dataclass(frozen=True)
class Structure:
    """What the catalogue says of a table, as far as the rows are not concerned.

    Attributes:
        indexes: Its indexes, in the order in which they were made.
        foreign_keys: Its foreign keys, in the same order.
        columns: The rest.
    """

    indexes: tuple[Part, ...]
    foreign_keys: tuple[Part, ...]
    columns: tuple[Any, ...]

    @property
    def dropped(self) -> list[Part]:
        """What is dropped, in the order in which it is built again."""
        parts = (*self.indexes, *self.foreign_keys)
        return [part for part in parts if not part.stays]

    @property
    def deferred(self) -> list[str]:
        """The foreign keys that stay, and would be checked at the end."""
        return [p.deferred for p in self.foreign_keys if p.stays and p.deferred]

    def is_as(self, other: "Structure") -> bool:
        """Return whether nothing differs but the order."""
        mine, theirs = (
            {(each.drop, each.build) for each in (*one.indexes, *one.foreign_keys)}
            for one in (self, other)
        )
        return mine == theirs and self.columns == other.columns


class BareTable:
    """An empty table that stands without its indexes while a run fills it.

    All of that is undone with the transaction, or by ``undo``.
    """

    def __init__(self, server: Server, using: str, table: str) -> None:
        """Take a table as it is.

        Args:
            server: What runs statements.
            using: The alias of the database, in whose transaction that is.
            table: The quoted name of the table.
        """
        self._server = server
        self._using = using
        self._table = table
        self._savepoint: Any = None
        self._before = Structure((), (), ())

    @property
    def names(self) -> set[str]:
        """The names of what is dropped."""
        return {part.name for part in self._before.dropped}

    def strip(self) -> str:
        """Drop what slows loading down; wait for nobody.

        Returns:
            Why all has stayed as it was; empty if the table is bare now.
        """
        for (reason,) in self._ask(REASONS):
            return str(reason)
        if self._has_rows():
            return HAS_ROWS
        self._savepoint = connections[self._using].savepoint()
        try:
            reason = self._strip()
        except DatabaseError as error:
            if not is_refusal(error):
                raise
            locked = "another session uses its table"
            reason = locked if is_locked(error) else sentence(error).splitlines()[0]
        if reason:
            self.undo()
        return reason

    def _strip(self) -> str:
        # What follows needs this lock, too, but would wait for it.
        self._server.execute(
            f"LOCK TABLE {self._table} IN ACCESS EXCLUSIVE MODE NOWAIT"
        )
        if self._has_rows():
            return HAS_ROWS
        self._before = before = self._read()
        if not before.dropped:
            return "nothing of its table can be dropped"
        self._defer(before, "IMMEDIATE")
        for part in reversed(before.dropped):
            self._server.execute(part.drop)
        return ""

    def build(self) -> None:
        """Build again what was dropped, and let the server look at the rows.

        Raises:
            DatabaseError: Rows break a constraint, for example.
            NotAsBeforeError: The table is not as it was.
        """
        [(tablespace,)] = self._server.rows(
            "SELECT quote_literal(current_setting('default_tablespace'))"
        )
        for part in self._before.dropped:
            for statement in part.build:
                self._server.execute(statement)
        self._server.execute(
            f"SELECT set_config('default_tablespace', {tablespace}, true)"
        )
        self._defer(self._before, "DEFERRED")
        if not self._read().is_as(self._before):
            raise NotAsBeforeError("what was built is not what was dropped")
        self._server.execute(f"ANALYZE {self._table}")
        connections[self._using].savepoint_commit(self._savepoint)

    def undo(self) -> None:
        """Make the table what it was before ``strip``, without rows."""
        connections[self._using].savepoint_rollback(self._savepoint)
        connections[self._using].savepoint_commit(self._savepoint)

    def _has_rows(self) -> bool:
        [(has_rows,)] = self._server.rows(f"SELECT EXISTS (SELECT FROM {self._table})")
        return bool(has_rows)

    def _read(self) -> Structure:
        indexes = [Part(n, s, d, tuple(b)) for n, s, d, b in self._ask(INDEXES)]
        keys = [
            Part(n, s, d, tuple(b), at) for n, s, d, b, at in self._ask(FOREIGN_KEYS)
        ]
        [columns] = self._ask(COLUMNS)
        return Structure(tuple(indexes), tuple(keys), columns)

    def _ask(self, query: str) -> list[tuple[Any, ...]]:
        table = "'" + self._table.replace("'", "''") + "'"
        return self._server.rows(query.replace("{table}", table))

    def _defer(self, structure: Structure, when: str) -> None:
        """Have foreign keys that stay checked by each statement, or at the end again.

        A table with checks that are still to come cannot be altered.
        """
        if structure.deferred:
            names = ", ".join(structure.deferred)
            self._server.execute(f"SET CONSTRAINTS {names} {when}")
