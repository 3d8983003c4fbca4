"""What a table cannot hold is refused before anything is written."""

import pytest
from django.db import connection

from generators.code import check_width
from generators.code.limits import most_columns


@pytest.mark.parametrize(
    ("vendor", "most"), [("sqlite", 2_000), ("postgresql", 1_600), ("other", None)]
)
def test_the_most_columns_are_those_of_the_database(
    vendor: str, most: int | None
) -> None:
    assert most_columns(vendor) == most


def test_the_key_is_one_of_the_columns() -> None:
    most = most_columns(connection.vendor)
    assert most is not None

    check_width(most - 1)
    with pytest.raises(ValueError, match=f'at most {most:,}, the key "id" included'):
        check_width(most)
