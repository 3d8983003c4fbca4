"""A dry run judges columns of a table that the file does not have, also where it judges no other."""

from typing import Any

import polars as pl
import pytest
from django.db import connection, models
from django.db.models import Model
from django.test.utils import isolate_apps

from tests.importkit.shop.imports import Import, run


@pytest.mark.django_db
@pytest.mark.only_on("sqlite", "postgresql")
@isolate_apps("tests.importkit.shop")
def test_only_a_column_that_the_file_lacks_is_checked_by_the_database() -> None:
    fields: dict[str, Any] = {
        "code": models.CharField(max_length=9),
        "rank": models.IntegerField(null=True),
    }
    options = {"app_label": "shop", "managed": False, "db_table": "ranked_part"}
    meta = type("Meta", (), options)
    part = type("Part", (Model,), {"__module__": __name__, "Meta": meta, **fields})
    number = "integer" if connection.vendor == "sqlite" else "serial"
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TABLE ranked_part (id {number} PRIMARY KEY, code varchar(9), "
            "rank integer CHECK (rank > 0))"
        )
    command = Import({part: pl.DataFrame({"code": ["a", "b"]})})

    assert "Parts: 2 new" in run(command, "--dry_run")
    assert "Parts: 2 new" in run(command)
