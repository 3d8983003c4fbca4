"""Instances that their table would refuse are named before anything is written."""

import datetime
import uuid
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest
from django.core.management import CommandError
from django.db.models import F, Model
from django.db.models.functions import Now

from importkit.bulk import bulk_create_in_steps
from tests.importkit.shop.imports import Bulks, Import, Keys, run
from tests.importkit.shop.models import (
    Author,
    Book,
    Counter,
    Everything,
    Parcel,
    Product,
    Slogan,
    Store,
)

pytestmark = [pytest.mark.django_db]

KEYS: dict[type[Model], tuple[str, ...]] = {
    Everything: ("code",),
    Slogan: ("code",),
    Author: ("name",),
    Book: ("isbn",),
}
DRY = "Dry run: nothing was written.\n"


def refused(rows: Iterable[Model], *flags: str, keys: Any = KEYS) -> str:
    """Return how a run is refused, after a dry run was refused in the same words."""
    bulk = list(rows)
    texts = []
    for more in [("--dry_run",), ()]:
        with pytest.raises(CommandError) as error:
            run(Import({type(bulk[0]): bulk}, keys), *more, *flags)
        assert error.value.returncode == 1
        texts.append(str(error.value))
    assert texts[0] == texts[1]
    assert not type(bulk[0])._base_manager.filter(**{}).exclude(pk=None).exists()
    return texts[1]


@pytest.mark.parametrize("keys", [KEYS, {}])
@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("whole", "abc", "not a whole number between -2,147,483,648 and 2,147,483,647"),
        ("whole", 2**31, "not a whole number between -2,147,483,648 and 2,147,483,647"),
        ("whole", 1.5, "not a whole number between -2,147,483,648 and 2,147,483,647"),
        ("small", 40_000, "not a whole number between -32,768 and 32,767"),
        ("positive", -1, "is less than 0"),
        ("positive", None, "must not be empty"),
        ("char", "x" * 61, "longer than 60 characters"),
        ("char", "a\0b", "holds a NUL character"),
        ("words", None, "must not be empty"),
        ("decimal", Decimal("1.2345"), "not a number of up to 9 digits and 3 decimals"),
        ("decimal", Decimal(10**9), "not a number of up to 9 digits and 3 decimals"),
        ("decimal", "12,5", "not a number of up to 9 digits and 3 decimals"),
        ("real", "many", "not a number"),
        ("flag", "perhaps", "not yes or no"),
        ("flag", None, "must not be empty"),
        ("day", "31.12.2024", "not a date"),
        ("token", "abc", "not a UUID"),
        ("ip", "1.2.3", "not an IP address"),
        ("data", "a\0b", "holds a NUL character"),
        ("data", {1, 2}, "not JSON"),
        ("from_database", None, "must not be empty"),
    ],
)
def test_a_value_that_no_table_takes_is_named(
    keys: Any, field: str, value: Any, reason: str
) -> None:
    rows = [Everything(code="a"), Everything(code="b", **{field: value})]

    lines = refused(rows, keys=keys).splitlines()

    assert lines[0] == "1 problem in 1 row:"
    assert lines[1].startswith(f"  {field}: {reason}")
    assert lines[2].startswith("    Everything number 2")


def test_all_values_are_named_at_once() -> None:
    rows = [Everything(code=str(n), whole="x" if n % 2 else 1) for n in range(6)]
    rows[4].flag = None  # type: ignore[assignment]

    text = refused(rows, "--batch_size", "2")

    assert text == (
        "4 problems in 4 rows:\n"
        "  whole: not a whole number between -2,147,483,648 and 2,147,483,647, 3 rows\n"
        "    Everything number 2: 'x'\n    Everything number 4: 'x'\n"
        "    Everything number 6: 'x'\n"
        "  flag: must not be empty, 1 row\n"
        "    Everything number 5\n"
        "Nothing was written."
    )


@pytest.mark.parametrize(
    ("field", "value", "stored"),
    [
        ("whole", "12", 12),
        ("whole", 12.0, 12),
        ("decimal", 0.1, Decimal("0.100")),
        ("decimal", "2.50", Decimal("2.500")),
        ("decimal", 7, Decimal("7.000")),
        ("char", 5, "5"),
        ("flag", 1, True),
        ("day", datetime.datetime(2024, 1, 2, 3), datetime.date(2024, 1, 2)),
        ("day", "2024-01-02", datetime.date(2024, 1, 2)),
        ("token", "0" * 32, uuid.UUID(int=0)),
        ("data", {"a": [1, None]}, {"a": [1, None]}),
        ("raw", b"ab", b"ab"),
        ("raw", memoryview(b"ab"), b"ab"),
        ("ip", "::FFFF", "::ffff"),
        ("ip", "", None),
    ],
)
def test_a_value_of_another_type_is_read_by_its_field(
    field: str, value: Any, stored: Any
) -> None:
    def rows(_df: object) -> dict[type[Model], list[Everything]]:
        return {Everything: [Everything(code="a", **{field: value})]}

    for numbers in ("1 new, 0 changed, 0", "0 new, 0 changed, 1"):
        output = f"Everythings: {numbers} unchanged.\n"
        assert run(Import(rows, KEYS), "--dry_run") == output + DRY
        assert run(Import(rows, KEYS)) == output
    found = getattr(Everything.objects.get(), field)
    assert (bytes(found) if field == "raw" else found) == stored


