"""Unique values move between rows, and the database does what only it knows."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import connection

from importkit.source import read_csv
from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Bid, Deferred, Loose, Nulls, Position, Strict

pytestmark = pytest.mark.django_db

BY_CODE: Keys = {Position: ("code",)}


def lines(**columns: list[Any]) -> pl.DataFrame:
    """Return a frame with lines from 2."""
    df = pl.DataFrame(columns)
    return df.with_columns(pl.Series("_line", range(2, df.height + 2), dtype=pl.Int64))


def refusal(command: Import, *flags: str) -> str:
    """Run a command that must fail, and return its message."""
    with pytest.raises(CommandError) as error:
        run(command, *flags)
    return str(error.value)


def places() -> dict[str, int]:
    """Return the places by code."""
    return dict(Position.objects.values_list("code", "place"))


@pytest.fixture
def positions() -> None:
    """Store a, b and c at 1, 2 and 3, each with all that is unique."""
    for place, code in enumerate("abc", start=1):
        Position.objects.create(
            code=code,
            place=place,
            label=code,
            day=date(2024, 1, place),
            price=Decimal(place),
        )


@pytest.mark.usefixtures("positions", "_writer")
@pytest.mark.parametrize("flags", [(), ("--batch_size", "1"), ("--batch_size", "2")])
@pytest.mark.parametrize(
    "new",
    [
        {"a": 2, "b": 1},
        {"a": 2, "b": 3, "c": 1},
        {"a": 2, "b": 3, "c": 4},
        {"c": 4, "b": 3, "a": 2, "d": 1},
        {"d": 1, "a": 2, "b": 9},
    ],
)
def test_unique_numbers_move_between_rows(
    new: dict[str, int], flags: tuple[str, ...]
) -> None:
    command = Import(
        {Position: lines(code=list(new), place=list(new.values()))}, BY_CODE
    )
    before = places()

    planned = run(command, *flags, "--dry_run")

    assert places() == before
    done = run(command, *flags)
    assert done.splitlines()[0] == planned.splitlines()[0]
    assert places() == {**before, **new}


SYNC = ("--mode", "sync", "--max-delete", "100%")


@pytest.mark.usefixtures("positions")
@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("flags", [(), ("--batch_size", "1")])
def test_a_row_that_is_deleted_gives_its_values_up(flags: tuple[str, ...]) -> None:
    command = Import({Position: lines(code=["d", "a"], place=[2, 3])}, BY_CODE)
    flags = (*SYNC, "--delete", "--yes", *flags)

    planned = run(command, *flags, "--dry_run")
    done = run(command, *flags)

    plan = (
        "Positions: 1 new, 1 changed (place 1), 0 unchanged, 2 missing in the source."
    )
    assert planned.splitlines()[0] == done.splitlines()[0] == plan
    assert places() == {"a": 3, "d": 2}
    assert "0 new, 0 changed, 2 unchanged, 0 missing" in run(command, *flags)


@pytest.mark.usefixtures("positions", "_writer")
@pytest.mark.parametrize("dry", [(), ("--dry_run",)])
@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (SYNC, "place: in another row of the table, 2 rows"),
        ((*SYNC, "--commit", "batch"), "place: in another row of the table, 2 rows"),
    ],
)
def test_a_row_that_stays_keeps_its_values(
    flags: tuple[str, ...], words: str, dry: tuple[str, ...]
) -> None:
    before = places()
    command = Import({Position: lines(code=["d", "a"], place=[2, 3])}, BY_CODE)

    assert words in refusal(command, *flags, *dry)
    assert places() == before


@pytest.mark.usefixtures("positions")
@pytest.mark.only_on("sqlite", "postgresql")
def test_values_stay_where_a_deletion_is_refused() -> None:
    before = places()
    command = Import({Position: lines(code=["d", "a"], place=[2, 3])}, BY_CODE)

    text = refusal(command, "--mode", "sync", "--delete", "--yes", "--max-delete", "1")

    assert "more than --max-delete 1 allows" in text
    assert places() == before


@pytest.mark.usefixtures("positions", "_writer")
def test_values_of_every_type_move_at_once() -> None:
    df = lines(
        code=["a", "b", "c"],
        place=[3, 1, 2],
        label=["c", "a", "b"],
        day=[date(2024, 1, day) for day in (2, 3, 1)],
        price=[Decimal("2.00"), Decimal("1.00"), Decimal("3.00")],
    )

    run(Import({Position: df}, BY_CODE))

    assert list(
        Position.objects.order_by("code").values_list("place", "label", "price")
    ) == [
        (3, "c", Decimal(2)),
        (1, "a", Decimal(1)),
        (2, "b", Decimal(3)),
    ]


@pytest.mark.usefixtures("positions", "_writer")
@pytest.mark.parametrize("flags", [(), ("--dry_run",), ("--batch_size", "1")])
def test_a_value_of_a_row_that_stays_is_not_taken(flags: tuple[str, ...]) -> None:
    df = lines(code=["a", "b"], place=[3, 1])

    text = refusal(Import({Position: df}, BY_CODE), *flags)

    assert "2 problems in 2 rows:\n  place: in another row of the table, 2 rows" in text
    assert places() == {"a": 1, "b": 2, "c": 3}


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_nulls_that_are_equal_are_named_as_unique(flags: tuple[str, ...]) -> None:
    Nulls.objects.create(code="a", a=1)
    df = lines(code=["b", "c", "d"], a=[1, None, None]).with_columns(
        b=pl.lit(None, pl.Int32)
    )
    command = Import({Nulls: df})
    if connection.vendor == "sqlite":  # It cannot say so: all nulls differ.
        assert "3 new" in run(command, *flags)
        return

    text = refusal(command, *flags)

    assert "  a, b: in the table already, 1 row\n    line 2" in text
    assert "  a, b: as in an earlier row, 1 row\n    line 4" in text


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("flags", [(), ("--dry_run",), ("--batch_size", "1")])
def test_what_is_checked_at_the_end_is_named_by_line(flags: tuple[str, ...]) -> None:
    Deferred.objects.create(code="a", place=1)
    command = Import({Deferred: lines(code=["b", "c", "d"], place=[1, 2, 2])})
    if connection.vendor == "sqlite":
        assert "3 new" in run(command, *flags)
        return

    text = refusal(command, *flags)

    assert "  place: in the table already, 1 row\n    line 2" in text
    assert "  place: as in an earlier row, 1 row\n    line 4" in text


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_partial_and_computed_keys_are_named(flags: tuple[str, ...]) -> None:
    Strict.objects.create(code="a", name="Ann", number=1)
    df = lines(
        code=["b", "c", "d", "e"],
        name=["ANN", "", "", "xerxes"],
        number=[2, 1, 1, 3],
        state=["open", "open", "shut", "shut"],
    )

    text = refusal(Import({Strict: df}), *flags)

    assert 'name: breaks the unique constraint "strict_name", 1 row' in text
    assert "    line 2: 'ANN'\n" in text
    assert 'number: breaks the unique constraint "strict_open", 1 row' in text
    assert "    line 3: '1'\n" in text
    assert "strict_x" in text
    assert text.startswith("3 problems in 3 rows:")


@pytest.fixture
def loose() -> Iterator[None]:
    """Create a table that Django does not know: its key is one in capitals or not."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "CREATE TABLE shop_loose (id integer PRIMARY KEY, code text UNIQUE "
                "COLLATE NOCASE, number integer CHECK (number <> 13))"
            )
        else:
            cursor.execute(
                "CREATE TABLE shop_loose (id bigserial PRIMARY KEY, code varchar(10), "
                "number integer, CONSTRAINT unlucky CHECK (number <> 13))"
            )
            cursor.execute("CREATE UNIQUE INDEX loose_code ON shop_loose (lower(code))")
    yield


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.usefixtures("loose")
@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_constraints_that_django_does_not_know_are_judged(
    flags: tuple[str, ...],
) -> None:
    Loose.objects.create(code="Abc")
    df = lines(code=["ABC", "zz", "ZZ", "x"], number=[1, 2, 3, 13])

    text = refusal(Import({Loose: df}), *flags)

    assert text.startswith("3 problems in 3 rows:")
    for line in (2, 4, 5):
        assert f"    line {line}" in text


