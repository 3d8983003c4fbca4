"""What personal columns hold is seen by nobody but the database and the rejects."""

import io
import json
import logging
import traceback
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError, call_command
from django.db import DataError, IntegrityError

from importkit.cleaning import CleaningDF, DType
from importkit.errors import ConfigurationError
from importkit.problems import SCHEMA, Masking
from importkit.source import scan_csv
from tests.importkit.shop.imports import Import
from tests.importkit.shop.models import Product, Store

pytestmark = pytest.mark.django_db

# Whatever is personal in it holds this word.
WORD = "jane"
NOBODY = pl.DataFrame({"email": ["a"], "price": [1], "store": [None]})
PEOPLE = """\
email,price,store,phone
jane1,1.50,,jane
jane2,two,,jane
jane-jane-jane-jane-jane-jane,3,,
jane4,4,jane street,
jane5,5,,jane,jane
jane6,"6"jane,,
"jane
7",seven,,
"jane\0",8,,
,9,jane nine,
jane1,10,,
"""


class PeopleCleaningDF(CleaningDF):
    """Rules of a file of people, who are told by their address."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"email": pl.String, "price": pl.Decimal(8, 2), "store__name": pl.String}

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {"store": "store__name"}

    @classmethod
    def get_personal_cols(cls) -> tuple[str, ...]:
        return ("email", "store__name")


class Strict(PeopleCleaningDF):
    """The same, where the address is a number that has to be there."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {**super().get_col_dtype_map(), "email": pl.Int64}

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("email",)


def people(path: Path, rules: type[CleaningDF] = PeopleCleaningDF) -> Import:
    """Return an import of people as products, under other names than in the rules."""

    class People(Import):
        def handle_import(self) -> Any:
            return scan_csv(path)

        def get_bulks_by_model(self, df: Any) -> Any:
            return {Product: df.rename({"email": "sku"}).cast({"sku": pl.String})}

    return People({}, {Product: ("sku",)}, rules=rules)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(PEOPLE)
    return path


