"""Columns become fields with room to grow; existing fields say what they take."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User
from django.db import models
from pytest_django import Settings

from generators.code.fields import (
    AnyField,
    is_required,
    propose_field,
    propose_target,
    target_of,
)
from generators.code.parsers import find_parser
from generators.inference.column import Column, Kind
from generators.naming.names import identifiers
from tests.generators.planning import column
from tests.importkit.shop.models import Product, Review, Ticket


def field(source: Column, *, unique: bool = False) -> str:
    """Return a new model's field as it is printed, without ``models.``."""
    [name] = identifiers([source.header])
    proposed = propose_field(source, name, propose_target(source), unique=unique)
    return str(proposed).removeprefix("models.")


def dtype(source: Column) -> str:
    return str(propose_target(source).dtype)


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a", "bc"], "CharField(max_length=10)"),
        (["x" * 5], "CharField(max_length=10)"),
        (["x" * 6], "CharField(max_length=20)"),
        (["x" * 250], "CharField(max_length=500)"),
        (["x" * 251], "TextField()"),
        (["", ""], "CharField(max_length=255, blank=True)"),
        (["1", "-999999999"], "IntegerField()"),
        (["1", "1000000000"], "BigIntegerField()"),
        (["1.5"], "DecimalField(max_digits=12, decimal_places=2)"),
        (["12345678.125"], "DecimalField(max_digits=19, decimal_places=3)"),
        (["1.5e-3"], "FloatField()"),
        (["true", "false"], "BooleanField()"),
        (["2026-01-31"], "DateField()"),
        (["2026-01-31 12:30"], "DateTimeField()"),
        (["12:30"], "TimeField()"),
    ],
)
def test_a_column_becomes_a_field_with_room_to_grow(
    cells: list[str], expected: str
) -> None:
    assert field(column(*cells)) == expected


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["a"], "pl.String"),
        (["1"], "pl.Int32"),
        (["1.5"], "pl.Decimal(12, 2)"),
        (["1.5e-3"], "pl.Float64"),
        (["true", "false"], "pl.Boolean"),
        (["2026-01-31"], "pl.Date"),
        (["2026-01-31 12:30"], 'pl.Datetime("us", "UTC")'),
        (["12:30"], "pl.Time"),
    ],
)
def test_the_dtype_is_what_the_field_stores(cells: list[str], expected: str) -> None:
    assert dtype(column(*cells)) == expected


def test_decimals_that_fill_all_digits_keep_every_one() -> None:
    widest = replace(column("1.5"), digits=37, scale=1)

    assert dtype(widest) == "pl.Decimal(38, 1)"


def test_empty_text_is_blank_and_other_empty_cells_are_null() -> None:
    assert field(column("a", "")) == "CharField(max_length=10, blank=True)"
    assert field(column("1", "")) == "IntegerField(null=True, blank=True)"


def test_unique_text_that_may_be_empty_is_null_or_it_would_repeat() -> None:
    assert field(column("a", ""), unique=True) == (
        "CharField(max_length=10, null=True, blank=True, unique=True)"
    )


@pytest.mark.parametrize(
    ("cells", "text"),
    [
        (["12,50 EUR", "1,25 EUR", "3,10 EUR"], "In EUR."),
        (["€ 12.50", "€ 1.25", "€ 3.10"], "In €."),
        (["5 kg", "7 kg", "9 kg"], "In kg."),
        (["5 Stk.", "7 Stk.", "9 Stk."], "In Stk."),
        (["12 %", "7 %", "19 %"], "In percent: 12 is 12%."),
    ],
)
def test_a_sign_that_stood_beside_the_numbers_is_the_help_text(
    cells: list[str], text: str
) -> None:
    assert f'help_text="{text}")' in field(column(*cells))


def test_numbers_without_a_sign_have_no_help_text() -> None:
    assert "help_text" not in field(column("12,50", "1,25", "3,10"))


def test_local_times_are_of_the_projects_zone_and_others_keep_theirs(
    settings: Settings,
) -> None:
    settings.TIME_ZONE = "Europe/Berlin"

    assert dtype(column("2026-01-31 12:30")) == 'pl.Datetime("us", "Europe/Berlin")'
    assert dtype(column("2026-01-31T12:30:00+02:00")) == 'pl.Datetime("us", "UTC")'


