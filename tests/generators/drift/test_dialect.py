"""``startimport --check``: a file in another dialect than that of the command."""

import pytest

from importkit.source import Dialect
from tests.generators.drift.gadgets import (
    DIALECT,
    FILE,
    RETYPED,
    Check,
    GadgetCleaningDF,
    report,
)


def test_rows_that_cannot_be_read_are_told(check: Check) -> None:
    assert check(f"{FILE}A-4,Desk\n") == report(
        "fields: Check the separator, and put quotes around text that holds it.",
        "- 2 fields instead of 5, 1 of 4 rows, on line 5",
        size="4 rows, 5 columns",
    )


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (FILE.replace(",", ";").encode(), ('separator=";"', 'separator=","')),
        (
            FILE.replace("Lamp", "Lämp").encode("cp1252"),
            ('encoding="cp1252"', 'encoding="utf-8"'),
        ),
    ],
    ids=["separator", "encoding"],
)
def test_a_file_that_is_written_otherwise_is_told_and_read_so(
    check: Check, content: bytes, told: tuple[str, str]
) -> None:
    new, old = told
    assert check(content) == report(
        DIALECT, f"- {new} in the file, {old} in the import"
    )


def test_a_file_that_cannot_be_read_at_all_is_told_with_how_it_is_written(
    check: Check,
) -> None:
    assert check(FILE.encode("utf-16")) == (
        "1: new.csv does not fit import_gadgets:\n"
        "  not read: An import refuses the file as a whole.\n"
        '    "new.csv" seems to be written in utf-16, but the Dialect says utf-8: its header '
        "has the names then. If all files are written so from now on, write "
        'encoding="utf-16" in the Dialect of the import; else have this file written as '
        "before. See docs/importing.md#files-that-are-written-otherwise.\n"
        f"  {DIALECT}\n"
        '    encoding="utf-16" in the file, encoding="utf-8" in the import\n'
    )


def test_a_file_that_cannot_be_read_differs_from_its_import_not_from_the_default(
    check: Check,
) -> None:
    above = "Gadgets\nof a shop\n"
    file = above + FILE.replace(",", "\t").replace("Lamp", "Lämp")
    own = Dialect(separator=";", encoding="cp1252", skip=2)

    found = check(file, dialect=own)

    assert "  not read: " in found
    assert found.endswith(
        f"  {DIALECT}\n"
        '    separator="\\t", encoding="utf-8" in the file, separator=";", '
        'encoding="cp1252" in the import\n'
    )


def test_utf_8_in_place_of_another_encoding_is_told_as_an_import_refuses_it(
    check: Check,
) -> None:
    latin = Dialect(encoding="cp1252")

    assert check(FILE.replace("Lamp", "Lämp"), dialect=latin) == (
        "1: new.csv does not fit import_gadgets:\n"
        "  not read: An import refuses the file as a whole.\n"
        '    "new.csv" is UTF-8, but the Dialect says cp1252, which reads "ä" as "Ã¤" '
        '(line 4). Write encoding="utf-8" in the Dialect of the import, or save the '
        "file as cp1252.\n"
        f"  {DIALECT}\n"
        '    encoding="utf-8" in the file, encoding="cp1252" in the import\n'
    )
    assert check(FILE, dialect=latin).startswith("new.csv fits")


def test_another_decimal_mark_is_told_without_the_dialect_that_fits(
    check: Check,
) -> None:
    content = (
        FILE.replace(",", ";").replace(";1.50;", ";1,50;").replace("20.00", "20,00")
    )

    found = check(content.replace("3.25", "3,25"), dialect=Dialect(separator=";"))

    assert found.startswith(
        "1: new.csv does not fit import_gadgets:\n"
        "  not read: An import refuses the file as a whole.\n"
        '    "Price" is written with a decimal comma'
    )
    assert DIALECT not in found


def test_the_dialect_of_the_owner_stands_as_long_as_the_file_reads_so(
    check: Check,
) -> None:
    content = FILE.replace("Lamp", "10 €").encode("iso8859-15")

    found = check(content, dialect=Dialect(encoding="iso8859-15"))

    assert found == "new.csv fits import_gadgets: 3 rows, 5 columns.\n"


def test_a_header_that_is_missing_is_told_without_the_values_in_its_place(
    check: Check,
) -> None:
    rows = FILE.partition("\n")[2]

    assert check(rows) == (
        f"1: new.csv does not fit import_gadgets:\n  {DIALECT}\n"
        "    header=False in the file, header=True in the import\n"
    )


class PlainCleaningDF(GadgetCleaningDF):
    """The rules for files without a header."""

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {
            f"column_{place}": name
            for place, name in enumerate(cls.get_col_dtype_map(), start=1)
        }


def test_files_without_a_header_are_compared_by_their_places(check: Check) -> None:
    rows = FILE.partition("\n")[2].replace(",4,", ",4.5,")

    found = check(rows, rules=PlainCleaningDF, dialect=Dialect(header=False))

    assert found == report(
        RETYPED,
        '- "column_4": not a whole number between -2,147,483,648 and 2,147,483,647, 1 of 3 rows, on line 2; '
        "decimal in this file",
    )


def test_a_header_that_is_new_is_told_and_is_not_a_row(check: Check) -> None:
    found = check(FILE, rules=PlainCleaningDF, dialect=Dialect(header=False))

    assert found == report(
        DIALECT, "- header=True in the file, header=False in the import"
    )


def test_a_header_below_notes_is_found_as_an_import_finds_it(check: Check) -> None:
    assert check(f"Gadgets\n\n{FILE}") == (
        "new.csv fits import_gadgets: 3 rows, 5 columns.\n"
        "The header is in line 3, found by its names: the Dialect says skip=0, and this "
        "file needs skip=2.\n"
    )
