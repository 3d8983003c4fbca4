"""Values of a row that the database computes, or that a field of its own class makes."""

import polars as pl
import pytest
from django.core.management import CommandError

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Labelled, Parcel

pytestmark = pytest.mark.django_db

BY_CODE: Keys = {Labelled: ("code",)}


@pytest.mark.only_on("sqlite", "postgresql")
@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
@pytest.mark.parametrize("keys", [{}, BY_CODE])
@pytest.mark.parametrize("is_frame", [True, False])
def test_a_computed_value_that_must_be_unique_names_its_row(
    keys: Keys, flags: tuple[str, ...], *, is_frame: bool
) -> None:
    Labelled.objects.create(code="Zed")
    codes, lines = ["zed", "a", "b", "B"], [2, 3, 4, 5]
    df = pl.DataFrame({"code": codes, "_line": lines})
    bulk = df if is_frame else [Labelled(code=code) for code in codes]
    places = [f"line {n}" if is_frame else f"Labelled number {n - 1}" for n in lines]

    with pytest.raises(CommandError) as error:
        run(Import({Labelled: bulk}, keys), *flags)

    assert str(error.value).startswith(
        "2 problems in 2 rows:\n"
        "  plain, as the database computes it, is in another row, 2 rows\n"
        f"    {places[0]}\n    {places[3]}\n"
    )
    assert [each.code for each in Labelled.objects.all()] == ["Zed"]


def test_computed_values_that_differ_are_written() -> None:
    df = pl.DataFrame({"code": ["a", "b"]})

    run(Import({Labelled: df}, BY_CODE))

    assert sorted(Labelled.objects.values_list("plain", flat=True)) == ["a", "b"]


def test_a_value_that_nobody_enters_needs_no_column() -> None:
    command = Import({Parcel: pl.DataFrame({"code": ["a"]})}, {Parcel: ("code",)})

    assert "1 new" in run(command)
    assert Parcel.objects.get().seal == "saved"
    assert "1 unchanged" in run(command)
