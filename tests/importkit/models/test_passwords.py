"""Raw text never becomes the password of a user, and no message shows it."""

from traceback import format_exception

import polars as pl
import pytest
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.core.management import CommandError

from tests.importkit.rules import rules
from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Label

pytestmark = pytest.mark.django_db

RULES = rules({"username": pl.String, "password": pl.String})
KEYS: Keys = {User: ("username",)}


def users(*passwords: str) -> Import:
    rows = {"username": ["ann", "bob"][: len(passwords)], "password": [*passwords]}
    return Import(lambda df: {User: df}, KEYS, source=pl.DataFrame(rows), rules=RULES)


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_raw_text_is_refused_and_not_shown(flags: tuple[str, ...]) -> None:
    with pytest.raises(CommandError) as error:
        run(users(make_password("a good one"), "hunter2-raw"), *flags)

    assert "not the hash of a password" in str(error.value)
    assert "make_password" in str(error.value)
    assert "hunter2-raw" not in str(error.value)
    assert not User.objects.exists()


def test_hashes_and_passwords_that_nobody_has_are_written() -> None:
    run(users(make_password("right"), make_password(None)))

    assert User.objects.get(username="ann").check_password("right")
    assert not User.objects.get(username="bob").has_usable_password()


def test_a_dry_run_shows_no_hash_that_would_change() -> None:
    old, new = make_password("old"), make_password("new")
    User.objects.create(username="ann", password=old)

    told = str(run(users(new), "--dry_run"))

    assert "password 1" in told
    assert old not in told
    assert new not in told


@pytest.mark.parametrize("flags", [(), ("--dry_run",), ("--traceback",)])
def test_raw_passwords_of_instances_are_refused_and_not_shown(
    flags: tuple[str, ...],
) -> None:
    made = [User(username="ann", password="hunter2-raw"), User(username="bob")]  # noqa: S106
    command = Import({User: made}, KEYS)

    with pytest.raises(CommandError) as error:
        run(command, *flags)

    text = "".join(format_exception(error.value))
    assert "not the hash of a password" in text
    assert "1 problem in 1 row" in text
    assert "hunter2" not in text
    assert not User.objects.exists()


def test_a_dry_run_shows_no_hash_of_instances() -> None:
    old, new = make_password("old"), make_password("new")
    User.objects.create(username="ann", password=old)
    made = [User(username="ann", password=new)]

    told = run(Import({User: made}, KEYS), "--dry_run")

    assert "password 1" in told
    assert "password ***" in told
    assert old not in told
    assert new not in told


@pytest.mark.parametrize("personal", [True, False])
def test_a_key_that_the_table_has_twice_is_shown_only_if_it_is_not_personal(
    *, personal: bool
) -> None:
    for _ in range(2):
        Label.objects.create(name="of Ann")
    columns = ("name",) if personal else ()
    command = Import(
        lambda df: {Label: df},
        {Label: ("name",)},
        source=pl.DataFrame({"name": ["of Ann"]}),
        rules=rules({"name": pl.String}, personal_cols=columns),
    )

    with pytest.raises(CommandError) as error:
        run(command)

    assert "more than one row of the table has" in str(error.value)
    assert ("of Ann" in str(error.value)) is not personal
