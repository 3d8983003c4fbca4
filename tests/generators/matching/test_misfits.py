"""A sample that does not fit a model: where, why, and how many rows; never the values."""

import polars as pl
import pytest
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import connections, models
from django.db.models import Model
from django.test.utils import isolate_apps

from generators.matching.misfits import describe_misfits
from tests.generators.planning import plan_into
from tests.importkit.shop.models import Demanding, Offer, Product

UNREADABLE = (
    "Correct it, widen the field, or declare how it is read in get_col_parser_map."
)


def misfits(model: type[Model], cells: dict[str, list[str]]) -> list[str]:
    """Return what is said of a sample whose first row is on line 2."""
    plan = plan_into(model, cells)
    df = pl.DataFrame(cells).with_row_index("_line", offset=2)
    return list(
        describe_misfits(model, plan.columns, plan.keys, df.cast({"_line": pl.Int64}))
    )


def test_nothing_is_said_of_a_sample_that_fits() -> None:
    cells = {"sku": ["a", "b"], "price": ["1.5", ""], "store": ["1", ""]}

    assert misfits(Product, cells) == []


def test_a_unit_beside_the_values_of_a_number_is_read() -> None:
    cells = {"sku": ["a", "b", "c"], "price": ["1,5 kg", "12 kg", "2,25 kg"]}

    assert misfits(Product, cells) == []


@pytest.mark.parametrize(
    ("prices", "why"),
    [
        (
            ["5 Karton", "7 Karton", "9 Karton"],
            "3 of 3 are numbers before the same letters, a unit? --type price=decimal or "
            "integer reads them",
        ),
        (
            ["5 kg", "700 g", "9 kg"],
            "3 of 3 look like numbers, but their units differ (kg, g)",
        ),
    ],
)
def test_a_text_for_a_number_says_why_it_is_none(prices: list[str], why: str) -> None:
    cells = {"sku": ["a", "b", "c"], "price": prices}
    [_, price] = plan_into(Product, cells).columns

    assert price.doubt == f"text in the sample, but the field takes decimal: {why}"


def test_values_are_read_as_the_import_reads_them() -> None:
    cells = {"sku": ["a", "b", "c"], "price": ["1.234,50", "n/a", "2,25"]}

    assert misfits(Product, cells) == []


def test_a_control_character_is_told() -> None:
    assert misfits(Product, {"sku": ["a", "b\x07"], "price": ["1", "2"]})[1:] == [
        '   "sku": holds a control character (U+0007) [control], 1 row, line 3',
        "      Remove the control characters.",
    ]


def test_each_cause_is_told_with_rows_lines_and_what_helps() -> None:
    cells = {
        "code": ["ab", "x", "much too long", "ok", ""],
        "words": ["a", "b", "c", "d", "e"],
        "size": ["s", "l", "XL", "XXL", "s"],
        "level": ["1", "2", "9", "3", "1"],
        "small": ["1", "-1", "40000", "70000", "2"],
        "price": ["0.00", "1.5", "12345.67", "1.234", "2"],
        "even": ["2", "3", "102", "4", "6"],
    }

    assert misfits(Demanding, cells) == [
        "Of the 5 rows that were checked, 5 would not be imported into shop.Demanding:",
        '   "price": is less than 0.01 [range], 1 row, line 2',
        "      Correct the number, or choose a field with another range.",
        '   "code": shorter than 2 characters [length], 1 row, line 3',
        "      Correct the text, or change the length that the field allows.",
        '   "small": is less than 0 [range], 1 row, line 3',
        "      Correct the number, or choose a field with another range.",
        '   "even": is odd [invalid], 1 row, line 3',
        "      Correct the value, or change the validators of the field.",
        '   "small": not a whole number between -32,768 and 32,767 [unreadable], 2 rows, lines 4, 5',
        f"      {UNREADABLE}",
        '   "price": not a number of up to 4 digits and 2 decimals [unreadable], '
        "2 rows, lines 4, 5",
        f"      {UNREADABLE}",
        '   "code": longer than 8 characters [length], 1 row, line 4',
        "      Correct the text, or change the length that the field allows.",
        "   \"size\": not one of 's', 'l' [choice], 2 rows, lines 4, 5",
        "      Correct the value, or add it to the choices of the field.",
        '   "even": is more than 100 [range], 1 row, line 4',
        "      Correct the number, or choose a field with another range.",
        "   \"level\": not one of '1', '2', '9' [choice], 1 row, line 5",
        "      Correct the value, or add it to the choices of the field.",
        '   "code": must not be empty [empty], 1 row, line 6',
        "      Fill the cell, or see get_no_null_cols, get_fill_null_map and get_on_empty.",
    ]


