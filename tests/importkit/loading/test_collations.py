"""Texts are the same for an import where they are the same for the database."""

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Model

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import City, Country, Everything, Street

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("mariadb")]

BOTH = pytest.mark.parametrize("flags", [(), ("--dry_run",)])
BY_CODE: dict[type[Model], tuple[str, ...]] = {Everything: ("code",)}


@BOTH
@pytest.mark.parametrize("code", ["abc", "ABC", "Abc  ", "ábc"])
def test_a_key_in_another_spelling_is_the_row_of_the_table(
    code: str, flags: tuple[str, ...]
) -> None:
    Everything.objects.create(code="Abc", whole=1)
    df = pl.DataFrame({"code": [code, "new"], "whole": [2, 3]})

    output = run(Import({Everything: df}, BY_CODE), *flags)

    assert "Everythings: 1 new, 1 changed (whole 1)" in output
    if not flags:
        # A key is never changed, so that the table keeps its spelling.
        rows = Everything.objects.values_list("code", "whole")
        assert set(rows) == {("Abc", 2), ("new", 3)}
        assert "0 new, 0 changed, 2 unchanged" in run(Import({Everything: df}, BY_CODE))


@BOTH
@pytest.mark.parametrize("keys", [{}, BY_CODE])
def test_rows_of_one_file_are_repeated_in_any_spelling(
    keys: dict[type[Model], tuple[str, ...]], flags: tuple[str, ...]
) -> None:
    df = pl.DataFrame({"code": ["abc", "ABC", "b", "b "], "whole": [1, 2, 3, 4]})

    with pytest.raises(CommandError) as error:
        run(Import({Everything: df}, keys), *flags)

    text = str(error.value)
    assert text.startswith("2 problems in 2 rows:\n  code: ")
    assert "row 2: 'ABC'\n    row 4: 'b '" in text
    assert not Everything.objects.exists()


@BOTH
def test_a_unique_value_is_taken_in_any_spelling(flags: tuple[str, ...]) -> None:
    Everything.objects.create(code="Abc")

    with pytest.raises(
        CommandError, match=r"1 problem in 1 row:\n  code: in the table"
    ):
        run(Import({Everything: pl.DataFrame({"code": ["abc", "d"]})}), *flags)


@BOTH
def test_a_parent_is_found_in_any_spelling(flags: tuple[str, ...]) -> None:
    Country.objects.create(code="DE")
    df = pl.DataFrame({"name": ["Ulm"], "country": ["de"]})

    assert "Citys: 1 new" in run(Import({City: df}), *flags)


@BOTH
def test_a_parent_of_the_same_run_is_found_in_any_spelling(
    flags: tuple[str, ...],
) -> None:
    bulks = {
        City: pl.DataFrame({"name": ["Ulm"], "region": [1]}),
        Street: pl.DataFrame(
            {"name": ["a"], "city__name": ["ULM"], "city__region": [1]}
        ),
    }

    assert "Streets: 1 new" in run(Import(bulks), *flags)
