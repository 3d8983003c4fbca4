"""Columns find fields of a model as told, by names, by values; or nearest ones are told."""

from typing import Any

import polars as pl
import pytest
from django.db import models
from django.db.models import Model
from django.test.utils import isolate_apps

from generators.code.plan import Unmatched
from generators.code.rendering import render_import
from generators.inference.infer import infer_columns
from generators.matching.by_name import find_stated_fields
from generators.matching.matches import Match, match
from tests.generators.planning import plan_into
from tests.importkit.shop.models import (
    Country,
    Demanding,
    Everything,
    Labelling,
    Product,
    Store,
)

type Cells = dict[str, list[str]]

CODES = {"code": ["ab", "cd", "ef"], "words": ["a", "b", "c"]}
UUIDS = [f"7c5a3a2e-4c0b-4d53-9d0a-1f6a2b3c4d5{n}" for n in range(3)]


def found_in(model: type[Model], cells: Cells, *told: str) -> Match:
    df = pl.DataFrame(cells)
    columns = infer_columns(df)
    return match(columns, model, df, find_stated_fields(told, columns, model))


def made(name: str, /, **fields: object) -> Any:
    """Make a model without a table."""
    meta = type("Meta", (), {"app_label": "shop"})
    return type(name, (Model,), {"__module__": __name__, "Meta": meta, **fields})


def guesses(found: Match) -> dict[str, tuple[str, str]]:
    """Return the fields that values have found, with what speaks for them."""
    return {
        pair.column.header: (pair.field.name, pair.evidence)
        for pair in found.pairs
        if pair.evidence
    }


def test_a_column_whose_values_are_all_choices_is_taken_for_their_field() -> None:
    found = found_in(Demanding, CODES | {"Format": ["s", "l", "s"]})

    assert guesses(found) == {
        "Format": ("size", "all 2 distinct values are choices of the field")
    }


@pytest.mark.parametrize(
    "values", [["s", "l", "x"], ["s", "s", "s"]], ids=["one is none", "one distinct"]
)
def test_choices_have_to_be_all_of_the_values_and_two(values: list[str]) -> None:
    assert guesses(found_in(Demanding, CODES | {"Format": values})) == {}


def test_few_small_numbers_are_no_choices() -> None:
    found = found_in(Demanding, CODES | {"No": ["1", "2", "1"]})

    assert found.unmatched == (Unmatched("No", "not a field of shop.Demanding"),)


def test_two_columns_that_fit_one_field_by_values_are_not_decided() -> None:
    sizes = {"Format": ["s", "l", "s"], "Cut": ["l", "s", "s"]}

    found = found_in(Demanding, CODES | sizes)

    why = ('"size" (all 2 distinct values are choices of the field)',)
    assert found.unmatched == (
        Unmatched("Format", "not a field of shop.Demanding", why),
        Unmatched("Cut", "not a field of shop.Demanding", why),
    )


def test_the_only_column_of_a_rare_kind_is_taken_for_the_only_field_of_it() -> None:
    cells = {
        "code": ["a", "b", "c"],
        "Reference": UUIDS,
        "Released": ["2026-01-31", "", "2026-02-01"],
        "Server": ["192.0.2.1", "192.0.2.2", "192.0.2.3"],
        "Homepage": [f"https://{name}.example.com/" for name in "abc"],
    }

    assert guesses(found_in(Everything, cells)) == {
        "Reference": ("token", "all 3 values are of the kind uuid, like the field"),
        "Released": ("day", "all 2 values are of the kind date, like the field"),
        "Homepage": ("url", "all 3 values are of the kind url, like the field"),
        "Server": ("ip", "all 3 values are of the kind ip, like the field"),
    }


def test_two_columns_of_a_rare_kind_are_candidates() -> None:
    dates = ["2026-01-31", "2026-02-01", "2026-02-02"]
    cells = {"code": ["a", "b", "c"], "Bought": dates, "Sold": dates}

    why = ('"day" (all 3 values are of the kind date, like the field)',)
    assert found_in(Everything, cells).unmatched == (
        Unmatched("Bought", "not a field of shop.Everything", why),
        Unmatched("Sold", "not a field of shop.Everything", why),
    )


@pytest.mark.django_db
def test_values_that_the_table_has_already_speak_for_a_unique_field() -> None:
    Product.objects.bulk_create(Product(sku=f"A-{n}") for n in range(9))

    found = found_in(
        Product, {"Article": ["A-1", "A-2", "new"], "Note": ["x", "y", "z"]}
    )

    assert guesses(found) == {
        "Article": ("sku", "2 of 3 distinct values looked up are in shop.Product")
    }


@pytest.mark.django_db
def test_one_value_that_the_table_has_is_chance() -> None:
    Product.objects.create(sku="A-1")

    with pytest.raises(ValueError, match="No column of the sample is a field"):
        found_in(Product, {"Article": ["A-1", "A-2", "A-3"]})


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("first", "matched"), [(1, False), (5001, True)], ids=["small", "large"]
)
def test_keys_of_parents_speak_for_a_foreign_key_unless_they_are_small(
    first: int, *, matched: bool
) -> None:
    Store.objects.bulk_create(Store(pk=first + n, name="x") for n in range(3))
    keys = [str(first + n) for n in range(3)]

    found = found_in(Product, {"sku": ["a", "b", "c"], "Branch": keys})

    wanted = ("store", "3 of 3 distinct values looked up are in shop.Store")
    assert guesses(found) == ({"Branch": wanted} if matched else {})


