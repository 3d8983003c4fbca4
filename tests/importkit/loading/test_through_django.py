"""Tables that Django writes: a dry run says what the run does for these as well."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch

import polars as pl
import pytest
from django.core.management import CommandError

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Bar, Shout, Strict, Venue

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


@pytest.mark.usefixtures("_through_django")
@pytest.mark.only_on("sqlite", "postgresql")
def test_a_constraint_that_only_the_database_judges_is_named() -> None:
    output = run(Import({Strict: lines(code=["a"], name=["xa"])}), "--dry_run", "-v2")

    assert 'the constraint "strict_open", the constraint "strict_name"' in output
    assert output.index("strict_x") < output.index("1 new")
