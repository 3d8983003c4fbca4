"""Rows that the database refuses are named one by one; the others can be written."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from importkit.source import read_csv
from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Bid, Category, Offer

SKIP = ("--on-error", "skip")
BY_NUMBER: Keys = {Offer: ("number",)}

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_writer")]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a file that a run with rejects can read; its values do not matter."""
    path = tmp_path / "source.csv"
    path.write_text("nothing\n" + "1\n" * 20)
    return path


class FromFile(Import):
    """An import of frames that have the lines of a file."""

    def __init__(self, path: Path, *args: Any, **kwargs: Any) -> None:
        """Keep the path of the file."""
        super().__init__(*args, **kwargs)
        self.path = path

    def handle_import(self) -> pl.DataFrame:
        """Read the file, so that the run knows where its lines come from."""
        return read_csv(self.path)


def offers(**columns: list[Any]) -> pl.DataFrame:
    """Return offers with lines from 2."""
    df = pl.DataFrame(columns)
    lines = pl.Series("_line", range(2, df.height + 2), dtype=pl.Int64)
    return df.with_columns(lines)


def refusal(command: Import, *flags: str) -> str:
    """Run a command that must fail, and return its message."""
    with pytest.raises(CommandError) as error:
        run(command, *flags)
    return str(error.value)


def numbers() -> list[str]:
    return sorted(Offer.objects.values_list("number", flat=True))


@pytest.mark.parametrize("flags", [(), ("--dry_run",), ("--batch_size", "2")])
def test_what_is_unique_may_not_be_in_the_table_or_the_file_twice(
    flags: tuple[str, ...],
) -> None:
    Offer.objects.create(number="a", shop="s", place=1)
    df = offers(
        number=["b", "a", "c", "d", "c", "e"],
        shop=["s", "t", "s", "s", "t", "t"],
        place=[2, 3, 1, 2, None, None],
    )

    text = refusal(Import({Offer: df}), *flags)

    assert text == (
        "4 problems in 4 rows:\n"
        "  number: in the table already, 1 row\n    line 3: 'a'\n"
        "  place, shop: in the table already, 1 row\n    line 4: '1, s'\n"
        "  place, shop: as in an earlier row, 1 row\n    line 5: '2, s'\n"
        "  number: as in an earlier row, 1 row\n    line 6: 'c'\n"
        "Nothing was written."
    )
    assert numbers() == ["a"]


@pytest.mark.parametrize("flags", [(), ("--batch_size", "1"), ("--batch_size", "2")])
def test_an_upsert_names_what_another_row_has(flags: tuple[str, ...]) -> None:
    for place, number in enumerate("abc"):
        Offer.objects.create(number=number, place=place)
    df = offers(number=["b", "d", "c"], place=[0, 1, 2], shop=["s", "s", "s"])

    text = refusal(Import({Offer: df}, BY_NUMBER), *flags)

    # Row d cannot have the place of b either: b has a problem and keeps its place.
    assert "  place, shop: in another row of the table, " in text
    assert "    line 2: '0, s'" in text
    assert list(Offer.objects.order_by("pk").values_list("number", "place")) == [
        ("a", 0),
        ("b", 1),
        ("c", 2),
    ]


def test_a_row_may_take_what_an_earlier_one_leaves() -> None:
    Offer.objects.create(number="a", place=1)
    df = offers(number=["b", "c", "a", "d"], place=[7, 8, 2, 1], shop=["s"] * 4)

    output = run(Import({Offer: df}, BY_NUMBER))

    assert output == "Offers: 3 new, 1 changed (place 1), 0 unchanged.\n"
    assert Offer.objects.get(number="d").place == 1


@pytest.mark.parametrize("flags", [(), ("--batch_size", "2")])
def test_rows_that_repeat_what_is_unique_are_skipped(
    flags: tuple[str, ...], file: Path
) -> None:
    Offer.objects.create(number="a")
    df = offers(number=["b", "a", "c", "b", "d"])

    text = refusal(FromFile(file, {Offer: df}), *SKIP, *flags)

    # The first batch is in the table when the second one is written.
    again = "in the table already" if flags else "as in an earlier row"
    heading = "2 problems in 2 rows:\n  number: in the table already [unique], "
    assert text.startswith(heading)
    assert f"  number: {again} [unique], " in text
    assert "    line 3: 'a'\n" in text
    assert "    line 5: 'b'\n" in text
    assert "\n2 of 20 rows are in " in text
    assert numbers() == ["a", "b", "c", "d"]


