"""``startimport --check``: which columns are new, missing or renamed."""

import ast
from typing import Any, ClassVar

import pytest

from generators.drift.findings import Drift, Finding, describe_drift
from importkit.cleaning import (
    Policy,
)
from tests.generators.drift.gadgets import (
    FILE,
    MISSING,
    NEW,
    RENAMED,
    WIDENED,
    Check,
    GadgetCleaningDF,
    report,
)


def without(column: int) -> str:
    """Return the file without one of its columns."""
    rows = [line.split(",") for line in FILE.splitlines()]
    return "\n".join(",".join(row[:column] + row[column + 1 :]) for row in rows) + "\n"


def with_entries(
    entries: dict[str, Any], *, by_column: bool | None = None
) -> type[GadgetCleaningDF]:
    """Return the rules with other entries of the rename map for the price."""
    known = {k: v for k, v in GadgetCleaningDF.get_rename_map().items() if k != "Price"}
    known = {k: v for k, v in known.items() if k not in entries}
    if by_column is None:
        by_column = not all(isinstance(value, str) for value in entries.values())
    if by_column:
        known = {column: header for header, column in known.items()}

    class Rules(GadgetCleaningDF):
        @classmethod
        def get_rename_map(cls) -> dict[str, Any]:
            return {**known, **entries}

    return Rules


def test_the_order_of_columns_and_what_is_only_inferred_otherwise_is_not_drift(
    check: Check,
) -> None:
    # The price is taken for a whole number, the name for a decimal, the stock for text.
    file = "Stock,Since,Sku,Price,Name\n,2026-01-31,7,1,1.5\n,2026-02-01,8,2,2.5\n"

    assert check(file) == "new.csv fits import_gadgets: 2 rows, 5 columns.\n"


def test_a_new_column_is_told_with_its_kind(check: Check) -> None:
    lines = zip(FILE.splitlines(), ("Rebate", "0.5", "", "1.5"), strict=True)
    file = "\n".join([*map(",".join, lines), ""])

    assert check(file) == report(
        NEW, '- "Rebate": decimal, 1 of 3 empty', size="3 rows, 6 columns"
    )


def test_a_column_that_is_missing_is_told_and_not_as_empty(check: Check) -> None:
    assert check(without(2)) == report(MISSING, '- "Price"', size="3 rows, 4 columns")


def test_a_name_that_is_alike_of_the_same_kind_may_be_a_column_that_was_renamed(
    check: Check,
) -> None:
    assert check(FILE.replace("Price", "Prices")) == report(
        RENAMED,
        '- "Price" is missing and "Prices" is new: the names are alike; '
        '"Price": "price", "Prices": "price"',
    )


def test_a_name_that_is_alike_of_another_kind_is_another_column(check: Check) -> None:
    file = FILE.replace("Price", "Prices").replace("1.50", "low")

    assert check(file) == report(MISSING, '- "Price"', NEW, '- "Prices": text')


def test_a_name_at_the_same_place_may_be_a_column_that_was_renamed(
    check: Check,
) -> None:
    assert check(FILE.replace("Stock", "Lager")) == report(
        RENAMED,
        '- "Stock" is missing and "Lager" is new: the place and the kind (integer) are '
        'the same; "Stock": "stock", "Lager": "stock"',
    )


@pytest.mark.parametrize(
    "entries",
    [
        {"Price": "price", "Prices": "price"},
        {"price": ("Price", "Prices")},
        {"Prices": "price", "Price": "price"},
    ],
)
@pytest.mark.parametrize("header", ["Price", "Prices"])
def test_an_import_with_two_headers_for_a_column_fits_files_with_either(
    check: Check, header: str, entries: dict[str, Any]
) -> None:
    rules = with_entries(entries)

    assert check(FILE.replace("Price", header), rules=rules) == (
        "new.csv fits import_gadgets: 3 rows, 5 columns.\n"
    )


