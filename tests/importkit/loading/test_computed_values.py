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
def test_a_computed_value_that_must_be_unique_names_its_row(
    keys: Keys, flags: tuple[str, ...]
) -> None:
    Labelled.objects.create(code="Zed")
    df = pl.DataFrame({"code": ["zed", "a", "b", "B"], "_line": [2, 3, 4, 5]})

    with pytest.raises(CommandError) as error:
        run(Import({Labelled: df}, keys), *flags)

    assert str(error.value).startswith(
        "2 problems in 2 rows:\n"
        "  plain, as the database computes it, is in another row, 2 rows\n"
        "    line 2\n"
        "    line 5\n"
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