@pytest.mark.parametrize("rows", [1, 3, 40])
def test_what_only_the_database_knows_is_found_row_by_row(
    rows: int, file: Path
) -> None:
    names = ["x" if n in (0, 7) else "s" for n in range(rows)]
    df = offers(number=[f"{n:02}" for n in range(rows)], shop=names)
    bad = names.count("x")

    text = refusal(Import({Offer: df}))

    heading, group, *lines = text.splitlines()
    plural = "s" if bad > 1 else ""
    assert heading == f"{bad} problem{plural} in {bad} row{plural}:"
    assert group.startswith("  refused by the database: ")
    assert "offer_shop" in group
    assert lines == [
        *["    line 2", "    line 9"][:bad],
        "    Correct the row as the answer of the database says.",
        "Nothing was written.",
    ]
    assert not numbers()

    refusal(FromFile(file, {Offer: df}), *SKIP, "--batch_size", "16")

    assert len(numbers()) == rows - bad


def test_a_run_that_stops_names_at_most_a_hundred_refused_rows() -> None:
    df = offers(number=[f"{n}" for n in range(150)], shop=["x"] * 150)

    text = refusal(Import({Offer: df}))

    assert text.startswith("100 problems in 100 rows:\n")


def test_batches_before_a_refused_one_stay_with_commit_batch() -> None:
    df = offers(number=list("abcdef"), shop=["s", "s", "s", "x", "s", "s"])

    text = refusal(
        Import({Offer: df}, BY_NUMBER), "--batch_size", "2", "--commit", "batch"
    )

    assert text.startswith("1 problem in 1 row:\n  refused by the database: ")
    assert "\nBatches that were committed before stay." in text
    assert numbers() == ["a", "b"]


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_a_check_constraint_is_a_problem_of_its_columns(flags: tuple[str, ...]) -> None:
    df = offers(number=["a", "b"], low=[1, 3], high=[2, 2], kind=["x", "x"])

    assert refusal(Import({Offer: df}), *flags) == (
        "1 problem in 1 row:\n  high, low, kind: high is below low, 1 row\n"
        "    line 3: '2, 3, x'\nNothing was written."
    )


@pytest.fixture
def trigger() -> Iterator[None]:
    """Let the table of bids refuse the amount 13."""
    if connection.vendor == "sqlite":
        sql = [
            "CREATE TRIGGER unlucky BEFORE INSERT ON shop_bid WHEN NEW.amount = 13 "
            "BEGIN SELECT RAISE(ABORT, 'no luck'); END"
        ]
    else:
        sql = [
            "CREATE FUNCTION unlucky() RETURNS trigger AS $$ BEGIN IF NEW.amount = 13 "
            "THEN RAISE EXCEPTION 'no luck'; END IF; RETURN NEW; END $$ LANGUAGE plpgsql",
            "CREATE TRIGGER unlucky BEFORE INSERT ON shop_bid FOR EACH ROW "
            "EXECUTE FUNCTION unlucky()",
        ]
    with connection.cursor() as cursor:
        for statement in sql:
            cursor.execute(statement)
    yield


# A trigger on MariaDB ends the transaction of the test: test_mariadb.py has its own.
@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.usefixtures("trigger")
def test_what_a_trigger_refuses_is_named_in_its_words(file: Path) -> None:
    amounts = [13 if n % 10 == 4 else 1 for n in range(20)]

    text = refusal(FromFile(file, {Bid: offers(amount=amounts)}), *SKIP)

    assert text.startswith(
        "2 problems in 2 rows:\n  refused by the database: no luck [refused], 2 rows\n"
        "     6 | 1\n    16 | 1\n"
        "    Correct the row as the answer of the database says.\n"
    )
    assert Bid.objects.count() == 18
    rejects = file.with_name("source.csv.rejects.csv").read_text()
    assert rejects == (
        "nothing,_line,_column,_code,_message\n"
        "1,6,,refused,refused by the database: no luck\n"
        "1,16,,refused,refused by the database: no luck\n"
    )


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_keys_of_parents_that_are_not_there_are_named(flags: tuple[str, ...]) -> None:
    here = Offer.objects.create(number="a")
    other = Offer.objects.create(number="b", kind="rare")
    df = offers(offer_id=[here.pk, other.pk, 999, None], amount=[1, 2, 3, 4])

    assert refusal(Import({Bid: df}), *flags) == (
        f"2 problems in 2 rows:\n  offer_id: no offer with this id, 2 rows\n"
        f"    line 3: '{other.pk}'\n    line 4: '999'\nNothing was written."
    )