@pytest.mark.django_db
def test_keys_that_the_database_makes_are_not_found_by_values() -> None:
    Product.objects.bulk_create(Product(pk=5001 + n, sku=f"{n}") for n in range(3))
    cells = {"sku": ["a", "b", "c"], "Number": ["5001", "5002", "5003"]}

    assert guesses(found_in(Product, cells)) == {}


@pytest.mark.django_db
def test_a_parent_that_lacks_one_key_does_not_speak_for_its_foreign_key() -> None:
    Store.objects.bulk_create(Store(pk=5001 + n, name="x") for n in range(3))
    cells = {"sku": ["a", "b", "c"], "Branch": ["5001", "5002", "6000"]}

    assert guesses(found_in(Product, cells)) == {}


@pytest.mark.django_db
@isolate_apps("tests.importkit.shop")
def test_a_table_that_is_not_there_says_nothing_and_breaks_nothing() -> None:
    order = made(
        "Order",
        code=models.CharField(max_length=9, null=True, unique=True),
        name=models.CharField(max_length=9),
    )

    found = found_in(order, {"name": ["a", "b"], "Number": ["X-1", "X-2"]})

    assert found.unmatched == (Unmatched("Number", "not a field of shop.Order"),)
    assert not Country.objects.exists()


@isolate_apps("tests.importkit.shop")
def test_a_column_with_empty_cells_is_not_taken_for_a_field_that_needs_values() -> None:
    size = models.CharField(max_length=1, choices={"s": "Small", "l": "Large"})
    order = made("Order", name=models.CharField(max_length=9), size=size)
    cells = {"name": ["a", "b", "c"], "Format": ["s", "l", ""]}

    with pytest.raises(ValueError, match='requires "size"'):
        found_in(order, cells)


def test_a_field_that_is_filled_by_name_is_not_open_to_values() -> None:
    cells = CODES | {"size": ["s", "l", "s"], "Format": ["s", "l", "s"]}

    assert found_in(Demanding, cells).unmatched == (
        Unmatched("Format", "not a field of shop.Demanding"),
    )


def test_a_guess_by_values_is_marked_in_the_code_and_holds_no_value() -> None:
    plan = plan_into(Demanding, CODES | {"Format": ["s", "l", "s"]})

    [source] = [
        text
        for path, text in render_import(plan).items()
        if "cleaning/things" in str(path)
    ]
    assert (
        """\
    def get_rename_map(cls) -> dict[str, str]:
        return {
            # Guess: found by its values, not by its name.
            "Format": "size",
        }
"""
        in source
    )


def test_headers_that_match_nothing_are_listed_with_the_nearest_fields() -> None:
    cells = {"sku": ["a"], "Prise": ["1"], "Colour": ["red"], "Shop ID": ["1"]}

    assert found_in(Product, cells).unmatched == (
        Unmatched("Prise", "not a field of shop.Product", ('"price" (80% alike)',)),
        Unmatched("Colour", "not a field of shop.Product"),
        Unmatched("Shop ID", "not a field of shop.Product", ('"store" (62% alike)',)),
    )


def test_the_nearest_field_comes_first() -> None:
    found = found_in(Demanding, CODES | {"Evenn": ["x", "y", "z"]})

    [column] = found.unmatched
    assert column.candidates[:2] == ('"even" (89% alike)', '"level" (60% alike)')


def test_fields_that_set_themselves_take_no_column() -> None:
    cells = {"code": ["a"], "updated at": ["2026-01-31T10:00:00"]}

    assert found_in(Everything, cells).unmatched == (
        Unmatched(
            "updated at",
            '"updated_at" sets itself when a row is written; to keep the times of the '
            "file, give the field default=timezone.now instead of auto_now",
        ),
    )


def test_a_required_field_without_a_column_is_told_with_the_nearest_header() -> None:
    with pytest.raises(ValueError, match="requires") as caught:
        found_in(Labelling, {"id": ["1"], "Prodct": ["1"], "Colour": ["red"]})

    assert str(caught.value) == (
        'shop.Labelling requires "product", "label", for which the sample has no '
        'column. Nearest: "Prodct" for "product" (92% alike). State the columns '
        "with --field HEADER=FIELD, add them to the sample, or give the fields a default."
    )


def test_what_the_user_says_goes_before_names() -> None:
    cells = {"sku": ["a"], "Article": ["b"]}

    found = found_in(Product, cells, "Article=SKU")

    assert [(p.column.header, p.field.name) for p in found.pairs] == [
        ("Article", "sku")
    ]
    assert found.unmatched == (Unmatched("sku", '"Article" fills "sku" already'),)
    assert guesses(found) == {}


def test_a_header_may_hold_the_sign_itself() -> None:
    found = found_in(Product, {"a=b": ["a"]}, "a=b=sku")

    assert [pair.field.name for pair in found.pairs] == ["sku"]


@pytest.mark.parametrize(
    ("told", "message"),
    [
        (["Article"], "--field Article is not of the form HEADER=FIELD."),
        (
            ["Artikel=sku"],
            'The sample has no column "Artikel" for --field (did you mean "Article"?).',
        ),
        (
            ["Article=prise"],
            'shop.Product has no field "prise" for --field (did you mean "price"?).',
        ),
        (
            ["Article=sku", "article=price"],
            '--field names the column "Article" twice.',
        ),
        (
            ["Article=sku", "Note=sku"],
            '--field names the field "sku" twice.',
        ),
    ],
)
def test_what_cannot_be_told_is_refused(told: list[str], message: str) -> None:
    with pytest.raises(ValueError, match="--field") as caught:
        found_in(Product, {"Article": ["a"], "Note": ["x"]}, *told)

    assert str(caught.value) == message
