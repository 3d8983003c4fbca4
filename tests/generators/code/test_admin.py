"""The admin of a new model: what its list shows, filters and searches."""

import re
from dataclasses import replace

import pytest

from generators.code.plan import ImportPlan
from generators.code.rendering import render
from tests.generators.planning import PRODUCTS, plan_of

ROWS = 40
ORDERS = {
    "state": ["open", "paid", "sent", "open"] * (ROWS // 4),
    "order_no": [f"A-{number}" for number in range(ROWS)],
    "customer": [f"Customer {'abcdefghij'[number % 10] * 3}" for number in range(ROWS)],
    "urgent": ["yes", "no"] * (ROWS // 2),
    "ordered": [f"2026-01-{number % 28 + 1:02}" for number in range(ROWS)],
    "password": ["x", "y"] * (ROWS // 2),
    "pieces": [str(number % 7 + 1) for number in range(ROWS)],
}


def admin_of(plan: ImportPlan) -> dict[str, str]:
    """Return what the class says, by the name of the option."""
    source = render(plan)["products/admin.py"]
    return dict(re.findall(r"^    (\w+) = (.*)$", source, re.MULTILINE))


def test_the_list_of_orders_is_filtered_searched_and_browsed_by_day() -> None:
    assert admin_of(plan_of(ORDERS)) == {
        "list_display": '("order_no", "state", "customer", "urgent", "ordered")',
        "list_filter": '("state", "urgent")',
        "search_fields": '("order_no", "customer")',
        "date_hierarchy": '"ordered"',
    }


def test_a_column_of_which_few_rows_are_known_is_no_filter() -> None:
    few = {name: cells[:8] for name, cells in ORDERS.items()}

    assert admin_of(plan_of(few))["list_filter"] == '("urgent",)'


def test_a_number_that_is_a_key_is_searched_as_a_whole() -> None:
    plan = plan_of({"order_no": ["1001", "1002"], "note": ["a", ""]})

    assert admin_of(plan)["search_fields"] == '("=order_no", "note")'


def test_of_a_key_of_several_columns_those_are_searched_that_people_type() -> None:
    cells = {
        "day": ["2026-01-01", "2026-01-02"],
        "code": ["A", "B"],
        "rate": ["1.5", "2"],
    }

    admin = admin_of(plan_of(cells, key=("day", "code")))

    assert admin["search_fields"] == '("code",)'


@pytest.mark.parametrize(
    "cells",
    [
        {"first": ["2026-01-01", "2026-01-02"], "last": ["2026-01-03", "2026-01-04"]},
        {"day": ["2026-01-01", ""]},
        {"time": ["12:30", "13:30"]},
    ],
    ids=["two days", "empty cells", "times"],
)
def test_a_day_that_is_not_clear_is_not_browsed(cells: dict[str, list[str]]) -> None:
    assert "date_hierarchy" not in admin_of(plan_of(cells | {"name": ["a", "b"]}))


def test_many_rows_are_not_browsed_by_day_which_would_be_slow() -> None:
    plan = plan_of(ORDERS)
    columns = [replace(c, column=replace(c.column, rows=200_000)) for c in plan.columns]

    assert "date_hierarchy" not in admin_of(replace(plan, columns=tuple(columns)))


def test_secrets_are_neither_shown_nor_searched() -> None:
    only = admin_of(plan_of({"password": ["x", "y"]}))

    assert "password" not in str(admin_of(plan_of(ORDERS)))
    assert only == {}


def test_a_list_shows_the_key_first_and_no_long_text() -> None:
    plan = plan_of({"note": ["x" * 600, "y", "z"]} | PRODUCTS)

    shown = '("sku", "name", "price", "quantity", "active")'
    assert admin_of(plan)["list_display"] == shown
