"""The names of months and days that startimport knows are those of CLDR."""

from tests.generators.inference.calendar_names import TABLE, table


def test_the_table_of_names_is_that_of_babel() -> None:
    assert TABLE.read_text(encoding="utf-8") == table()