@pytest.mark.only_on("sqlite")
@pytest.mark.usefixtures("loose")
@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_a_key_in_capitals_or_not_is_one_key(flags: tuple[str, ...]) -> None:
    Loose.objects.create(code="Abc", number=1)
    keys: Keys = {Loose: ("code",)}

    output = run(Import({Loose: lines(code=["ABC"], number=[2])}, keys), *flags)
    text = refusal(
        Import({Loose: lines(code=["zz", "ZZ"], number=[2, 3])}, keys), *flags
    )

    assert output.startswith("Looses: 0 new, 1 changed (number 1), 0 unchanged.")
    assert "code: has the natural key of an earlier row, 1 row\n    line 3" in text


@pytest.fixture
def dropping() -> None:
    """Let the table of bids drop the amount 13 without a word."""
    if connection.vendor == "sqlite":
        sql = [
            "CREATE TRIGGER quiet BEFORE INSERT ON shop_bid WHEN NEW.amount = 13 "
            "BEGIN SELECT RAISE(IGNORE); END"
        ]
    else:
        sql = [
            "CREATE FUNCTION quiet() RETURNS trigger AS $$ BEGIN IF NEW.amount = 13 "
            "THEN RETURN NULL; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER quiet BEFORE INSERT ON shop_bid FOR EACH ROW "
            "EXECUTE FUNCTION quiet()",
        ]
    with connection.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement)


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.usefixtures("dropping")
def test_the_counts_are_what_the_database_did() -> None:
    command = Import({Bid: lines(amount=[1, 13, 2])})

    planned = run(command, "--dry_run")
    done = run(command)

    assert 'this dry run does not know what the trigger "quiet" of the table' in planned
    assert "Bids: 3 new." in planned
    assert "the database did not write 1 of the rows, and refused none" in done
    assert "Bids: 2 new." in done
    assert Bid.objects.count() == 2