def test_a_time_without_a_zone_is_in_the_current_zone(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    noon = datetime.datetime(2024, 7, 1, 12)

    def rows(_df: object) -> dict[type[Model], list[Everything]]:
        return {Everything: [Everything(code="a", moment=noon)]}

    run(Import(rows, KEYS))

    found = Everything.objects.get().moment
    assert found == datetime.datetime(2024, 7, 1, 10, tzinfo=datetime.UTC)
    assert run(Import(rows, KEYS)) == "Everythings: 0 new, 0 changed, 1 unchanged.\n"


def test_a_time_that_exists_twice_is_named(settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Berlin"
    twice = datetime.datetime(2024, 10, 27, 2, 30)

    text = refused([Everything(code="a", moment=twice)])

    assert "moment: not a time that exists once in Europe/Berlin" in text


def test_a_time_with_a_zone_is_named_where_times_have_none(settings: Any) -> None:
    settings.USE_TZ = False
    zoned = datetime.datetime(2024, 1, 1, tzinfo=datetime.UTC)

    text = refused([Everything(code="a", moment=zoned)])

    assert "moment: not a time without a time zone (USE_TZ is off)" in text


def test_a_value_that_the_database_computes_is_inserted_and_not_compared() -> None:
    rows = [Everything(code="a", moment=Now())]

    text = refused(rows)
    assert run(Import({Everything: rows}, {})) == "Everythings: 1 new.\n"

    assert "moment: the database computes this value, so that it cannot be" in text
    assert Everything.objects.get().moment is not None
    counter = Counter.objects.create(code="a", number=1)
    counter.number = F("number") + 1
    with pytest.raises(CommandError, match="number: the database computes this value"):
        run(Import({Counter: [counter]}, {Counter: ("code",)}))


def test_a_repeated_natural_key_is_named() -> None:
    rows = [Author(name="Ann"), Author(name="Bob"), Author(name="Ann")]

    text = refused(rows, "--batch_size", "2")

    assert text.splitlines()[1:3] == [
        "  name: has the natural key of an earlier row, 1 row",
        "    Author number 3: 'Ann'",
    ]


def test_an_empty_natural_key_is_named() -> None:
    text = refused(
        [Everything(code="a"), Everything(code="b")], keys={Everything: ("char",)}
    )

    assert text.splitlines()[1] == "  char: a natural key must not be empty, 2 rows"


@pytest.mark.parametrize("keys", [{}, {Product: ("store",)}])
def test_a_repeated_unique_value_is_named(keys: Any) -> None:
    stores = [Store.objects.create(name=name) for name in "ab"]
    rows = [Product(sku="1", store=store) for store in stores]

    text = refused(rows, keys=keys)

    assert text.splitlines()[1:3] == [
        "  sku: as in an earlier row, 1 row",
        "    Product number 2: '1'",
    ]


def test_a_unique_value_of_the_table_is_named() -> None:
    Product.objects.create(sku="1")
    for flags in [("--dry_run",), ()]:
        with pytest.raises(CommandError) as error:
            run(Import({Product: [Product(sku="2"), Product(sku="1")]}), *flags)
        assert "  sku: in the table already, 1 row" in str(error.value)
    assert Product.objects.count() == 1


def test_a_foreign_key_without_a_parent_is_named() -> None:
    text = refused([Book(isbn="1"), Book(isbn="2", author_id=99)])

    assert text.splitlines()[1:3] == [
        "  author_id: no author with this id, 1 row",
        "    Book number 2: '99'",
    ]


def test_a_parent_that_an_update_did_not_find_is_named() -> None:
    Book.objects.create(isbn="1")
    author = Author(name="Ann")
    bulks: Bulks = {Author: [author], Book: [Book(isbn="1", author=author)]}

    for flags in [("--dry_run",), ()]:
        with pytest.raises(CommandError) as error:
            run(Import(bulks, KEYS), "--mode", "update", *flags)
        assert str(error.value).splitlines()[1:3] == [
            "  author_id: the author is not in the table, and mode update creates none, 1 row",
            "    Book number 1: 'Ann'",
        ]
    assert Book.objects.get().author is None


def test_a_field_that_changes_values_finds_its_rows_again() -> None:
    def rows(_df: object) -> dict[type[Model], list[Slogan]]:
        return {Slogan: [Slogan(code="a", text="buy")]}

    found_by: list[Keys] = [{Slogan: ("code",)}, {Slogan: ("text",)}]
    for keys in found_by:
        Slogan.objects.all().delete()
        run(Import(rows, keys))
        for flags in [("--dry_run",), ()]:
            output = run(Import(rows, keys), *flags)
            assert "Slogans: 0 new, 0 changed, 1 unchanged.\n" in output
        both = [Slogan(code="b", text="sell"), Slogan(code="b", text="SELL")]
        with pytest.raises(CommandError, match="natural key"):
            run(Import({Slogan: both}, keys))


def test_a_natural_key_is_found_in_any_spelling() -> None:
    spellings = ["0" * 31 + "A", "0" * 31 + "a", str(uuid.UUID(int=10))]

    for number, text in enumerate(spellings):
        bulk = [Everything(code="a", token=text)]
        output = run(Import({Everything: bulk}, {Everything: ("token",)}))
        assert f"Everythings: {0 if number else 1} new, 0 changed" in output


def test_a_field_that_sets_itself_needs_no_value() -> None:
    parcel = Parcel(code="a")
    parcel.stamp = None  # type: ignore[assignment]

    assert run(Import({Parcel: [parcel]})) == "Parcels: 1 new.\n"
    assert Parcel.objects.get().stamp == "saved"


def test_helpers_for_instances_raise_the_errors_of_django() -> None:
    with pytest.raises(ValueError, match="expected a number but got 'abc'"):
        bulk_create_in_steps(Everything, [Everything(code="a", whole="abc")])