def test_without_time_zones_local_times_have_none_and_others_keep_theirs(
    settings: Settings,
) -> None:
    settings.USE_TZ = False

    assert dtype(column("2026-01-31 12:30")) == 'pl.Datetime("us")'
    assert dtype(column("2026-01-31T12:30:00+02:00")) == 'pl.Datetime("us", "UTC")'


@pytest.mark.parametrize(
    ("made", "kind", "dtype"),
    [
        (models.CharField(max_length=9), Kind.TEXT, "pl.String"),
        (models.EmailField(), Kind.TEXT, "pl.String"),
        (models.URLField(), Kind.TEXT, "pl.String"),
        (models.SlugField(), Kind.TEXT, "pl.String"),
        (models.TextField(), Kind.TEXT, "pl.String"),
        (models.FileField(), Kind.TEXT, "pl.String"),
        (models.FilePathField(), Kind.TEXT, "pl.String"),
        (models.GenericIPAddressField(), Kind.TEXT, "pl.String"),
        (models.UUIDField(), Kind.TEXT, "pl.String"),
        (models.BigAutoField(primary_key=True), Kind.INTEGER, "pl.Int64"),
        (models.SmallIntegerField(), Kind.INTEGER, "pl.Int16"),
        (models.IntegerField(), Kind.INTEGER, "pl.Int32"),
        (models.BigIntegerField(), Kind.INTEGER, "pl.Int64"),
        (models.PositiveSmallIntegerField(), Kind.INTEGER, "pl.Int16"),
        (models.PositiveIntegerField(), Kind.INTEGER, "pl.Int32"),
        (models.PositiveBigIntegerField(), Kind.INTEGER, "pl.Int64"),
        (models.DecimalField(max_digits=8, decimal_places=3), Kind.DECIMAL, None),
        (models.FloatField(), Kind.FLOAT, "pl.Float64"),
        (models.BooleanField(), Kind.BOOLEAN, "pl.Boolean"),
        (models.DateField(), Kind.DATE, "pl.Date"),
        (models.DateTimeField(), Kind.DATETIME, 'pl.Datetime("us", "UTC")'),
        (models.TimeField(), Kind.TIME, "pl.Time"),
        (models.DurationField(), Kind.DURATION, 'pl.Duration("us")'),
        (Review._meta.get_field("product"), Kind.INTEGER, "pl.Int64"),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, models.Field) else "",
)
def test_an_existing_field_says_what_it_takes(
    made: AnyField, kind: Kind, dtype: str | None
) -> None:
    target = target_of(made, column("a"))

    assert target is not None
    assert target.kind is kind
    assert str(target.dtype) == (dtype or "pl.Decimal(8, 3)")


@pytest.mark.parametrize(
    "made",
    [
        models.BinaryField(),
        models.DecimalField(max_digits=50, decimal_places=2),
        models.GeneratedField(
            expression=models.F("price") + 1,
            output_field=models.IntegerField(),
            db_persist=True,
        ),
    ],
    ids=lambda made: type(made).__name__,
)
def test_a_field_that_no_text_fills_takes_nothing(
    made: AnyField,
) -> None:
    assert target_of(made, column("a")) is None


def test_words_of_which_one_is_known_need_a_parser_for_both() -> None:
    parser = find_parser(column("si", "no"), Kind.BOOLEAN)

    assert parser is not None
    assert str(parser) == 'boolean(true=("si",), false=("no",))'


def test_a_field_is_required_when_no_row_can_be_made_without_it() -> None:
    required = {
        model: [item.name for item in model._meta.concrete_fields if is_required(item)]
        for model in (Product, Review, Ticket, User)
    }

    assert required == {
        Product: ["sku"],
        Review: ["product"],
        Ticket: [],
        User: ["password", "username"],
    }


def test_a_day_of_one_digit_needs_the_parser_that_takes_it() -> None:
    parser = find_parser(column("2024-1-5", "2024-12-31"), Kind.DATE)

    assert parser is not None
    assert str(parser) == 'date("%Y-%m-%d")'


def test_iso_dates_need_no_parser() -> None:
    assert find_parser(column("2024-01-05"), Kind.DATE) is None
