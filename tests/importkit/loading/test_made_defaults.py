"""Instances have defaults that functions made for them; nobody gave these values."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Voucher

pytestmark = pytest.mark.django_db

KEYS: Keys = {Voucher: ("code",)}
FIELDS = ("token", "opened", "state", "notes")
TOKEN, DAY = UUID(int=7), datetime(2024, 1, 2, tzinfo=UTC)


def imported(make: Callable[[], Voucher], *flags: str) -> str:
    """Import one instance, and return what the run says of it."""
    return run(Import(lambda _df: {Voucher: [make()]}, KEYS), *flags).splitlines()[0]


def stored() -> tuple[Any, ...]:
    row = Voucher.objects.get()
    return tuple(getattr(row, name) for name in FIELDS)


@pytest.mark.parametrize("mode", ["upsert", "update", "sync"])
def test_defaults_made_for_an_instance_replace_nothing(mode: str) -> None:
    imported(lambda: Voucher(code="a"))
    before = stored()

    output = imported(lambda: Voucher(code="a"), "--mode", mode)

    assert "0 changed, 1 unchanged" in output
    assert stored() == before


def test_values_that_were_given_are_written() -> None:
    imported(lambda: Voucher(code="a"))

    def by_place() -> Voucher:
        return Voucher(None, "a", TOKEN, DAY)

    assert "1 changed (token 1, opened 1)" in imported(by_place, "--dry_run")
    assert "1 changed (token 1, opened 1)" in imported(by_place)
    assert "0 changed, 1 unchanged" in imported(lambda: Voucher(code="a", token=TOKEN))
    assert stored() == (TOKEN, DAY, "made", [])


def test_values_that_were_assigned_later_are_written() -> None:
    imported(lambda: Voucher(code="a"))
    Voucher.objects.update(state="closed")

    def filled() -> Voucher:
        row = Voucher(code="a")
        row.token, row.opened, row.state = TOKEN, DAY, "made"
        row.notes.append("seen")
        return row

    output = imported(filled)

    assert "1 changed (token 1, opened 1, state 1, notes 1)" in output
    assert stored() == (TOKEN, DAY, "made", ["seen"])