@pytest.mark.parametrize("flags", [(), ("--dry_run",), ("--batch_size", "1")])
def test_rows_may_refer_to_rows_behind_them_by_their_keys(
    flags: tuple[str, ...],
) -> None:
    df = offers(id=[7, 8, 9], name=list("abc"), parent_id=[8, 9, None])

    output = run(Import({Category: df}), *flags)

    assert output.startswith("Categorys: 3 new.\n")


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_rows_that_refer_to_nothing_in_their_own_table_are_named(
    flags: tuple[str, ...], file: Path
) -> None:
    df = offers(id=[7, 8, 9], name=list("abc"), parent_id=[8, 5, None])

    text = refusal(FromFile(file, {Category: df}), *flags)

    assert text == (
        "1 problem in 1 row:\n  parent_id: no category with this id [unknown], 1 row\n"
        "    line 3: '5'\n    Import the parent first, or correct its key.\n"
        "docs/codes.md says what each code in brackets means.\n"
        "Nothing was written."
    )
    assert not Category.objects.exists()


# MariaDB wants the parent first, so that rows without one can be skipped there.
@pytest.mark.only_on("sqlite", "postgresql")
def test_rows_that_refer_to_nothing_in_their_own_table_cannot_be_skipped(
    file: Path,
) -> None:
    df = offers(id=[7, 8, 9], name=list("abc"), parent_id=[8, 5, None])

    text = refusal(FromFile(file, {Category: df}), *SKIP)

    assert "parent_id: no category with this id [unknown], 1 row\n" in text
    assert not Category.objects.exists()


@pytest.mark.only_on("mariadb")
@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_rows_that_refer_to_skipped_rows_are_skipped(
    flags: tuple[str, ...], file: Path
) -> None:
    df = offers(id=[7, 8, 9, 6], name=list("abcd"), parent_id=[8, 5, None, 6])

    text = refusal(FromFile(file, {Category: df}), *SKIP, *flags)

    assert "parent_id: no category with this id [unknown], 2 rows\n" in text
    assert "2 of 20 rows" in text
    assert Category.objects.count() == (0 if flags else 2)


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(data=st.data())
def test_a_dry_run_refuses_what_the_run_refuses(data: st.DataObject) -> None:
    rows = st.fixed_dictionaries(
        {
            "number": st.sampled_from("abcd"),
            "place": st.none() | st.integers(0, 3),
            "shop": st.sampled_from("st"),
        }
    )
    Offer.objects.all().delete()
    drawn = data.draw(st.lists(rows, min_size=1, max_size=5))
    df = offers(**{name: [row[name] for row in drawn] for name in drawn[0]})
    df = df.cast({"place": pl.Int64})
    keys = data.draw(st.sampled_from([{}, BY_NUMBER]))
    before = data.draw(st.lists(st.sampled_from("abcd"), unique=True, max_size=3))
    for place, number in enumerate(before):
        Offer.objects.create(number=number, place=place)
    # The database decides in which order the rows of a batch change, so leave out rows
    # that take over a value from another row of the same batch.
    owners: dict[object, object] = dict(enumerate(before))
    of_file = {row["number"] for row in drawn}
    taken = [(owners.get(row["place"]), row["number"]) for row in drawn]
    assume(all(owner == own or owner not in of_file for owner, own in taken))

    def said(*flags: str) -> str:
        try:
            lines = run(Import({Offer: df}, keys), *flags).splitlines()
            # Through Django, a remark before the numbers names what is not judged.
            return next(line for line in lines if line.startswith("Offers:"))
        except CommandError as error:
            return str(error)

    planned = said("--dry_run")

    assert said() == planned
