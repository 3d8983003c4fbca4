"""A column fills a many-to-many field if its marks and its values can be told."""

import polars as pl
import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model

from generators.code.plan import ImportPlan
from generators.matching import find_marks, find_stated_fields, match
from generators.matching.plan import plan_existing_model
from generators.naming.names import Identifier
from tests.generators.planning import place, sample
from tests.importkit.shop.models import Label, Product

pytestmark = pytest.mark.django_db

SKUS = {"sku": ["A-1", "A-2"]}


def plan_of(
    model: type[Model],
    cells: dict[str, list[str]],
    *,
    fields: tuple[str, ...] = (),
    marks: tuple[str, ...] = (),
    creates_parents: bool = False,
) -> ImportPlan:
    read = sample(cells)
    stated = find_stated_fields(fields, read.columns, model)
    split = find_marks(marks, read.columns)
    found = match(read.columns, model, pl.DataFrame(cells), stated, split)
    shop = place("shop", is_new=False)
    name = Identifier("things")
    return plan_existing_model(name, shop, read, found, creates_parents=creates_parents)


def why_not(plan: ImportPlan) -> str:
    [column] = plan.unmatched
    return column.reason


@pytest.mark.parametrize("mark", ["|", ";", ",", "/"])
def test_the_mark_is_the_one_whose_parts_are_stored(mark: str) -> None:
    for name in ("new", "old"):
        Label.objects.create(name=name)
    cells = SKUS | {"Labels": [f"new{mark} old", "old"]}

    plan = plan_of(Product, cells, fields=("Labels=labels__name",))

    assert [link.mark for link in plan.links] == [mark]
    assert plan.links[0].key == ("product", "label")
    assert plan.links[0].own == (("product__sku", "sku"),)


def test_a_name_with_a_comma_is_one_row() -> None:
    Label.objects.create(name="old, but good")
    cells = SKUS | {"Labels": ["old, but good", ""]}

    plan = plan_of(Product, cells, fields=("Labels=labels__name",))

    assert "what stands between two of them cannot be told" in why_not(plan)


def test_one_sure_mark_is_enough_and_a_comma_is_not() -> None:
    told = ("Labels=labels__name",)

    sure = plan_of(Product, SKUS | {"Labels": ["a|b", "c"]}, fields=told)
    unsure = plan_of(Product, SKUS | {"Labels": ["a, b", "c"]}, fields=told)

    assert [link.mark for link in sure.links] == ["|"]
    assert '--split "Labels=|"' in why_not(unsure)


def test_a_mark_may_be_stated() -> None:
    cells = SKUS | {"Labels": ["a, b", "c"]}

    plan = plan_of(Product, cells, fields=("Labels=labels__name",), marks=("labels=,",))

    assert [link.mark for link in plan.links] == [","]


@pytest.mark.parametrize("text", ["Labels", "Labels=", "Other=|"])
def test_a_mark_of_no_column_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="give a column of the sample"):
        find_marks([text], sample({"Labels": ["a"]}).columns)


def test_rows_of_the_other_side_are_created_where_asked() -> None:
    cells = SKUS | {"Labels": ["a|b", "c"]}

    plan = plan_of(
        Product, cells, fields=("Labels=labels__name",), creates_parents=True
    )

    [made] = plan.made
    assert (made.model.name, made.fields) == ("Label", ("name",))
    assert made.sources == (("product_labels", ("label__name",)),)
    assert plan.parents == ()


def test_rows_that_need_other_values_are_not_created() -> None:
    ContentType.objects.get_for_model(Group)
    cells = {"name": ["a", "b"], "permissions": ["x|y", "z"]}

    with pytest.raises(ValueError, match='needs "content_type", "codename" besides'):
        plan_of(
            Group,
            cells,
            fields=("permissions=permissions__name",),
            creates_parents=True,
        )
    assert Permission.objects.exists()


def test_nothing_is_created_where_no_column_names_a_row() -> None:
    with pytest.raises(ValueError, match="no column of the sample names a row"):
        plan_of(Product, SKUS, creates_parents=True)
