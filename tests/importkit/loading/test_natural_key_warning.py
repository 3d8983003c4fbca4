"""A natural key that the database does not keep unique is told by each run."""

from typing import Any

import polars as pl
import pytest
from django.db import connection, models
from django.db.models import Model, Q
from django.test.utils import isolate_apps

from importkit.loading import Mode, TableTarget
from importkit.loading.unguarded_keys import warning_of_key
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Item, Label, Product

pytestmark = pytest.mark.django_db

WARNING = (
    'The database does not keep the natural key of shop.Label unique ("name"): if another '
    "program writes to the table at the same time, a row may be there twice, and later "
    "imports are refused. Add to the Meta of Label: constraints = "
    '[models.UniqueConstraint(fields=["name"], name="unique_shop_label")]. Then run '
    "makemigrations and migrate.\n"
)
INDEX = 'CREATE UNIQUE INDEX "unique_shop_part" ON "old_part" ("code")'


def labels(*flags: str) -> str:
    return run(
        Import({Label: pl.DataFrame({"name": ["x"]})}, {Label: ("name",)}), *flags
    )


def test_the_warning_comes_before_the_numbers_with_the_constraint_to_add() -> None:
    assert labels() == f"{WARNING}Labels: 1 new, 0 changed, 0 unchanged.\n"
    assert labels("--dry_run").startswith(WARNING)
    assert labels("--mode", "update").startswith("Labels")


@pytest.mark.only_on("postgresql")
def test_a_constraint_that_only_the_database_has_is_enough() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE UNIQUE INDEX labels_by_name ON shop_label (name)")

    assert labels() == "Labels: 1 new, 0 changed, 0 unchanged.\n"


@pytest.mark.parametrize(
    ("scope", "is_told"), [(None, True), (Q(deleted_at=None), False)]
)
def test_a_constraint_on_a_condition_is_enough_in_a_scope(
    scope: Any, *, is_told: bool
) -> None:
    bulks: Any = {Item: pl.DataFrame({"code": ["x"]})}
    keys: Any = {Item: ("code",)}
    output = run(Import(bulks, keys, scope={Item: scope} if scope else None))

    # MariaDB has no constraints on a condition.
    is_kept = connection.features.supports_partial_indexes and not is_told
    assert ("does not keep" in output) != is_kept
    assert ('for some rows only there is "item_code"' in output) == (
        is_told and connection.features.supports_partial_indexes
    )


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize(
    ("managed", "remedy"),
    [
        (True, "Part states that they are unique: run makemigrations and migrate."),
        (False, f"Let the database run: {INDEX};"),
    ],
)
@isolate_apps("tests.importkit.shop")
def test_an_index_that_a_table_lacks_is_told_although_the_model_states_it(
    remedy: str, *, managed: bool
) -> None:
    fields: dict[str, Any] = {"code": models.CharField(max_length=9, unique=True)}
    options = {"app_label": "shop", "managed": managed, "db_table": "old_part"}
    meta = type("Meta", (), options)
    part = type("Part", (Model,), {"__module__": __name__, "Meta": meta, **fields})
    target = TableTarget(part, "default", Mode.UPSERT, ("code",))
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE old_part (id integer PRIMARY KEY, code varchar(9))"
        )
        told = warning_of_key(target)
        cursor.execute("CREATE UNIQUE INDEX some_part ON old_part (code) WHERE id > 5")
        told_of_some = warning_of_key(target)
        cursor.execute(INDEX)

    assert told.endswith(remedy)
    assert 'for some rows only there is "some_part"' in told_of_some
    assert warning_of_key(target) == ""


def test_a_unique_field_is_enough() -> None:
    bulks: Any = {Product: pl.DataFrame({"sku": ["x"]})}

    assert run(Import(bulks, {Product: ("sku",)})).startswith("Products: 1 new")


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
@pytest.mark.usefixtures("_writer")
def test_rows_that_are_added_to_others_without_a_key_are_told(
    flags: tuple[str, ...],
) -> None:
    command = Import({Label: pl.DataFrame({"name": ["x"]})})
    told = (
        "shop.Label has rows already, and no natural key of it is stated: all rows of the "
        "source are added, also those that the table has. State a key in "
        "get_natural_keys, or say --mode insert if that is meant.\n"
    )

    assert told not in run(command)

    assert run(command, *flags).startswith(told)
    assert run(command, "-v0", *flags) == ""
    assert told not in run(command, "--mode", "insert", *flags)
