"""Tables that Django writes: a dry run says what the run does for these as well."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from django.core.management import CommandError

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Bar, Nickname, Position, Shout, Strict, Venue

pytestmark = pytest.mark.django_db

BOTH = pytest.mark.parametrize("flags", [(), ("--dry_run",)])


def lines(**columns: list[Any]) -> pl.DataFrame:
    """Return a frame with lines from 2."""
    df = pl.DataFrame(columns)
    return df.with_columns(pl.Series("_line", range(2, df.height + 2), dtype=pl.Int64))


def refusal(command: Import, *flags: str) -> str:
    """Run a command that must fail, and return its message."""
    with pytest.raises(CommandError) as error:
        run(command, *flags)
    return str(error.value)


@pytest.fixture
def _through_django() -> Iterator[None]:
    with patch(
        "importkit.loading.run.reason_for_orm", lambda _target: "the test says so"
    ):
        yield


@BOTH
def test_a_key_is_compared_as_it_is_stored(flags: tuple[str, ...]) -> None:
    Shout.objects.create(code="abc")
    keys: Keys = {Shout: ("code",)}

    output = run(Import({Shout: lines(code=["Abc", "x"], number=[5, 0])}, keys), *flags)

    assert output.startswith("Shouts: 1 new, 1 changed (number 1), 0 unchanged.")


@BOTH
@pytest.mark.parametrize("keys", [{}, {Shout: ("code",)}])
def test_two_spellings_of_a_key_are_one_key(flags: tuple[str, ...], keys: Keys) -> None:
    text = refusal(Import({Shout: lines(code=["zz", "ZZ", "y"])}, keys), *flags)

    assert text.startswith("1 problem in 1 row:\n  code: ")
    assert "    line 3: 'ZZ'\n" in text
    assert not Shout.objects.exists()


@BOTH
def test_a_row_of_the_parents_has_its_key(flags: tuple[str, ...]) -> None:
    Venue.objects.create(code="a", phone="1")
    keys: Keys = {Bar: ("code",)}
    df = lines(code=["a", "b", "c"], phone=["7", "1", "2"], stools=[1, 2, 3])

    text = refusal(Import({Bar: df}, keys), *flags)

    assert text.startswith("2 problems in 2 rows:\n")
    assert "  code: in another row of the table, 1 row\n    line 2: 'a'\n" in text
    assert "  phone: in another row of the table, 1 row\n    line 3: '1'\n" in text
    assert not Bar.objects.exists()


@BOTH
@pytest.mark.usefixtures("_through_django")
def test_checks_that_only_the_database_knows_are_judged(flags: tuple[str, ...]) -> None:
    Strict.objects.create(code="a", low=1)
    df = lines(code=["a", "b", "c", "d"], low=[60, 1, 2, 3], name=["", "xa", "", "y"])

    text = refusal(Import({Strict: df}, {Strict: ("code",)}), *flags)

    assert text.startswith("2 problems in 2 rows:\n")
    assert "strict_double" in text
    assert "strict_x" in text
    assert "    line 2\n" in text
    assert "    line 3\n" in text


@BOTH
@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.usefixtures("_through_django")
def test_partial_and_computed_keys_are_judged(flags: tuple[str, ...]) -> None:
    Strict.objects.create(code="a", name="Ann", number=1)
    df = lines(
        code=["b", "c", "d", "e"],
        name=["ANN", "", "", "bob"],
        number=[2, 1, 1, 3],
        state=["open", "open", "shut", "shut"],
    )

    text = refusal(Import({Strict: df}), *flags)

    assert text.startswith("2 problems in 2 rows:\n")
    assert 'name: breaks the unique constraint "strict_name", 1 row' in text
    assert "    line 2: 'ANN'\n" in text
    assert 'number: breaks the unique constraint "strict_open", 1 row' in text
    assert "    line 3: '1'\n" in text


@BOTH
@pytest.mark.usefixtures("_through_django")
def test_a_row_keeps_what_the_file_does_not_give(flags: tuple[str, ...]) -> None:
    Strict.objects.create(code="a", group="g", number=1, state="shut")
    Strict.objects.create(code="b", group="h", number=1, state="shut")
    df = lines(code=["b"], group=["g"])

    text = refusal(Import({Strict: df}, {Strict: ("code",)}), *flags)

    assert "group, number: in another row of the table, 1 row" in text


@BOTH
@pytest.mark.usefixtures("_through_django")
def test_a_default_that_is_unique_is_given_to_one_row_only(
    flags: tuple[str, ...],
) -> None:
    text = refusal(Import({Nickname: lines(code=["a", "b"])}), *flags)

    assert "name: as in an earlier row, 1 row\n    line 3" in text


@BOTH
@pytest.mark.parametrize("name", ["xa", "Bob"])
def test_checks_are_judged_for_instances(flags: tuple[str, ...], name: str) -> None:
    low = 60 if name == "Bob" else 1
    rows = [Strict(code="a", name="y"), Strict(code="b", name=name, low=low)]

    text = refusal(Import({Strict: rows}), *flags)

    assert ("strict_double" if name == "Bob" else "strict_x") in text
    assert "    Strict number 2\n" in text


@BOTH
@pytest.mark.only_on("sqlite", "postgresql")
def test_computed_keys_are_judged_for_instances(flags: tuple[str, ...]) -> None:
    Strict.objects.create(code="a", name="Ann")
    rows = [Strict(code="b", name="bob"), Strict(code="c", name="ANN")]

    text = refusal(Import({Strict: rows}), *flags)

    assert 'name: breaks the unique constraint "strict_name", 1 row' in text
    assert "    Strict number 2: 'ANN'\n" in text


@BOTH
@pytest.mark.parametrize("size", ["1", "2", "100"])
@pytest.mark.parametrize("keys", [{}, {Shout: ("code",)}])
def test_two_spellings_of_a_key_among_instances_are_named(
    flags: tuple[str, ...], size: str, keys: Keys
) -> None:
    rows = [Shout(code="zz"), Shout(code="y"), Shout(code="ZZ")]

    text = refusal(Import({Shout: rows}, keys), *flags, "--batch_size", size)

    assert text.startswith("1 problem in 1 row:\n  code: ")
    assert "    Shout number 3: 'ZZ'\n" in text
    assert not Shout.objects.exists()


@pytest.mark.parametrize("size", ["1", "2", "100"])
def test_unique_values_move_between_instances_of_all_batches(size: str) -> None:
    Position.objects.create(code="a", place=1)
    Position.objects.create(code="b", place=2)

    def rows() -> list[Position]:
        more = [Position(code=f"m{n}", place=n) for n in range(10, 15)]
        return [Position(code="a", place=2), *more, Position(code="b", place=1)]

    keys: Keys = {Position: ("code",)}
    planned = run(Import({Position: rows()}, keys), "--dry_run", "--batch_size", size)
    done = run(Import({Position: rows()}, keys), "--batch_size", size)

    assert planned.splitlines()[0] == done.splitlines()[0]
    assert "5 new, 2 changed (place 2), 0 unchanged" in done
    places = dict(Position.objects.values_list("code", "place"))
    assert (places["a"], places["b"]) == (2, 1)


@BOTH
@pytest.mark.parametrize("size", ["1", "2", "100"])
def test_a_value_that_stays_is_not_taken_by_an_instance(
    flags: tuple[str, ...], size: str
) -> None:
    Position.objects.create(code="a", place=1)
    Position.objects.create(code="b", place=2)
    rows = [Position(code="c", place=9), Position(code="a", place=2)]
    rows += [Position(code="d", place=9)]
    keys: Keys = {Position: ("code",)}

    text = refusal(Import({Position: rows}, keys), *flags, "--batch_size", size)

    assert text.startswith("2 problems in 2 rows:\n")
    assert "place: in another row of the table, 1 row\n    Position number 2" in text
    assert "place: as in an earlier row, 1 row\n    Position number 3" in text
    assert dict(Position.objects.values_list("code", "place")) == {"a": 1, "b": 2}