@pytest.mark.usefixtures("dropping")
@pytest.mark.only_on("postgresql")
def test_the_counts_of_instances_are_what_the_database_did() -> None:
    done = run(Import(lambda _df: {Bid: [Bid(amount=n) for n in (1, 13, 2)]}))

    assert "the database did not write 1 of the rows, and refused none" in done
    assert "Bids: 2 new." in done
    assert Bid.objects.count() == 2


@pytest.mark.usefixtures("dropping")
@pytest.mark.only_on("sqlite")
def test_instances_whose_keys_nobody_knows_are_refused() -> None:
    with pytest.raises(CommandError, match="a trigger of the table left out 1 of 3"):
        run(Import(lambda _df: {Bid: [Bid(amount=n) for n in (1, 13, 2)]}))

    assert not Bid.objects.exists()


@pytest.mark.only_on("postgresql")
@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_a_label_that_an_enum_does_not_have_is_a_problem_of_its_row(
    flags: tuple[str, ...],
) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE TYPE mood AS ENUM ('good', 'bad')")
        cursor.execute(
            "CREATE TABLE shop_loose (id bigserial PRIMARY KEY, code mood, "
            "number integer)"
        )

    text = refusal(
        Import({Loose: lines(code=["good", "ugly", "bad"], number=[1, 2, 3])}), *flags
    )

    assert text.startswith(
        "1 problem in 1 row:\n  refused by the database: invalid input value for enum "
        'mood: "ugly", 1 row\n    line 3\n'
    )


def test_keys_of_rows_that_were_held_are_not_given_out_again(tmp_path: Path) -> None:
    path = tmp_path / "source.csv"
    path.write_text("nothing\n1\n1\n1\n")

    class FromFile(Import):
        def handle_import(self) -> pl.DataFrame:
            return read_csv(path)

    df = lines(id=[901, 901, 902], amount=[1, 2, 3])
    refusal(FromFile({Bid: df}), "--on-error", "skip")

    assert sorted(Bid.objects.values_list("pk", flat=True)) == [901, 902]
    assert Bid.objects.create().pk > 902
