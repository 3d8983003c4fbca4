"""A frame that does not fit its model is refused before anything is written."""

import datetime
import uuid
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from django.db.models import Model

from tests.importkit.shop.imports import Import, Keys, run
from tests.importkit.shop.models import Everything, Membership, Product, Store

pytestmark = pytest.mark.django_db


def refusal(df: pl.DataFrame | pl.LazyFrame, *flags: str) -> str:
    """Return why a frame for ``Everything`` is refused; nothing is written."""
    bulks = {Store: pl.DataFrame({"name": ["before"]}), Everything: df}
    with pytest.raises(CommandError) as error:
        run(Import(bulks, {Everything: ("code",)}), *flags)
    assert not Everything.objects.exists()
    assert not Store.objects.exists()
    return str(error.value)


@pytest.mark.parametrize("flags", [(), ("--dry_run",)])
def test_columns_are_refused_all_at_once(flags: tuple[str, ...]) -> None:
    df = pl.DataFrame(
        {
            "chr": ["a"],
            "whole": [1.5],
            "flag": [1],
            "day": ["2024-01-01"],
            "updated_at": [None],
        }
    )

    assert refusal(df, *flags) == (
        'The frame for shop.Everything does not fit: "chr" is not a field (did you '
        'mean "char"?); "whole" is Float64, but its field takes whole numbers; "flag" '
        'is Int64, but its field takes Boolean; "day" is String, but its field takes '
        'Date; "updated_at" takes the time at which a row is written, so it cannot '
        'have a column; "code" needs a value but has no column. '
        "Rename columns in get_rename_map; drop, cast or add them in get_bulks_by_model."
    )


@pytest.mark.parametrize(
    ("model", "name", "value", "meant"),
    [
        (Product, "created_at", "x", "store__created_at"),
        (Product, "store_name", "x", "store__name"),
        (Product, "store_no", 5, "store_id"),
        (Product, "store_no", "x", None),
        (Membership, "code", "x", "club__code"),
        (Membership, "club_no", "x", "club_id"),
    ],
)
def test_a_column_that_is_no_field_may_be_a_field_of_a_parent(
    model: type[Model], name: str, value: object, meant: str | None
) -> None:
    with pytest.raises(CommandError) as error:
        run(Import({model: pl.DataFrame({name: [value]})}))

    proposed = f' (did you mean "{meant}"?)' if meant else ""
    assert f'"{name}" is not a field{proposed};' in str(error.value)


def test_an_update_needs_its_key_and_no_other_column() -> None:
    Product.objects.create(sku="a")
    keys: Keys = {Product: ("sku",)}

    with pytest.raises(CommandError) as error:
        run(Import({Product: pl.DataFrame({"price": [1]})}, keys), "--mode", "update")

    assert str(error.value) == (
        "The frame for shop.Product lacks a part of its natural key: sku."
    )


ZONE = "Europe/Berlin"
GAP = datetime.datetime(2024, 3, 31, 2, 30)
TWICE = datetime.datetime(2024, 10, 27, 2, 30)
WRONG: list[tuple[str, Any, str]] = [
    ("words", pl.Series([None], dtype=pl.String), "must not be empty"),
    ("char", ["x" * 61], f"longer than 60 characters: {'x' * 61!r}"),
    ("char", ["a\0"], "holds a NUL character: 'a\\x00'"),
    ("words", ["\0"], "holds a NUL character: '\\x00'"),
    ("data", [r'"a\\\u0000"'], r"""holds a NUL character: '"a\\\\\\u0000"'"""),
    ("small", [2**15], "not a whole number between -32,768 and 32,767: '32768'"),
    (
        "whole",
        [-(2**31) - 1],
        "not a whole number between -2,147,483,648 and 2,147,483,647: '-2147483649'",
    ),
    ("positive", [-1], "is less than 0: '-1'"),
    ("token", ["no"], "not a UUID: '***'"),  # Its name is that of a secret.
    ("ip", ["1.2.3"], "not an IP address: '1.2.3'"),
    ("moment", [GAP], f"not a time that exists once in {ZONE}"),
    ("moment", [TWICE], f"not a time that exists once in {ZONE}"),
    (
        "decimal",
        pl.Series(["1.2345"]).cast(pl.Decimal(12, 4)),
        "not a number of up to 9 digits and 3 decimals: '1.2345'",
    ),
    ("real", [float("nan")], "not a number"),
    ("lasting", pl.Series([None], dtype=pl.Duration), ""),
    ("code", [None], "must not be empty"),
]