def test_both_headers_of_a_column_in_one_file_are_told(check: Check) -> None:
    rules = with_entries({"Price": "price", "Stock": "price", "stock": "stock"})

    assert check(FILE, rules=rules).splitlines()[1:3] == [
        "  not read: An import refuses the file as a whole.",
        '    The source has 2 headers of the column "price", which is read from one of '
        'them: "Price", "Stock". Remove all but one from the file, or give them to '
        "different columns in get_rename_map.",
    ]


def test_a_third_header_is_proposed_beside_the_two_that_are_known(check: Check) -> None:
    file = FILE.replace("Price", "Unit prices")
    told = '- "Price" or "Prices" is missing and "Unit prices" is new: the names are alike; '
    entries = ("Price", "Prices", "Unit prices")

    by_header = with_entries(dict.fromkeys(entries[:2], "price"))
    assert check(file, rules=by_header) == report(
        RENAMED, told + ", ".join(f'"{header}": "price"' for header in entries)
    )
    by_column = with_entries({"price": entries[:2]}, by_column=True)
    assert check(file, rules=by_column) == report(
        RENAMED, told + '"price": ("Price", "Prices", "Unit prices")'
    )


def test_without_any_of_its_headers_a_column_is_missing_once(check: Check) -> None:
    rules = with_entries({"Price": "price", "Preis": "price"})

    assert check(without(2), rules=rules) == report(
        MISSING, '- "Price" or "Preis"', size="3 rows, 4 columns"
    )


@pytest.mark.parametrize("known", [{}, {"Price": "price"}, {"price": "Price"}])
def test_what_is_proposed_for_a_new_header_reads_the_old_and_the_new_file(
    check: Check, known: dict[str, str]
) -> None:
    class Rules(GadgetCleaningDF):
        rename_map: ClassVar[dict[str, Any]] = known

        @classmethod
        def get_rename_map(cls) -> dict[str, Any]:
            return cls.rename_map

    old = FILE.lower() if not known else FILE.lower().replace("price", "Price", 1)
    new = old.replace("rice", "rices", 1)

    told = check(new, rules=Rules)
    entries = told.partition("the names are alike; ")[2]
    Rules.rename_map = ast.literal_eval(f"{{{entries.strip()}}}")

    assert check(old, rules=Rules).startswith("new.csv fits")
    assert check(new, rules=Rules).startswith("new.csv fits")


def test_what_does_not_fit_in_a_column_that_was_renamed_is_told_as_well(
    check: Check,
) -> None:
    file = FILE.replace("Price", "Prices").replace("20.00", "20.005")

    assert check(file) == report(
        RENAMED,
        '- "Price" is missing and "Prices" is new: the names are alike; '
        '"Price": "price", "Prices": "price"',
        WIDENED,
        '- "Price": not a number of up to 4 digits and 2 decimals, 1 of 3 rows, on line'
        " 3; up to 2 digits and 3 decimals in this file",
    )


def test_a_missing_column_that_may_be_empty_is_drift_where_it_may_be_misspelt(
    check: Check,
) -> None:
    class Rules(GadgetCleaningDF):
        on_missing_column = Policy.IGNORE

    assert check(FILE.replace("Stock", "Stocks"), rules=Rules) == report(
        RENAMED,
        '- "Stock" is missing and "Stocks" is new: the names are alike; '
        '"Stock": "stock", "Stocks": "stock"',
    )
    assert check(without(3), rules=Rules).startswith("new.csv fits")
    assert check(without(2), rules=Rules) == report(
        MISSING, '- "Price"', size="3 rows, 4 columns"
    )


def test_only_the_first_findings_of_a_kind_are_listed(check: Check) -> None:
    more = ",".join(f"more {number}" for number in range(12))
    rows = [f"{line},{more}" for line in FILE.splitlines()]

    lines = check("\n".join([*rows, ""])).splitlines()

    assert len(lines) == 13
    assert lines[-1] == "    ... and 2 more"


def test_a_finding_with_a_code_of_a_project_is_listed_without_a_remedy() -> None:
    drift = Drift("new.csv", "import_gadgets", findings=(Finding("late", "line 2"),))

    assert describe_drift(drift) == (
        "new.csv does not fit import_gadgets:\n  late:\n    line 2"
    )
