"""Invented values look like those of their column, and those of two rows differ."""

import pytest

from generators.code.plan import ImportPlan
from tests.generators.planning import plan_into, plan_of
from tests.importkit.shop.models import Product


def values(plan: ImportPlan) -> list[tuple[str, str | None]]:
    """Return the text of each column in the row of the tests, and in another row."""
    return [
        (c.invented.text, c.invented.other.text if c.invented.other else None)
        for c in plan.columns
    ]


@pytest.mark.parametrize(
    ("header", "cells", "expected"),
    [
        ("sku", ["XK-9001", "ZB-4711"], ("AB-1234", "BC-2345")),
        ("zip", ["01067", "80331"], ("01234", "02345")),
        ("name", ["Chair", "Table"], ("name 1", "name 2")),
        ("price", ["9,80 €", "70,20 €", "1.099,00 €"], ("1.234,50€", "2.345,50€")),
        ("weight", ["9,8 kg", "70 kg", "0,5 kg"], ("12,50 kg", "23,50 kg")),
        ("pieces", ["3 Stk", "40 Stk", "5 Stk"], ("12 Stk", "23 Stk")),
        ("price", ["9.80", "70.20"], ("12.50", "23.50")),
        ("share", ["0.5", "0.25"], ("0.50", "0.60")),
        ("rebate", ["5%", "19%", "7%"], ("12.50%", "23.50%")),
        ("pieces", ["3", "40"], ("12", "23")),
        ("pieces", ["3", "11"], ("1", "2")),
        ("year", ["1999", "2024"], ("2026", "2025")),
        ("customer_no", ["10001", "10230"], ("1234", "2345")),
        ("day", ["31.12.2024", "01.02.2024"], ("31.01.2026", "30.01.2026")),
        ("at", ["12:15", "23:59"], ("12:30", "12:45")),
        ("paid", ["ja", "nein"], ("ja", "nein")),
        (
            "mail",
            ["a@b.de", "c@d.de", "e@f.de"],
            ("name@example.com", "other@example.com"),
        ),
        ("took", ["36:00:00", "1:00:00"], ("36:15:00", "12:30:00")),
        ("access_token", ["ab12", "cd34"], ("text 1", "text 2")),
    ],
)
def test_a_value_looks_like_those_of_its_column(
    header: str, cells: list[str], expected: tuple[str, str]
) -> None:
    assert values(plan_of({header: cells})) == [expected]


def test_a_row_that_points_to_a_parent_has_no_other_parent() -> None:
    plan = plan_into(Product, {"sku": ["a"], "price": ["1.5"], "store": ["2"]})

    assert values(plan) == [("sku 1", "sku 2"), ("1.50", "2.50"), ("1", None)]