@pytest.mark.parametrize(("name", "bad", "reason"), WRONG)
@pytest.mark.parametrize("lazy", [True, False])
def test_values_that_do_not_fit_are_named_with_their_lines(
    name: str, bad: Any, reason: str, settings: Any, *, lazy: bool
) -> None:
    settings.TIME_ZONE = ZONE
    df = pl.DataFrame({"code": ["a"], name: bad, "_line": [7]})
    if name == "code":
        df = df.cast({"code": pl.String})

    if not reason:
        run(Import({Everything: df}))
        assert Everything.objects.count() == 1
        return
    text = refusal(df.lazy() if lazy else df)

    why, _, value = reason.partition(": ")
    assert text.startswith("1 problem in 1 row:\n") or name == "code"
    assert f"  {name}: {why}, 1 row\n    line 7{': ' + value if value else ''}" in text
    assert text.endswith("\nNothing was written.")


def test_all_rows_are_looked_at_and_counted_without_lines() -> None:
    df = pl.DataFrame({"code": list("abcdef"), "positive": [-1, 1, -2, 3, -4, 5]})

    assert refusal(df, "--batch_size", "2") == (
        "3 problems in 3 rows:\n  positive: is less than 0, 3 rows\n"
        "    row 1: '-1'\n    row 3: '-2'\n    row 5: '-4'\nNothing was written."
    )


def test_a_natural_key_that_comes_twice_is_refused_across_batches() -> None:
    df = pl.DataFrame({"code": ["a", "b", "c", "a"], "_line": [2, 3, 4, 8]})

    assert refusal(df, "--batch_size", "2") == (
        "1 problem in 1 row:\n  code: has the natural key of an earlier row, 1 row\n"
        "    line 8: 'a'\nNothing was written."
    )


@pytest.mark.parametrize("dtype", ["object", "text"])
def test_uuids_may_be_text_or_objects_in_any_spelling(dtype: str) -> None:
    token = uuid.uuid4()
    given = [token] if dtype == "object" else [token.hex.upper()]
    kind = pl.Object if dtype == "object" else pl.String
    df = pl.DataFrame({"code": ["a"]}).with_columns(pl.Series("token", given, kind))

    for numbers in ("1 new, 0 changed, 0 unchanged", "0 new, 0 changed, 1 unchanged"):
        output = run(Import({Everything: df}, {Everything: ("code",)}))
        assert output == f"Everythings: {numbers}.\n"
    assert Everything.objects.get().token == token


def test_naive_times_are_local(settings: Any) -> None:
    settings.TIME_ZONE = ZONE
    naive = datetime.datetime(2024, 7, 1, 12)
    df = pl.DataFrame({"code": ["a"], "moment": [naive]})

    run(Import({Everything: df}))

    assert Everything.objects.get().moment == datetime.datetime(
        2024, 7, 1, 10, tzinfo=datetime.UTC
    )


@pytest.mark.parametrize(
    "moment",
    [
        datetime.datetime(2024, 7, 1, 10, tzinfo=datetime.UTC),
        datetime.datetime(2024, 7, 1, 12),
    ],
)
def test_times_are_stored_as_on_the_clock_where_use_tz_is_off(
    moment: datetime.datetime, settings: Any
) -> None:
    settings.USE_TZ, settings.TIME_ZONE = False, ZONE
    df = pl.DataFrame({"code": ["a"], "moment": [moment]})

    for numbers in ("1 new, 0 changed, 0 unchanged", "0 new, 0 changed, 1 unchanged"):
        output = run(Import({Everything: df}, {Everything: ("code",)}))
        assert output == f"Everythings: {numbers}.\n"
    assert Everything.objects.get().moment == datetime.datetime(2024, 7, 1, 12)


def test_a_moment_in_an_hour_that_the_clock_repeats_is_refused_where_use_tz_is_off(
    settings: Any,
) -> None:
    settings.USE_TZ, settings.TIME_ZONE = False, ZONE
    hours = [
        datetime.datetime(2024, 10, 27, h, 30, tzinfo=datetime.UTC) for h in (0, 1)
    ]
    df = pl.DataFrame({"code": ["a", "b"], "moment": hours})

    assert refusal(df).startswith(
        f"2 problems in 2 rows:\n  moment: not a time that exists once in {ZONE}, 2 rows\n"
    )


def test_dates_in_a_json_column_are_refused_in_words() -> None:
    df = pl.DataFrame({"code": ["a"], "data": [datetime.date(2024, 1, 1)]})

    assert refusal(df) == (
        "1 problem in 1 row:\n  data: not JSON, 1 row\n"
        "    row 1: '2024-01-01'\nNothing was written."
    )
