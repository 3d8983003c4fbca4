"""Step 4, load: the database evaluates conditions and expressions over values in no table.

The SQL is that of the constraints themselves, so that a null, a text and a collation mean the
same as in the table.
"""

from collections.abc import Iterator, Sequence
from itertools import batched, chain
from typing import Any

from django.db import connections
from django.db.models import Model

from importkit.loading.writers.keys import names_column
from importkit.models import TEXTS, AnyField, column_of, text_collations, value_field

ROWS, NUMBER = "IMPORTKIT_ROWS", "importkit_n"
AT_ONCE = 200  # Rows in one query: SQLite joins at most 500 of them.
# Values that a driver sends as texts or numbers without the type of their column.
CAST_ON_MARIADB = {"DateField", "DateTimeField", "DecimalField", "TimeField"}


class Evaluation:
    """Evaluates SQL over rows of one table."""

    def __init__(self, model: type[Model], using: str, wanted: Sequence[str]) -> None:
        """Choose the columns that some SQL needs.

        Args:
            model: The model whose own table has the columns.
            using: The alias of the database.
            wanted: What to evaluate.
        """
        self._connection: Any = connections[using]
        quote = self._connection.ops.quote_name
        own: Sequence[Any] = model._meta.local_concrete_fields
        texts = list(wanted)
        self._computed = []
        for field in own:
            if field.generated and any(
                names_column(field.column, sql) for sql in texts
            ):
                sql, params = field.generated_sql(self._connection)
                self._computed.append((quote(field.column), sql, tuple(params)))
                texts.append(sql)
        self.fields: list[AnyField] = [
            field
            for field in own
            if not field.generated and any(names_column(field.column, t) for t in texts)
        ]
        self._names = [quote(column_of(field)) for field in self.fields]
        # Nothing of a text that a table has stands for a value.
        self._wanted = [sql.replace("%", "%%") for sql in wanted]
        collations = text_collations(model, using)
        self._places = [self._place(f, collations) for f in self.fields]

    def of(self, rows: Sequence[Sequence[object]]) -> Iterator[tuple[Any, ...]]:
        """Yield the results of each row.

        Args:
            rows: For each row the values of ``fields``.
        """
        for part in batched(rows, AT_ONCE):
            yield from self._of_part(part)

    def selected(
        self, query: str, params: Sequence[object], rows: Sequence[Sequence[object]]
    ) -> Iterator[int]:
        """Yield the places of the rows that a query selects.

        Args:
            query: Reads the rows from ``ROWS``, and selects their ``NUMBER``.
            params: The parameters of the query, all behind the rows.
            rows: For each row the values of ``fields``.
        """
        for number, part in enumerate(batched(rows, AT_ONCE)):
            source, own = self._source(part)
            with self._connection.cursor() as cursor:
                cursor.execute(query.replace(ROWS, source), [*own, *params])
                yield from (place + number * AT_ONCE for (place,) in cursor.fetchall())

    def _of_part(self, rows: Sequence[Sequence[object]]) -> list[tuple[Any, ...]]:
        source, params = self._source(rows)
        results = ", ".join(self._wanted)
        sql = f"SELECT {results} FROM ({source}) AS r ORDER BY {NUMBER}"
        with self._connection.cursor() as cursor:
            cursor.execute(sql, params)
            return list(cursor.fetchall())

    def _source(self, rows: Sequence[Sequence[object]]) -> tuple[str, list[object]]:
        """Return a query of rows, numbered from 0, and its parameters."""
        first = ", ".join(
            f"{place} AS {name}"
            for place, name in zip(self._places, self._names, strict=True)
        )
        other = ", ".join(self._places)
        selects = [
            f"SELECT {number} AS {NUMBER}{', ' if first else ''}"
            f"{other if number else first}"
            for number in range(len(rows))
        ]
        computed = "".join(f", ({sql}) AS {name}" for name, sql, _ in self._computed)
        source = f"SELECT v.*{computed} FROM ({' UNION ALL '.join(selects)}) AS v"
        params = [
            *chain.from_iterable(params for _, _, params in self._computed),
            *(
                self._param(f, v)
                for row in rows
                for f, v in zip(self.fields, row, strict=True)
            ),
        ]
        return source, params

    def _param(self, field: AnyField, value: object) -> object:
        if value is None:
            return None
        found: object = field.get_db_prep_save(value, self._connection)
        return found

    def _place(self, field: AnyField, collations: dict[str, tuple[str, str]]) -> str:
        """Return where a value stands, with the type that its column would give it."""
        kind = value_field(field).get_internal_type()
        vendor = self._connection.vendor
        if vendor == "postgresql":
            return f"CAST(%s AS {field.cast_db_type(self._connection)})"
        if vendor == "mysql" and kind in TEXTS and column_of(field) in collations:
            characters, collation = collations[column_of(field)]
            return f"CONVERT(%s USING {characters}) COLLATE {collation}"
        if vendor == "mysql" and kind in CAST_ON_MARIADB:
            return f"CAST(%s AS {field.cast_db_type(self._connection)})"
        if vendor == "sqlite" and kind == "DecimalField":
            return "CAST(%s AS NUMERIC)"
        return "%s"
