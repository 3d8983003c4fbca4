"""A natural key that the database does not keep unique is told by each run."""

from typing import Any

import polars as pl
import pytest
from django.db import connection
from django.db.models import Q

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Item, Label, Product

pytestmark = pytest.mark.django_db

WARNING = (
    'The database does not keep the natural key of shop.Label unique ("name"): if another '
    "program writes to the table at the same time, a row may be there twice, and later "
    "imports are refused. Add to the Meta of Label: constraints = "
    '[models.UniqueConstraint(fields=["name"], name="label_key")].\n'
)


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

    assert ("does not keep" in output) == is_told


def test_a_unique_field_is_enough() -> None:
    bulks: Any = {Product: pl.DataFrame({"sku": ["x"]})}

    assert run(Import(bulks, {Product: ("sku",)})).startswith("Products: 1 new")
