"""Primary keys of several columns, computed columns and numbers that a database rounds."""

from decimal import Decimal

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import connection

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Seat, Weighing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_writer")]

BY_SEAT: Keys = {Seat: ("hall", "number")}


def seats(*guests: str) -> pl.DataFrame:
    """Return seats 1, 2, ... of one hall."""
    numbers = list(range(1, len(guests) + 1))
    return pl.DataFrame(
        {"hall": ["a"] * len(guests), "number": numbers, "guest": guests}
    )


def lines(df: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with lines from 2."""
    return df.with_columns(pl.Series("_line", range(2, df.height + 2), dtype=pl.Int64))


def refusal(command: Import, *flags: str) -> str:
    """Run a command that must fail, and return its message."""
    with pytest.raises(CommandError) as error:
        run(command, *flags)
    return str(error.value)


def test_a_key_of_several_columns_is_upserted() -> None:
    run(Import({Seat: seats("ann", "bob")}, BY_SEAT))
    dry = run(Import({Seat: seats("ann", "eve", "joe")}, BY_SEAT), "--dry_run")

    output = run(Import({Seat: seats("ann", "eve", "joe")}, BY_SEAT))

    assert output == "Seats: 1 new, 1 changed (guest 1), 1 unchanged.\n"
    assert "1 new, 1 changed (guest 1), 1 unchanged" in dry
    assert list(Seat.objects.order_by("number").values_list("guest", flat=True)) == [
        "ann",
        "eve",
        "joe",
    ]


def test_a_key_of_several_columns_is_updated_and_synced() -> None:
    run(Import({Seat: seats("ann", "bob", "joe")}, BY_SEAT))

    updated = run(Import({Seat: seats("eve")}, BY_SEAT), "--mode", "update")
    synced = run(
        Import({Seat: seats("eve", "bob")}, BY_SEAT),
        *("--mode", "sync", "--delete", "--yes", "--max-delete", "100%"),
    )

    assert "1 changed" in updated
    assert "1 missing" in synced
    assert Seat.objects.count() == 2


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_a_key_of_several_columns_may_not_repeat(flags: tuple[str, ...]) -> None:
    run(Import({Seat: seats("ann")}))

    text = refusal(Import({Seat: lines(seats("ann", "bob"))}), *flags)

    assert "hall, number: in the table already, 1 row\n    line 2: 'a, 1'\n" in text


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_a_number_that_sqlite_would_round_is_a_problem_of_its_row(
    flags: tuple[str, ...],
) -> None:
    mass = [
        Decimal("1.5"),
        Decimal("123456789012345678.25"),
        Decimal("-1000000000000000"),
    ]
    df = lines(pl.DataFrame({"code": ["a", "b", "c"], "mass": mass}))
    command = Import(
        {Weighing: df.with_columns(pl.col("mass").cast(pl.Decimal(20, 2)))}
    )

    if connection.vendor != "sqlite":
        assert "3 new" in run(command, *flags)
        return
    assert refusal(command, *flags) == (
        "1 problem in 1 row:\n  mass: has more than 15 digits, which the database does not "
        "keep exactly, 1 row\n    line 3: '123456789012345678.25'\n"
        "Nothing was written."
    )


def test_a_column_that_the_database_computes_is_named_as_such() -> None:
    df = pl.DataFrame({"code": ["a"], "double": [Decimal(1)]})

    with pytest.raises(CommandError, match='"double" is computed by the database'):
        run(Import({Weighing: df}))
