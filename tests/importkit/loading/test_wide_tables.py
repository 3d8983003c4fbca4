"""A table of more columns than a database takes in one expression or result is merged."""

import polars as pl
import pytest
from django.db import connection, models
from django.test.utils import isolate_apps

from tests.importkit.shop.imports import Import, run

COLUMNS = 1_100

pytestmark = pytest.mark.django_db


def create_table(model: type[models.Model]) -> None:
    # Without entering the editor, which SQLite refuses inside a transaction.
    editor = connection.SchemaEditorClass(connection, collect_sql=True)
    editor.deferred_sql = []
    statement, params = editor.table_sql(model)
    with connection.cursor() as cursor:
        cursor.execute(statement, params)


@pytest.mark.only_on("sqlite", "postgresql")  # MariaDB has at most 1,017 columns.
@isolate_apps("tests.importkit.shop")
def test_a_second_run_changes_each_of_a_thousand_columns() -> None:
    fields = {f"c{place}": models.IntegerField() for place in range(COLUMNS)}
    body = {"__module__": "tests.importkit.shop.models", **fields}
    sku = models.CharField(max_length=10, unique=True)
    wide: type[models.Model] = type("Wide", (models.Model,), {**body, "sku": sku})
    create_table(wide)

    def importing(value: int) -> Import:
        rows = {"sku": ["a"], **{name: [value] for name in fields}}
        return Import({wide: pl.DataFrame(rows)}, {wide: ("sku",)})

    run(importing(1))
    report = run(importing(2))

    assert "0 new, 1 changed" in report
    assert set(wide._default_manager.values_list(*fields).get()) == {2}
