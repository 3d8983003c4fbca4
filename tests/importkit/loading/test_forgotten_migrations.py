"""Tables that are not those of the models: somebody forgot to migrate."""

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import connection

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Slogan

# MariaDB ends the transaction of a test when a table is changed.
pytestmark = [pytest.mark.django_db, pytest.mark.only_on("sqlite", "postgresql")]


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
@pytest.mark.parametrize("keys", [{}, {Slogan: ("code",)}])
@pytest.mark.parametrize("is_frame", [True, False])
@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE shop_slogan",
        "ALTER TABLE shop_slogan RENAME COLUMN text TO words",
    ],
)
def test_the_command_to_run_is_named(
    statement: str, keys: Keys, flags: tuple[str, ...], *, is_frame: bool
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
    rows = [Slogan(code="a", text="b")]
    bulk = pl.DataFrame({"code": ["a"], "text": ["b"]}) if is_frame else rows

    with pytest.raises(CommandError) as error:
        run(Import({Slogan: bulk}, keys), *flags)

    text = str(error.value)
    assert "shop_slogan" in text
    assert text.endswith(
        "run manage.py migrate, after manage.py makemigrations if a model has changed."
    )