@pytest.fixture
def seen(
    file: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> Any:
    """Return a function that runs an import and returns all that somebody may see."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setattr("importkit.call_logging.is_due", lambda *_: True)

    def run(command: Import, *flags: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        report = file.with_name("run.json")
        report.unlink(missing_ok=True)
        told = ""
        try:
            call_command(
                command, *flags, "--report", str(report), "-v2", stdout=out, stderr=err
            )
        except CommandError as error:
            told = "".join(traceback.format_exception(error))
        parts = [out.getvalue(), err.getvalue(), told, report.read_text(), caplog.text]
        return "\n".join(parts)

    return run


@pytest.mark.parametrize("rules", [PeopleCleaningDF, Strict])
@pytest.mark.parametrize(
    "flags", [[], ["--on-error", "skip"], ["--on-error", "skip", "--dry_run"]]
)
def test_no_problem_shows_what_is_personal(
    file: Path, seen: Any, rules: type[CleaningDF], flags: list[str]
) -> None:
    found = seen(people(file, rules), *flags)

    assert WORD not in found
    assert "***,two,***,***" in found
    report = json.loads(file.with_name("run.json").read_text())
    codes = {problem["code"] for problem in report["problems"]}
    assert codes >= {"fields", "quote", "unreadable"}
    if flags and rules is PeopleCleaningDF:
        assert codes >= {"control", "duplicate", "empty", "length", "unknown"}


def test_values_under_another_name_stop_a_run_unseen(file: Path, seen: Any) -> None:
    file.write_text("email,price,store\njane-jane-jane-jane-jane-jane,1,\n")

    found = seen(people(file))

    assert WORD not in found
    assert (
        "  sku: longer than 20 characters [length], 1 row\n"
        "    line 2: '***'\n"
        "    Correct the text, or change the length that the field allows.\n"
    ) in found


def test_changes_are_shown_without_what_is_personal(file: Path, seen: Any) -> None:
    jane = Store.objects.create(name="jane street")
    Product.objects.create(sku="jane1", price=1, store=jane)
    Store.objects.create(name="jane road")
    file.write_text("email,price,store\njane1,2,jane road\n")

    found = seen(people(file), "--dry_run")

    assert WORD not in found
    assert "'***': price '1.00' -> '2.00'\n" in found
    assert "'***': store *** -> ***\n" in found


def test_what_is_in_the_table_is_not_shown(file: Path, seen: Any) -> None:
    Product.objects.create(sku="jane1")
    file.write_text("email,price,store\njane1,2,\n")

    found = seen(people(file), "--mode", "insert")

    assert WORD not in found
    assert "  sku: in the table already [unique], 1 row\n    line 2: '***'\n" in found


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (
            IntegrityError('unique "c"\nDETAIL: Key (sku)=(jane) already exists.'),
            'unique "c"',
        ),
        (DataError("invalid input: jane"), "DataError"),
    ],
)
def test_details_of_the_database_are_not_shown(
    file: Path, seen: Any, error: Exception, told: str
) -> None:
    def rows() -> Any:
        raise error
        yield

    found = seen(Import({Product: rows()}, rules=PeopleCleaningDF, source=NOBODY))

    assert WORD not in found
    assert f"The database refused the import: {told}\nNothing was written." in found


def test_rejects_hold_the_rows_as_they_are(file: Path, seen: Any) -> None:
    seen(people(file), "--on-error", "skip")

    text = file.with_name("people.csv.rejects.csv").read_text()
    assert "jane2,two,,jane,3,price,unreadable" in text


def test_errors_of_cleaning_alone_are_masked() -> None:
    df = pl.DataFrame({"email": ["jane", None], "price": [1, 1], "store": None})

    with pytest.raises(ValueError, match="problems") as error:
        Strict(df)

    assert str(error.value) == (
        "2 problems in 2 rows:\n"
        "  email: not a whole number between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807, 1 row\n"
        "    row 1: '***'\n"
        "  email: must not be empty, 1 row\n"
        "    row 2"
    )


@pytest.mark.parametrize(
    "renamed",
    [
        {"Password": "word"},
        {"word": "Password"},
        {"Password": "word", "Entry": "word"},
        {"Entry": "word", "Password": "word"},
        {"word": ("Entry", "Password")},
    ],
)
def test_a_column_with_the_header_of_a_secret_is_personal(
    renamed: dict[str, str | tuple[str, ...]],
) -> None:
    class Accounts(CleaningDF):
        @classmethod
        def get_col_dtype_map(cls) -> dict[str, DType]:
            return {"name": pl.String, "word": pl.String}

        @classmethod
        def get_rename_map(cls) -> dict[str, str | tuple[str, ...]]:
            return renamed

    assert Accounts.get_personal_cols() == ("word",)


def test_a_personal_column_that_is_none_is_refused() -> None:
    class Misspelt(PeopleCleaningDF):
        @classmethod
        def get_personal_cols(cls) -> tuple[str, ...]:
            return ("emial",)

    with pytest.raises(ConfigurationError) as error:
        Misspelt.check_rules()

    assert str(error.value) == (
        "get_personal_cols names columns that get_col_dtype_map does not: "
        '"emial" (did you mean "email"?).'
    )


@pytest.mark.parametrize(
    ("name", "is_hidden"),
    [
        ("email", True),
        ("price", False),
        ("store_id", True),
        ("shop_id", False),
        ("shop", False),
        ("other", True),
        ("price, email", True),
        ("price, shop__name", False),
        ("a, b", False),
        ("", True),
    ],
)
def test_what_is_not_known_to_be_harmless_is_hidden(
    name: str, *, is_hidden: bool
) -> None:
    columns = ("email", "price", "store__name", "shop__name", "a, b")

    assert Masking(columns, ("email", "store__name")).hides(name) == is_hidden
    assert not Masking(columns).hides(name)


def test_reasons_that_repeat_a_value_are_masked() -> None:
    found = pl.DataFrame(
        [
            (1, "email", "jane", "invalid", "jane is no address"),
            (2, "email", "j", "length", "just too long"),
            (3, "price", "7", "invalid", "7 is odd"),
            (4, "", None, "refused", "DETAIL: (jane, 7)"),
        ],
        schema=SCHEMA,
        orient="row",
    )

    masked = Masking(("email", "price"), ("email",)).masked(found)

    assert masked.rows() == [
        (1, "email", "***", "invalid", "refused"),
        (2, "email", "***", "length", "just too long"),
        (3, "price", "7", "invalid", "7 is odd"),
        (4, "", None, "refused", "refused"),
    ]
    assert Masking(("email", "price")).masked(found).equals(found)
