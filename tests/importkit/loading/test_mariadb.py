"""What MariaDB does in its own way: the whole run is all or nothing all the same."""

from collections.abc import Iterator
from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import connection
from django.db.models import Model

from tests.importkit.loading.test_refusals import FromFile
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Bid, Everything, Product, Slogan

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("mariadb")]

BY_CODE: dict[type[Model], tuple[str, ...]] = {Everything: ("code",)}
SKIP = ("--on-error", "skip")


def execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "source.csv"
    path.write_text("nothing\n" + "1\n" * 4)
    return path


@pytest.fixture
def trigger() -> Iterator[None]:
    """Let the table of bids refuse the amount 13."""
    execute(
        "CREATE TRIGGER unlucky BEFORE INSERT ON shop_bid FOR EACH ROW IF NEW.amount = 13"
        " THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'no luck'; END IF"
    )
    yield
    execute("DROP TRIGGER unlucky")


# Creating a trigger or a table ends the transaction that a test is in.
@pytest.mark.django_db(transaction=True)
@pytest.mark.usefixtures("trigger")
def test_what_a_trigger_refuses_is_named_in_its_words(file: Path) -> None:
    df = pl.DataFrame({"_line": [2, 3, 4], "amount": [1, 13, 2]})

    with pytest.raises(CommandError) as error:
        run(FromFile(file, {Bid: df}), *SKIP)

    assert "refused by the database: no luck [refused], 1 row\n    3 | 1\n" in str(
        error.value
    )
    assert Bid.objects.count() == 2


def test_a_value_that_only_the_database_refuses_is_named_with_its_row() -> None:
    # MariaDB looks at the version of a UUID.
    tokens = ["fe4a8b07-9d48-9823-2872-a98e274c4584", None]
    df = pl.DataFrame({"code": ["a", "b"], "token": tokens})

    with pytest.raises(CommandError) as error:
        run(Import({Everything: df}))

    assert str(error.value).startswith(
        "1 problem in 1 row:\n  refused by the database: Incorrect uuid value"
    )
    assert not Everything.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_a_table_without_transactions_is_refused_before_anything_is_written(
    flags: tuple[str, ...],
) -> None:
    execute("SET foreign_key_checks = 0", "ALTER TABLE shop_slogan ENGINE = MyISAM")
    df = pl.DataFrame({"code": ["a"], "text": ["b"]})
    try:
        with pytest.raises(CommandError) as error:
            run(Import({Slogan: df}), *flags)
        assert not Slogan.objects.exists()
    finally:
        execute("ALTER TABLE shop_slogan ENGINE = InnoDB")

    assert "no transactions: shop_slogan (MyISAM)" in str(error.value)
    assert "ALTER TABLE shop_slogan ENGINE = InnoDB." in str(error.value)


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_is_not_strict_cuts_nothing_off() -> None:
    execute("SET sql_mode = ''", "ALTER TABLE shop_product MODIFY sku varchar(3)")
    df = pl.DataFrame({"sku": ["abc", "abcd"]})
    try:
        with pytest.raises(CommandError, match="Data too long for column 'sku'"):
            run(Import({Product: df}))
        with connection.cursor() as cursor:
            cursor.execute("SELECT @@sql_mode")
            assert cursor.fetchone() == ("",)
    finally:
        Product.objects.all().delete()
        execute("ALTER TABLE shop_product MODIFY sku varchar(20) NOT NULL")
        connection.close()


def test_more_texts_are_written_than_the_server_takes_at_once() -> None:
    words = "ä" * 1_000_000
    df = pl.DataFrame({"code": list(map(str, range(20))), "words": [words] * 20})

    assert "Everythings: 20 new" in run(Import({Everything: df}))
    changed = df.with_columns(words=pl.lit(words[::2]))
    assert "20 changed" in run(Import({Everything: changed}, BY_CODE))
    assert Everything.objects.filter(words=words[::2]).count() == 20


def test_times_keep_their_microseconds() -> None:
    times = ["2024-02-29 12:00:00.123456", "1999-12-31 23:59:59.999999"]
    df = pl.DataFrame({"code": ["a", "b"], "moment": times}).with_columns(
        pl.col("moment").str.to_datetime(time_zone="UTC")
    )

    run(Import({Everything: df}, BY_CODE))

    assert "0 new, 0 changed, 2 unchanged" in run(Import({Everything: df}, BY_CODE))


def test_a_run_that_is_to_be_undone_is_refused() -> None:
    class Noting(Import):
        """An import that could be undone elsewhere."""

        keeps_undo = 1

    with pytest.raises(CommandError) as error:
        run(Noting({Product: pl.DataFrame({"sku": ["a"]})}))

    assert str(error.value).startswith(
        "keeps_undo: MariaDB cannot note the rows that a run writes to shop.Product"
    )
    assert not Product.objects.exists()
