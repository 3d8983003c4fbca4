"""A foreign key may be filled by the fields that name its parent."""

import pytest

from generators.code.plan import ImportPlan
from generators.matching import find_stated_fields
from tests.generators.planning import plan_into, sample
from tests.importkit.shop.models import City, Country, Label, Labelling

CELLS = {"name": ["Ulm", "Bonn"], "region": ["1", "2"]}


def columns(plan: ImportPlan) -> list[str]:
    return [column.name for column in plan.columns]


@pytest.mark.django_db
def test_the_only_unique_field_names_the_parent() -> None:
    plan = plan_into(City, CELLS | {"Country": ["DE", "FR"]})

    assert columns(plan) == ["name", "region", "country__code"]
    assert "the only unique field of shop.Country" in plan.columns[-1].evidence


@pytest.mark.django_db
def test_the_field_that_has_the_values_names_the_parent() -> None:
    Label.objects.create(name="new")
    Label.objects.create(name="old")

    plan = plan_into(Labelling, {"label": ["new", "old"], "product": ["A-1", "A-2"]})

    assert columns(plan) == ["label__name", "product__sku"]
    assert "2 of 2 distinct values" in plan.columns[0].evidence


@pytest.mark.django_db
def test_a_column_without_a_name_is_found_by_the_values_of_a_parent() -> None:
    for code in ("DE", "FR"):
        Country.objects.create(code=code)

    plan = plan_into(City, CELLS | {"Where it is": ["DE", "FR"]})

    assert columns(plan) == ["name", "region", "country__code"]


@pytest.mark.django_db
def test_what_cannot_be_told_is_asked() -> None:
    with pytest.raises(ValueError, match="state what they are") as caught:
        plan_into(Labelling, {"label": ["new", "old"], "product": ["A-1", "A-2"]})

    assert '--field "label=label__name"' in str(caught.value)


def test_columns_named_after_parent_and_field_make_one_look_up() -> None:
    cells = CELLS | {"Country code": ["DE", "FR"]}

    assert columns(plan_into(City, cells))[-1] == "country__code"


def test_a_look_up_is_a_part_of_the_natural_key() -> None:
    plan = plan_into(
        Labelling,
        {"label name": ["a", "b"], "product sku": ["c", "d"]},
        ("label name",),
    )

    assert plan.keys == (("label__name",),)
    assert plan.natural_key == ("label",)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("where=name__code", '"name" is not a foreign key'),
        ("where=country__city__name", "by its own fields only"),
        ("where=country__nmae", "has no field"),
    ],
)
def test_a_path_that_does_not_exist_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        find_stated_fields([text], sample({"where": ["a"]}).columns, City)


def test_a_path_may_be_stated() -> None:
    read = sample({"where": ["a", "b"]}).columns

    found = find_stated_fields(["where=country__code"], read, City)

    assert found["where"].name == "country__code"


def test_small_whole_numbers_stay_the_key_of_the_parent() -> None:
    plan = plan_into(City, CELLS | {"country": ["1", "2"]})

    assert columns(plan)[-1] == "country_id"