def test_only_some_causes_are_told_and_the_rest_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("generators.matching.misfits.SHOWN", 1)
    cells = {"sku": ["", "b"], "price": ["x", "y"], "store": ["x", "1"]}

    assert misfits(Product, cells)[3:] == ["   ... and 2 more causes"]


def test_rows_that_repeat_a_key_are_left_out() -> None:
    cells = {"sku": ["a", "b", "a", "a"], "price": ["1", "2", "1", "1"]}

    assert misfits(Product, cells) == [
        "Of the 4 rows that were checked, 2 would not be imported into shop.Product:",
        '   "sku": as in an earlier row [duplicate], 2 rows, lines 4, 5',
        "      Only the first of these rows is imported: correct or remove the others.",
    ]


def test_a_row_that_repeats_a_key_is_told_to_be_empty_besides() -> None:
    cells = {"username": ["a", "a"], "password": ["!x", ""]}

    assert misfits(User, cells)[1:] == [
        '   "password": must not be empty [empty], 1 row, line 3',
        "      Fill the cell, or see get_no_null_cols, get_fill_null_map and get_on_empty.",
        '   "username": another password than an earlier row with this key (line 2) '
        "[contradiction], 1 row, line 3",
        "      Correct the rows, or say with on_contradiction which of them wins.",
    ]


def test_a_constraint_is_told_with_all_of_its_columns() -> None:
    cells = {"number": ["1", "2"], "low": ["1", "5"], "high": ["2", "4"]}
    cells |= {"kind": ["plain", "plain"]}

    assert misfits(Offer, cells)[1:] == [
        '   "high", "low", "kind": high is below low [constraint], 1 row, line 3',
        "      Correct the row, or change the constraint of the model.",
    ]


def test_more_lines_than_three_are_counted() -> None:
    cells = {"sku": list("abcdef"), "price": ["1", *["x"] * 5]}

    assert misfits(Product, cells)[1] == (
        '   "price": not a number of up to 6 digits and 2 decimals [unreadable], '
        "5 rows, lines 3, 4, 5 and 2 more"
    )


def test_no_more_than_some_rows_are_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generators.matching.misfits.MOST_ROWS", 2)
    cells = {"sku": list("abcdef"), "price": ["1", *["x"] * 5]}

    assert misfits(Product, cells)[0] == (
        "Of the 2 rows that were checked, 1 would not be imported into shop.Product:"
    )


def refuse(value: str) -> None:
    raise ValidationError(f"{value} is not for sale")


@isolate_apps("tests.importkit.shop")
def test_a_message_of_a_validator_that_repeats_the_value_is_not_shown() -> None:
    name = models.CharField(max_length=9, validators=[refuse])
    meta = type("Meta", (), {"app_label": "shop"})
    order = type(
        "Order", (Model,), {"__module__": __name__, "Meta": meta, "name": name}
    )

    assert misfits(order, {"name": ["Bob", "Eve"]})[1:] == [
        '   "name": refused [invalid], 2 rows, lines 2, 3',
        "      Correct the value, or change the validators of the field.",
    ]


@isolate_apps("tests.importkit.shop")
def test_decimals_of_which_sqlite_loses_digits_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    # The tests run on PostgreSQL, too.
    monkeypatch.setattr(connections["default"], "vendor", "sqlite")
    monkeypatch.setattr(connections["default"], "display_name", "SQLite")
    fields = {
        "mass": models.DecimalField(max_digits=28, decimal_places=17),
        "near": models.DecimalField(max_digits=12, decimal_places=2),
    }
    meta = type("Meta", (), {"app_label": "shop"})
    star = type("Star", (Model,), {"__module__": __name__, "Meta": meta, **fields})
    near = {"near": ["1", "2.5"]}

    long = {"mass": ["0.12345678901234567", "1234.12345678901234567"]}
    _, said, _ = misfits(star, {**long, **near})
    assert said == (
        '   "mass": has more than 15 digits, which the database does not keep exactly [range], '
        "2 rows, lines 2, 3"
    )
    short = {"mass": ["0.12345678901234", "1234.5"]}
    assert misfits(star, {**short, **near}) == []
