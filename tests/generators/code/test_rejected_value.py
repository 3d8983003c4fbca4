"""The row that a generated test expects to be rejected, and for what."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import Group

from generators.code.facts.rejected_value import find_rejected_value, line_of_second_row
from generators.code.plan import ImportPlan
from generators.naming.names import Identifier
from importkit.source import Dialect
from tests.generators.planning import PRODUCTS, formatted, plan_into, plan_of

TESTS = "products/tests/test_import_products.py"


def rejected(plan: ImportPlan) -> tuple[str, str, str, str]:
    found = find_rejected_value(plan)
    assert found is not None
    return found.column.name, found.text, found.code, found.message


@pytest.mark.parametrize(
    ("cells", "text", "message"),
    [
        (
            ["1", "2"],
            '"no number"',
            "not a whole number between -2,147,483,648 and 2,147,483,647",
        ),
        (["1.5"], '"no number"', "not a number of up to 10 digits and 2 decimals"),
        (["1.5e-3"], '"no number"', "not a number"),
        (["ja", "nein"], '"perhaps"', "not yes or no (ja, nein)"),
        (["2026-01-31"], '"no date"', "not a date (YYYY-MM-DD)"),
        (["31.01.2026"], '"no date"', "not a date like 31.12.2026"),
        (["12:30"], '"no time"', "not a time (HH:MM:SS)"),
        (
            ["2026-01-31T12:30:00Z"],
            '"no date"',
            "not a date and time (YYYY-MM-DD HH:MM:SS)",
        ),
    ],
    ids=str,
)
def test_a_typed_column_gets_what_no_notation_reads(
    cells: list[str], text: str, message: str
) -> None:
    plan = plan_of({"name": ["a"] * len(cells), "thing": cells})

    assert rejected(plan) == ("thing", text, "unreadable", message)


def test_among_texts_one_that_is_required_is_empty() -> None:
    plan = plan_of({"note": ["", "b"], "name": ["a", "b"]})

    assert rejected(plan) == ("name", '""', "empty", "must not be empty")


def test_among_texts_that_may_be_empty_one_is_too_long() -> None:
    plan = plan_of({"note": ["", "b"], "name": ["", "b"]})

    assert rejected(plan) == ("note", '"x" * 11', "length", "longer than 10 characters")


def test_what_is_too_long_is_not_left_out_as_a_repeat() -> None:
    plan = plan_into(Group, {"name": ["a", "b"]})
    other = replace(plan.columns[0], name=Identifier("other"))

    assert rejected(plan)[2] == "length"
    assert find_rejected_value(replace(plan, columns=(other,))) is None


def test_where_everything_fits_there_is_no_such_test() -> None:
    plan = plan_of({"note": ["", "x" * 600], "text": ["", "x" * 600]})

    tests = formatted(plan)[TESTS]

    assert find_rejected_value(plan) is None
    assert "rejected" not in tests
    assert "CommandError" not in tests


@pytest.mark.parametrize(
    ("header", "dialect", "line"),
    [
        ("sku", Dialect(), 3),
        ("sku", Dialect(header=False), 2),
        ("sku", Dialect(quote=None), 3),
        ("two\nlines", Dialect(), 4),
        ("three\r\nlines, \n'", Dialect(quote="'"), 5),
    ],
)
def test_lines_are_those_of_the_file(header: str, dialect: Dialect, line: int) -> None:
    assert line_of_second_row(plan_of({header: ["a"]}, dialect=dialect)) == line


def test_a_long_header_and_a_long_text_stay_readable() -> None:
    header = "h" * 70
    typed = formatted(plan_of({header: ["1", "2"], "name": ["a", "b"]}))[TESTS]
    text = formatted(plan_of({header: ["", "b"]}))[TESTS]

    indent = " " * 8
    for name, value in (("row", '""'), ("bad", '"no number"')):
        start = f'{indent}{name} = ROW | {{\n{indent}    "{header}": '
        assert f"{start}{value}\n{indent}}}\n" in typed
    assert f'{indent}too_long = "x" * 11\n{indent}bad = ROW | {{\n' in text
    assert f'"{header}": too_long\n' in text


def test_where_nothing_is_in_quotes_the_reason_has_no_separator() -> None:
    plan = plan_of({"note": ["", "b"]}, dialect=Dialect(quote=None))
    [column] = plan.columns

    tests = formatted(replace(plan, columns=(replace(column, length=1234),)))[TESTS]

    assert '"_message": "longer than 1 234 characters",' in tests


def test_the_test_says_what_the_file_of_rejects_holds() -> None:
    tests = formatted(plan_of(PRODUCTS))[TESTS]

    assert (
        """\
    def test_a_row_that_does_not_fit_is_rejected(self) -> None:
        bad = OTHER | {"price": "no number"}

        with self.assertRaises(CommandError):
            self.run_import([ROW, bad], "--on-error=skip")

        self.assertQuerySetEqual(Product.objects.values(*CLEANED), [CLEANED])
        rejects = Path(f"{self.file}.rejects.csv")
        with rejects.open(newline="", encoding="utf-8") as file:
            [reject] = csv.DictReader(file)
        problem = {
            "_line": "3",
            "_column": "price",
            "_code": "unreadable",
            "_message": "not a number of up to 10 digits and 2 decimals",
        }
        self.assertEqual(reject, bad | problem)
"""
        in tests
    )


def test_a_row_that_is_rejected_has_not_the_key_of_one_that_is_imported() -> None:
    plan = plan_of(PRODUCTS)
    found = find_rejected_value(plan)

    assert found is not None
    assert found.row == "OTHER"
    [key] = plan.keys
    bare = [
        replace(column, invented=replace(column.invented, other=None))
        if column.name in key
        else column
        for column in plan.columns
    ]
    other = find_rejected_value(replace(plan, columns=tuple(bare)))
    assert other is not None
    assert (other.column.name, other.row) == (key[0], "ROW")
