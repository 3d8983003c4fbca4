"""Arrays and ranges of PostgreSQL: read, checked item by item, and written once."""

import datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.backends.postgresql.psycopg_any import NumericRange
from django.db.models import Model

from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Parts

pytestmark = [pytest.mark.django_db, pytest.mark.only_on("postgresql")]

BY_CODE: dict[type[Model], tuple[str, ...]] = {Parts: ("code",)}
MOMENT = datetime.datetime(2024, 1, 1, 10, tzinfo=datetime.UTC)


def frame(column: str, *values: Any) -> pl.DataFrame:
    codes = list(map(str, range(len(values))))
    return pl.DataFrame({"code": codes, column: list(values)})


@pytest.mark.parametrize(
    ("column", "given", "stored"),
    [
        ("tags", ["a", "b c"], ["a", "b c"]),
        ("tags", '{a,"b c"}', ["a", "b c"]),
        ("tags", '["a", "b c"]', ["a", "b c"]),
        ("tags", [], []),
        ("tags", None, None),
        ("numbers", "{1, -2}", [1, -2]),
        ("days", "{2024-02-29}", [datetime.date(2024, 2, 29)]),
        ("prices", "[1.5]", [Decimal("1.5")]),
        ("sizes", "{s,l}", ["s", "l"]),
        ("board", "{{1,NULL},{3,4}}", [[1, None], [3, 4]]),
        ("board", [[1, 2], [3, 4]], [[1, 2], [3, 4]]),
        ("seats", "[1,10]", NumericRange(1, 11, "[)")),
        ("seats", "(,5)", NumericRange(None, 5, "()")),
        ("seats", "(1,2)", NumericRange(empty=True)),
        ("weight", "(1.5,2]", NumericRange(Decimal("1.5"), Decimal(2), "(]")),
    ],
)
def test_a_value_is_written_and_a_second_run_changes_nothing(
    column: str, given: Any, stored: Any
) -> None:
    command = Import({Parts: frame(column, given)}, BY_CODE)

    planned = run(command, "--dry_run")
    assert planned == run(command) + "Dry run: nothing was written.\n"
    assert Parts.objects.values_list(column, flat=True).get() == stored
    assert "0 new, 0 changed, 1 unchanged" in run(command, "--dry_run")
    assert "0 new, 0 changed, 1 unchanged" in run(command)


def test_times_and_days_of_ranges_are_written() -> None:
    df = frame("shift", "[2024-01-01 10:00+00,)").with_columns(
        stay=pl.lit("[2024-01-01,2024-01-31]")
    )
    command = Import({Parts: df}, BY_CODE)

    run(command)

    row = Parts.objects.get()
    assert (row.shift.lower, row.shift.upper) == (MOMENT, None)
    assert row.stay.upper == datetime.date(2024, 2, 1)
    assert "0 new, 0 changed, 1 unchanged" in run(command)


def test_an_array_that_differs_is_changed() -> None:
    run(Import({Parts: frame("tags", "{a}", "{b}")}, BY_CODE))

    output = run(Import({Parts: frame("tags", "{a}", "{c}")}, BY_CODE))

    assert "0 new, 1 changed (tags 1), 1 unchanged" in output
    assert Parts.objects.get(code="1").tags == ["c"]


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("tags", ["a", "long"], "item 2: Ensure this value has at most 3 characters"),
        ("tags", "{a,long}", "item 2: Ensure this value has at most 3 characters"),
        ("tags", "{a", "not an array of the field's items"),
        ("tags", ["a\0"], "item 1: holds a NUL character"),
        ("numbers", [1, 99999], "item 2: Ensure this value is less than or equal to"),
        (
            "numbers",
            "{1,2,3}",
            "List contains 3 items, it should contain no more than 2",
        ),
        ("numbers", "{1,x}", "not an array of the field's items"),
        ("numbers", "[1.5]", "not an array of the field's items"),
        ("numbers", "[true]", "not an array of the field's items"),
        ("numbers", [1, None], "item 2: This field cannot be null"),
        ("days", "{2024-02-30}", "not an array of the field's items"),
        ("prices", "{1.55}", "item 1: Ensure that there are no more than 1 decimal"),
        ("sizes", "{s,x}", "item 2: not one of the choices"),
        ("board", [[1, 2], [3]], "Nested arrays must have the same length"),
        ("seats", "[10,1)", "not a range of the field's values"),
        ("seats", "1-10", "not a range of the field's values"),
        ("seats", "[1,99999999999)", "end: Ensure this value is less than or equal to"),
        ("stay", "[2024-01-01,infinity)", "not a range of the field's values"),
    ],
)
def test_a_value_that_does_not_fit_is_a_problem_of_its_row(
    column: str, value: Any, reason: str, flags: tuple[str, ...]
) -> None:
    with pytest.raises(CommandError) as error:
        run(Import({Parts: frame(column, value)}), *flags)

    text = str(error.value)
    assert text.startswith(f"1 problem in 1 row:\n  {column}: {reason}")
    assert "row 1: " in text
    assert "shape:" not in text
    assert not Parts.objects.exists()


def test_a_default_and_an_empty_cell_of_a_field_that_needs_a_value() -> None:
    run(Import({Parts: frame("tags", "{a}")}))
    assert Parts.objects.get().sizes == []

    with pytest.raises(CommandError, match="sizes: must not be empty"):
        run(Import({Parts: frame("sizes", "{s}", None)}))


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
@pytest.mark.parametrize(
    ("column", "value", "reason"),
    [
        ("tags", ["a", "long"], "item 2: Ensure this value has at most 3 characters"),
        ("tags", ["a\0"], "item 1: holds a NUL character"),
        ("numbers", ["x"], "not an array of the field's items"),
        (
            "numbers",
            [2**15],
            "item 1: Ensure this value is less than or equal to 32767",
        ),
        ("seats", (5, 1), "not a range of the field's values"),
    ],
)
def test_an_instance_with_an_item_that_no_table_takes_is_named(
    column: str, value: Any, reason: str, flags: tuple[str, ...]
) -> None:
    def bulks(_df: object) -> dict[type[Model], list[Parts]]:
        return {Parts: [Parts(code="a"), Parts(code="b", **{column: value})]}

    with pytest.raises(CommandError) as error:
        run(Import(bulks, BY_CODE), *flags)

    lines = str(error.value).splitlines()
    assert lines[1].startswith(f"  {column}: {reason}")
    assert lines[2].startswith("    Parts number 2")
    assert not Parts.objects.exists()


def test_instances_with_parts_are_written_and_a_second_run_changes_nothing() -> None:
    def bulks(_df: object) -> dict[type[Model], list[Parts]]:
        rows = [Parts(code="a", tags=["x"], board=[[1]], seats=(1, 2)), Parts(code="b")]
        return {Parts: rows}

    assert "2 new" in run(Import(bulks, BY_CODE))
    assert "0 new, 0 changed, 2 unchanged" in run(Import(bulks, BY_CODE))
