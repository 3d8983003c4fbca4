"""Imports that note what they do, and tables as texts."""

from collections.abc import Mapping
from itertools import count
from typing import Any, ClassVar
from unittest.mock import patch

import polars as pl
from django.db import connections, router
from django.db.models import Model

from importkit.import_data.watching import Watchers
from importkit.loading import Journal
from importkit.problems import Masking
from importruns.models import RowChange
from importruns.undoing import Undone, UndoneTable, take_back
from tests.importkit.shop.imports import Bulks, Import, Keys, run

type Row = dict[str, str]

NUMBERS = count(1)
SHOWN = Masking()


class Noting(Import):
    """An import that can be undone."""

    keeps_undo: ClassVar[int] = 1


def noted(
    bulks: Bulks,
    keys: Keys,
    *flags: str,
    kind: type[Import] = Noting,
    number: int | None = None,
    **given: Any,
) -> int:
    """Run an import that notes what it does; return the number of the run."""
    number = number or next(NUMBERS)
    journal = Journal(RowChange._meta.db_table, number)
    with patch.object(Watchers, "journal", lambda _watchers: journal):
        run(kind(bulks, keys, **given), *flags)
    return number


def undone(number: int, **options: Any) -> dict[str, UndoneTable]:
    """Undo a run; return what became of the rows of each table, by label."""
    return tables_of(take_back(number, SHOWN, **options))


def tables_of(done: Undone) -> dict[str, UndoneTable]:
    """Return the tables of what was undone by their labels."""
    return {table.label: table for table in done.tables}


def rows_of(*models: type[Model]) -> Mapping[type[Model], list[Row]]:
    """Return the rows of tables, each value as the database has it, by their columns."""
    return {model: _rows(model) for model in models}


def _rows(model: type[Model]) -> list[Row]:
    connection: Any = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    table = model._meta.db_table
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
    names = [column.name for column in described]
    is_sqlite = connection.vendor == "sqlite"
    # Of an expression, sqlite3 gives the value as it is stored.
    values = (
        f"+{quote(name)}" if is_sqlite else f"{quote(name)}::text" for name in names
    )
    rows = connection.connection.execute(
        f"SELECT {', '.join(values)} FROM {quote(table)} ORDER BY 1"  # noqa: S608
    )
    return [dict(zip(names, map(repr, row), strict=True)) for row in rows.fetchall()]


def texts(**columns: list[str]) -> pl.DataFrame:
    """Return a frame of texts."""
    return pl.DataFrame(columns, dict.fromkeys(columns, pl.String))
