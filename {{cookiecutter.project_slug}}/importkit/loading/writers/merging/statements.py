"""Step 4, load: the SQL that merges the rows of a batch into a table.

Each batch goes through temporary tables: ``importkit_rows`` holds the rows,
``importkit_changes`` those of them that are new or differ. In a sync ``importkit_found`` has how
each of them compares, and ``importkit_seen`` the primary keys of the rows found in all batches.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from importkit.loading.journal import Changes
from importkit.loading.plan import EXAMPLES
from importkit.loading.writers.interface import (
    Fields,
    Loader,
    Table,
    any_of,
)

NO_ROWS = "WHERE 1 = 0"


@dataclass(frozen=True)
class MergeStatements:
    """The SQL that merges batches into a table.

    In all statements ``r`` is a row of the batch, ``t`` one of the table and ``c`` one of
    the changes. A change has the ``row_id`` of its row of the batch, the primary key
    (``pk0`` and so on) of the row of the table, null if the row is new, and for each compared
    column ``d0``, ``d1`` and so on: whether the column differs.

    Attributes:
        table: The table.
        loader: The loader of the database, whose SQL differs from that of others.
        key: The attnames of the natural key.
        compared: The attnames of the columns that the rows may change.
        scope: The condition of the rows ``t`` that the run sees; empty: all rows.
        sees: Whether the rows of the table that were found are noted, as ``Mode.SYNC`` needs.
    """

    table: Table
    loader: Loader
    key: Sequence[str]
    compared: Sequence[str]
    scope: str = ""
    sees: bool = False

    @property
    def batch(self) -> str:
        """The temporary table of the rows of a batch."""
        # In the schema of temporary tables, so that no table of a project is meant.
        return f"{self.loader.temporary}.importkit_rows"

    @property
    def changes(self) -> str:
        """The temporary table of the rows of a batch that are new or differ."""
        return f"{self.loader.temporary}.importkit_changes"

    @property
    def seen(self) -> str:
        """The temporary table of the primary keys of all rows that were found."""
        return f"{self.loader.temporary}.importkit_seen"

    @property
    def found(self) -> str:
        """The temporary table of all rows of a batch, compared like the changes."""
        return f"{self.loader.temporary}.importkit_found"

    @property
    def _of_batch(self) -> list[str]:
        """The temporary tables that each batch fills anew."""
        return [self.batch, self.changes, *([self.found] if self.sees else [])]

    def create(self, fields: Fields) -> list[str]:
        """Return what creates the temporary tables.

        Args:
            fields: The fields of a batch by the quoted names of their columns.
        """
        tables = (*self._of_batch, self.seen)
        query = f"SELECT {', '.join(fields)} FROM {self.table.name} {NO_ROWS}"
        keys = f"SELECT {self._pk()} FROM {self.table.name} t {NO_ROWS}"
        none = f"SELECT * FROM ({self._comparison()}) AS c {NO_ROWS}"
        return [
            *(f"DROP TABLE IF EXISTS {name}" for name in tables),
            # First: where a column has its name, the row of a batch gets another one.
            self.loader.batch_table(self.batch, fields, query),
            *(f"CREATE TABLE {name} AS {none}" for name in self._of_batch[1:]),
            f"CREATE TABLE {self.seen} AS {keys}",
        ]

    def empty(self) -> list[str]:
        """Return what makes the temporary tables ready for the next batch."""
        return [f"{self.loader.empty} {name}" for name in self._of_batch]

    def drop(self) -> list[str]:
        """Return what removes the temporary tables."""
        return [f"DROP TABLE {name}" for name in (*self._of_batch, self.seen)]

    def repeated_keys(self) -> str:
        """Select a natural key that more than one row of the table has."""
        columns = list(map(self.table.column, self.key))
        names = ", ".join(columns)
        return (
            f"SELECT {names} FROM {self.table.name} t "
            f"WHERE {' AND '.join(f'{name} IS NOT NULL' for name in columns)}{self._and} "
            f"GROUP BY {names} HAVING COUNT(*) > 1 LIMIT 1"
        )

    def find(self) -> list[str]:
        """Return what finds the rows of the table, where those are noted."""
        return [f"INSERT INTO {self.found} {self._comparison()}"] if self.sees else []

    def compare(self) -> str:
        """Fill the changes from the batch and the table; from what was found, if that is noted.

        To search for the rows of the table once more takes longer than to keep what was found.
        """
        if self.sees:
            flags = [f"d{place}" for place in range(len(self.compared))]
            rows = f"SELECT * FROM {self.found}"
            return f"INSERT INTO {self.changes} {rows} WHERE {any_of(['pk0 IS NULL', *flags])}"
        tests = [f"t.{self.table.pk[0]} IS NULL", *self._differences]
        return f"INSERT INTO {self.changes} {self._comparison()} WHERE {any_of(tests)}"

    def count(self) -> str:
        """Select the numbers of new and of changed rows, and of changes by column."""
        flags = [f"pk0 IS NOT NULL AND d{n}" for n in range(len(self.compared))]
        tests = ["pk0 IS NULL", "pk0 IS NOT NULL", *flags]
        sums = ", ".join(f"SUM(CASE WHEN {test} THEN 1 ELSE 0 END)" for test in tests)
        return f"SELECT {sums} FROM {self.changes}"

    def examples(self, places: Sequence[int]) -> str:
        """Select the first changed rows: the key, and three values for each column.

        The three values are whether the column differs, the old and the new value.

        Args:
            places: The places of the columns among those compared.
        """
        names = [f"r.{self.table.column(name)}" for name in self.key]
        for place in places:
            column = self.table.column(self.compared[place])
            names.append(f"c.d{place}")
            names += [f"{self.loader.as_stored}{row}.{column}" for row in "tr"]
        return (
            f"SELECT {', '.join(names)} FROM {self._changed_rows()} "
            f"JOIN {self.table.name} t ON {self._same_pk('c')} "
            f"ORDER BY c.row_id LIMIT {EXAMPLES}"
        )

    def update(self, times: Sequence[str]) -> str:
        """Change the rows that differ.

        Args:
            times: The attnames of the times of change, which are set as well.
        """
        names = [self.table.column(name) for name in [*self.compared, *times]]
        # With names of their own: of "true" SQLite makes a value, not a column.
        values = ", ".join(f"r.{name} AS v{n}" for n, name in enumerate(names))
        # Only the values that are needed: of two tables SQLite takes all columns together,
        # which may be more than a result can have.
        rows = (
            f"(SELECT {', '.join(f'c.{name}' for name in self._pk_names)}, {values} "
            f"FROM {self._changed_rows()}) AS n"
        )
        return (
            f"UPDATE {self.table.name} AS t "
            f"SET {', '.join(f'{name} = n.v{n}' for n, name in enumerate(names))} "
            f"FROM {rows} WHERE {self._same_pk('n')}"
        )

    def changes_of_rows(
        self, differing: Collection[str], times: Sequence[str]
    ) -> Changes:
        """Return what ``update`` changes.

        Args:
            differing: The attnames of the columns in which any row differs.
            times: The attnames of the times of change.
        """
        set_too = map(self.table.column, times)
        return Changes(
            f"{self._changed_rows()} JOIN {self.table.name} t ON {self._same_pk('c')}",
            {
                self.table.column(name): f"c.d{place}"
                for place, name in enumerate(self.compared)
                if name in differing
            }
            | {column: self.loader.differ(column) for column in set_too},
        )

    def insert(self, columns: Sequence[str]) -> str:
        """Insert the new rows.

        Args:
            columns: The quoted columns of the batch.
        """
        return (
            f"{self.loader.insert_into} {self.table.name} ({', '.join(columns)}) "
            f"{self.loader.given_keys} SELECT {', '.join(f'r.{name}' for name in columns)} "
            f"FROM {self._changed_rows()} WHERE c.pk0 IS NULL ORDER BY c.row_id"
        )

    def mark_seen(self) -> list[str]:
        """Return what adds the rows of the table that the batch has to those seen."""
        start = f"INSERT INTO {self.seen} SELECT"
        names = ", ".join(self._pk_names)
        new = f"{self._changed_rows()} JOIN {self.table.name} t ON {self._same_key}"
        return [
            f"{start} {names} FROM {self.found} WHERE pk0 IS NOT NULL",
            f"{start} {self._pk()} FROM {new} WHERE c.pk0 IS NULL",
        ]

    def missing(self) -> str:
        """Select the primary keys of the rows of the table that no batch had."""
        where = f"WHERE {self.scope}" if self.scope else ""
        # Sorted or hashed once: a test of each row would read those seen again and again.
        places = ", ".join(str(place + 1) for place in range(len(self.table.pk)))
        return (
            f"SELECT {', '.join(self.table.pk)} FROM {self.table.name} t {where} "
            f"EXCEPT SELECT {', '.join(self._pk_names)} FROM {self.seen} "
            f"ORDER BY {places}"
        )

    @property
    def _pk_names(self) -> list[str]:
        """The names of the columns of a primary key in the temporary tables."""
        return [f"pk{place}" for place in range(len(self.table.pk))]

    def _pk(self) -> str:
        """Select the primary key of a row of the table."""
        pairs = zip(self.table.pk, self._pk_names, strict=True)
        return ", ".join(f"t.{column} AS {name}" for column, name in pairs)

    def _same_pk(self, other: str) -> str:
        """Compare the primary key of a row of the table with that of a temporary one."""
        pairs = zip(self.table.pk, self._pk_names, strict=True)
        return " AND ".join(f"t.{column} = {other}.{name}" for column, name in pairs)

    @property
    def _differences(self) -> list[str]:
        """The tests whether a row differs in each of the compared columns."""
        return [self.loader.differ(self.table.column(name)) for name in self.compared]

    def _comparison(self) -> str:
        """Select the rows of the batch, with those of the table, and how they differ."""
        tests = enumerate(self._differences)
        flags = "".join(f", ({test}) AS d{place}" for place, test in tests)
        return (
            f"SELECT r.{self.loader.row_id} AS row_id, {self._pk()}{flags} "
            f"FROM {self.batch} r LEFT JOIN {self.table.name} t ON {self._same_key}{self._and}"
        )

    @property
    def _same_key(self) -> str:
        columns = map(self.table.column, self.key)
        return " AND ".join(f"t.{name} = r.{name}" for name in columns)

    @property
    def _and(self) -> str:
        return f" AND {self.scope}" if self.scope else ""

    def _changed_rows(self) -> str:
        return (
            f"{self.changes} c JOIN {self.batch} r ON r.{self.loader.row_id} = c.row_id"
        )
