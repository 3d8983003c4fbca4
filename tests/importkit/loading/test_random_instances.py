"""Random rows of related models, written several times, are those of plain Django code."""

import pytest

from tests.importkit.instances.check import check


@pytest.mark.only_on("sqlite")
@pytest.mark.django_db
@pytest.mark.parametrize("number", range(150))
def test_tables_and_numbers_are_those_of_plain_code(number: int) -> None:
    check(1, number)


@pytest.mark.only_on("postgresql", "mariadb")
@pytest.mark.django_db
@pytest.mark.parametrize("number", range(10))
def test_tables_and_numbers_are_so_on_servers_too(number: int) -> None:
    check(2, number)
