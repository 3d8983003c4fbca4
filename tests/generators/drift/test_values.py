"""``startimport --check``: which values no longer fit, and what they are now."""

import re
from typing import Any

from django.db import models

from importkit.cleaning import (
    Parser,
    date,
    number,
)
from tests.generators.drift.gadgets import (
    EMPTY,
    FILE,
    NULL_WORDS,
    RETYPED,
    WIDENED,
    Check,
    GadgetCleaningDF,
    report,
)


def test_values_of_another_kind_are_counted_with_the_kind_that_they_have_now(
    check: Check,
) -> None:
    file = FILE.replace(",4,", ",4.5,").replace(",5,", ",5.5,")

    assert check(file) == report(
        RETYPED,
        '- "Stock": not a whole number between -2,147,483,648 and 2,147,483,647, 2 of 3 rows, the first on line '
        "3; decimal in this file",
    )


def test_values_that_are_written_otherwise_are_told_with_the_parser(
    check: Check,
) -> None:
    file = FILE.replace("2026-01-31", "31.1.2026").replace("2026-02-0", "13.2.202")

    assert check(file) == report(
        RETYPED,
        '- "Since": not a date (YYYY-MM-DD), 3 of 3 rows, the first on line 2; date in '
        'this file, read by date("%d.%m.%Y")',
    )


def test_numbers_that_come_in_another_unit_are_told_with_the_parser(
    check: Check,
) -> None:
    class Rules(GadgetCleaningDF):
        @classmethod
        def get_col_parser_map(cls) -> dict[str, Parser]:
            return {"price": number(unit=("kg",))}

    in_kg, in_g = (
        re.sub(r"(\.[0-9]{2}),", rf"\1 {unit},", FILE) for unit in ("kg", "g")
    )

    assert check(in_kg, rules=Rules).startswith("new.csv fits")
    assert check(in_g, rules=Rules) == report(
        RETYPED,
        '- "Price": not a number like 1234.50 kg of up to 4 digits and 2 decimals, 3 '
        "of 3 rows, the first on line 2; decimal in this file, read by "
        'number(unit=("g",))',
    )


def test_values_that_no_longer_need_their_parser_are_told(check: Check) -> None:
    class Rules(GadgetCleaningDF):
        @classmethod
        def get_col_parser_map(cls) -> dict[str, Parser]:
            return {"since": date("%d.%m.%Y")}

    assert check(FILE, rules=Rules) == report(
        RETYPED,
        '- "Since": not a date like 31.12.2026, 3 of 3 rows, the first on line 2; date '
        "in this file, which needs no parser",
    )


def test_longer_text_is_told_with_its_length(check: Check) -> None:
    file = FILE.replace("Table", "Table, nearly round")
    file = file.replace("Table, nearly round", '"Table, nearly round"')

    assert check(file) == report(
        WIDENED,
        '- "Name": longer than 10 characters (up to 19), 1 of 3 rows, on line 3',
    )


def test_larger_numbers_are_told_with_their_digits(check: Check) -> None:
    file = FILE.replace("20.00", "20000.00").replace(",4,", ",40000000000,")

    assert check(file) == report(
        WIDENED,
        '- "Price": not a number of up to 4 digits and 2 decimals, 1 of 3 rows, on line'
        " 3; up to 5 digits and 2 decimals in this file",
        '- "Stock": not a whole number between -2,147,483,648 and 2,147,483,647, 1 of 3 rows, on line 3; '
        "up to 11 digits in this file",
    )


def test_new_null_words_are_told_apart_from_values(check: Check) -> None:
    file = FILE.replace(",4,", ",n/a,").replace(",5,", ",5.5,")
    file = file.replace("3.25", "k.A.")

    assert check(file) == report(
        RETYPED,
        '- "Stock": not a whole number between -2,147,483,648 and 2,147,483,647, 1 of 3 rows, on line 4; '
        "decimal in this file",
        NULL_WORDS,
        '- "Stock": "n/a", 1 of 3 rows, on line 3',
        '- "Price": "k.A.", 1 of 3 rows, on line 4; the column must not be empty '
        "(get_no_null_cols)",
    )


def test_words_that_nobody_knows_are_counted_and_not_shown(check: Check) -> None:
    file = FILE.replace(",4,", ",unknown,").replace(",5,", ",unknown,")

    assert check(file) == report(
        RETYPED,
        '- "Stock": not a whole number between -2,147,483,648 and 2,147,483,647, 2 of 3 rows, the first on line '
        "3; text in this file (1 distinct word: null words?)",
    )


def test_a_required_column_with_empty_cells_is_told_once(check: Check) -> None:
    assert check(FILE.replace("20.00", "")) == report(
        EMPTY, '- "Price": must not be empty, 1 of 3 rows, on line 3'
    )


def test_a_row_with_several_problems_is_told_with_all_of_them(check: Check) -> None:
    # The model is asked although the cleaning refuses the row.
    file = FILE.replace("Table,20.00", "Table and chair,dear")

    assert check(file) == report(
        RETYPED,
        '- "Price": not a number of up to 4 digits and 2 decimals, 1 of 3 rows, on line'
        " 3; text in this file",
        WIDENED,
        '- "Name": longer than 10 characters (up to 15), 1 of 3 rows, on line 3',
    )


def test_a_value_that_is_not_a_choice_is_told_with_the_choices_alone(
    check: Check, gadget: type[models.Model]
) -> None:
    name: Any = gadget._meta.get_field("name")
    name.choices = [("Chair", "C"), ("Lamp", "L")]

    assert check(FILE) == report(
        "choice: Correct the value, or add it to the choices of the field.",
        "- \"Name\": not one of 'Chair', 'Lamp', 1 of 3 rows, on line 3",
    )


def test_repeats_that_are_left_out_are_not_drift_but_told(check: Check) -> None:
    head, first, second, _ = FILE.splitlines(keepends=True)
    assert check(head + first + second + first) == (
        "new.csv fits import_gadgets: 3 rows, 5 columns.\n"
        "An import leaves out 1 row: sku as in an earlier row (line 4).\n"
    )


def test_rows_that_contradict_each_other_are_drift(check: Check) -> None:
    assert check(FILE.replace("A-3", "A-1")) == report(
        "contradiction: Correct the rows, or say with on_contradiction which of them "
        "wins.",
        '- "Sku": another name, price, stock, since than an earlier row with this key '
        "(line 2), 1 of 3 rows, on line 4",
    )


def test_repeats_of_a_natural_key_that_nothing_leaves_out_are_told(
    check: Check,
) -> None:
    class Rules(GadgetCleaningDF):
        @classmethod
        def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
            return ()

    assert check(FILE.replace("A-3", "A-1"), rules=Rules) == report(
        "duplicate: Keep one of the rows, or state the key in get_unique_subsets.",
        '- "Sku": has the natural key of an earlier row, 1 of 3 rows, on line 4',
    )


def test_no_value_of_a_personal_column_is_told_but_its_null_words_are(
    check: Check,
) -> None:
    class Rules(GadgetCleaningDF):
        @classmethod
        def get_personal_cols(cls) -> tuple[str, ...]:
            return ("name", "price", "stock", "since")

    file = FILE.replace(",4,", ",n/a,").replace("Table", "Table of Bob")

    assert check(file, rules=Rules) == report(
        WIDENED,
        '- "Name": longer than 10 characters (up to 12), 1 of 3 rows, on line 3',
        NULL_WORDS,
        '- "Stock": "n/a", 1 of 3 rows, on line 3',
    )
