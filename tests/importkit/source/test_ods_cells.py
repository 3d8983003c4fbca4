"""The cells of an OpenDocument sheet are read as a person sees them."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from importkit.errors import SourceError
from importkit.source import (
    LINE,
    PROBLEM,
    Dialect,
    read_source,
    scan_source,
)
from importkit.source.sheets import SheetFile, open_sheet
from tests.importkit.ods import cell, row, table, value_cell, write_ods

HEADER = row("v", "k")
NOTE = (
    "<office:annotation><dc:date>2026-01-31</dc:date><text:p>#N/A</text:p>"
    "</office:annotation>"
)
SHAPE = "<draw:frame><draw:text-box><text:p>drawn</text:p></draw:text-box></draw:frame>"
FORMULA = "of:=[.B2]/0"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "goods.ods"


def seen(path: Path, *cells: str) -> list[Any]:
    """Return what is read of cells, each in a row of one column."""
    write_ods(path, table(HEADER, *(row(cell, "x") for cell in cells)))
    return read_source(path)["v"].to_list()


@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [
        ("123", "00123", "00123"),
        ("12345678", "012-34-5678", "012-34-5678"),
        ("123456789", "123-45-6789", "123-45-6789"),
        ("123", "01 23", "01 23"),
        ("1234", "12 34", "12 34"),
        ("1234567", "1 234 567", 1234567),
        ("0", "0,00", 0),
        ("0", "0.00", 0),
        ("5", "05.00", 5),
        ("12.5", "00013", 12.5),
        ("-7", "-007", -7),
        ("7", "9 July 007", 7),
        ("1234.5", "1.234,50 €", 1234.5),
        ("44927", "01.01.23", 44927),
    ],
)
def test_zeros_in_front_and_marks_of_a_code_are_read(
    path: Path, value: str, shown: str, expected: object
) -> None:
    assert seen(path, cell("float", value, shown)) == [expected]


STYLES = """\
<number:number-style style:name="N1"><number:number number:min-integer-digits="5"/>
</number:number-style>
<number:number-style style:name="N2"><number:number number:min-integer-digits="2"
 number:decimal-places="2"/></number:number-style>
<number:number-style style:name="N3"><number:number number:min-integer-digits="5"
 number:grouping="true"/></number:number-style>
<style:style style:name="grouped" style:family="table-cell" style:data-style-name="N3"/>
<style:style style:name="zip" style:family="table-cell" style:data-style-name="N1"/>
<style:style style:name="bold" style:family="table-cell"
 style:parent-style-name="zip"/>
<style:style style:name="price" style:family="table-cell" style:data-style-name="N2"/>
"""


@pytest.mark.parametrize(
    ("style", "is_code"),
    [("zip", True), ("bold", True), ("price", False), ("grouped", False), ("", False)],
)
@pytest.mark.parametrize("of", ["cell", "row", "column"])
def test_a_number_that_needs_no_zero_is_a_code_by_its_format(
    path: Path, of: str, style: str, *, is_code: bool
) -> None:
    default = {"default_cell_style_name": style}
    number = cell(
        "float", 10115, 10115, **{"style_name": style} if of == "cell" else {}
    )
    line = row(number, "x", **default if of == "row" else {})
    column = f'<table:table-column table:default-cell-style-name="{style}"/>'

    columns = column if of == "column" else ""
    write_ods(path, table(HEADER, line, columns=columns), STYLES)

    assert read_source(path)["v"].to_list() == ["10115" if is_code else 10115]


def test_what_stands_above_the_header_is_no_reason_for_text(path: Path) -> None:
    title = row(cell("percentage", "0.5", "50%"), "of June")
    write_ods(path, table(title, HEADER, row(1, "x"), row(2, "x")))

    assert read_source(path, Dialect(skip=1))["v"].to_list() == [1, 2]


@pytest.mark.parametrize(
    ("value", "shown", "expected"),
    [("0.3", "30%", "30%"), ("1.2345", "123 %", "123.45%"), ("0.07", "7,0 %", "7%")],
)
def test_percentages_have_their_sign_and_all_digits(
    path: Path, value: str, shown: str, expected: str
) -> None:
    assert seen(path, cell("percentage", value, shown)) == [expected]


@pytest.mark.parametrize(
    "shown", ["#N/A", "#NV", "#DIV/0!", "#¡DIV/0!", "Err:502", "Erreur :502"]
)
def test_failed_formulas_are_what_they_show(path: Path, shown: str) -> None:
    cells = [
        cell("float", 0, shown, formula=FORMULA),
        cell("string", "", shown, formula=FORMULA),
        cell("string", "", shown).replace(
            "office", 'calcext:value-type="error" office', 1
        ),
        cell("float", 2.5, "2,5"),
    ]

    assert seen(path, *cells) == [shown, shown, shown, "2.5"]


def test_what_a_program_says_is_an_error_is_one_in_any_language(path: Path) -> None:
    told = cell("float", 0, "Fout").replace(
        "office", 'calcext:value-type="error" office', 1
    )

    assert seen(path, told, value_cell(2)) == ["Fout", "2"]


def test_numbers_that_look_like_errors_are_numbers(path: Path) -> None:
    shown = {"12": "#A12", "0": "#0", "3": "Nr:503"}
    cells = [cell("float", n, text, formula=FORMULA) for n, text in shown.items()]

    assert seen(path, *cells) == [12, 0, 3]


def test_a_formula_without_a_value_is_a_problem_and_one_with_an_empty_text_not(
    path: Path,
) -> None:
    empty = cell("string", "", "", formula="of:=[.A1]")
    write_ods(
        path,
        table(HEADER, row(1, "x"), row("=B2", "x"), row(2, empty), row(3, "x")),
    )

    df = scan_source(path).collect()

    assert df[PROBLEM].to_list() == [
        *(None, 'uncalculated: "v" (A3) is a formula whose value nobody calculated'),
        *(None, None),
    ]
    assert df["k"].to_list() == ["x", "x", None, "x"]


def test_numbers_of_more_than_15_digits_are_text_as_they_are_stored(path: Path) -> None:
    values = ["198610012009011005", "1.98610012009011E+017", "4011700740123"]

    assert seen(path, *(cell("float", v, "1,98E+17") for v in values)) == values
    assert SheetFile(open_sheet(path), Dialect()).long == {"v": [2, 3]}


def test_a_cell_is_its_own_text_without_notes_and_drawings(path: Path) -> None:
    texts = [
        f"{NOTE}<text:p>noted</text:p>",
        f"{SHAPE}<text:p>beside</text:p>",
        "<text:p>a<text:s text:c='2'/>b<text:tab/>c<text:line-break/>d</text:p>",
        "<text:p><text:span>one</text:span> <text:a>two</text:a></text:p>"
        "<text:p>three</text:p>",
    ]
    kind = '<table:table-cell office:value-type="string"'

    found = seen(path, *(f"{kind}>{text}</table:table-cell>" for text in texts))

    assert found == ["noted", "beside", "a  b\tc\nd", "one two\nthree"]


def test_notes_are_not_taken_for_what_a_number_shows(path: Path) -> None:
    noted = cell("float", 0, 0, formula=FORMULA).replace("<text:p>", f"{NOTE}<text:p>")
    only = f"<table:table-cell>{NOTE}</table:table-cell>"

    assert seen(path, noted, only, cell("float", 2, 2)) == [0, None, 2]


def test_a_text_without_a_type_is_read(path: Path) -> None:
    untyped = "<table:table-cell{}><text:p>abc</text:p></table:table-cell>"
    formula = f' table:formula="{FORMULA}"'

    found = seen(path, untyped.format(""), untyped.format(formula))

    assert found == ["abc", "abc"]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["PT09H05M00S", "PT30H00M00S"], ["9:05:00", "30:00:00"]),
        (["PT100H00M01S", "-PT01H00M00S"], ["100:00:01", "-1:00:00"]),
        (["PT00H59M59.999999999S", "PT00H00M00.5S"], ["1:00:00", "0:00:00.5"]),
        (["P1DT2H", "PT5M"], ["26:00:00", "0:05:00"]),
    ],
)
def test_times_and_durations_of_any_length_are_read(
    path: Path, cells: list[str], expected: list[str]
) -> None:
    assert seen(path, *(cell("time", text, "") for text in cells)) == expected


def test_times_beside_other_cells_are_text(path: Path) -> None:
    clock = cell("time", "PT09H05M00S", "09:05")

    assert seen(path, clock, value_cell("x")) == ["9:05:00", "x"]
    assert seen(path, clock, value_cell(1.5)) == ["9:05:00", "1.5"]
    assert seen(path, clock, value_cell(date(2026, 1, 5))) == ["9:05:00", "2026-01-05"]


def test_moments_are_read_whether_or_not_one_is_at_midnight(path: Path) -> None:
    noon = cell("date", "2026-01-31T12:30:15", "31.01.26")
    day, midnight = value_cell(date(2026, 2, 1)), "2026-02-01T00:00:00"

    assert seen(path, noon, day) == [
        datetime(2026, 1, 31, 12, 30, 15),
        datetime(2026, 2, 1),
    ]
    assert seen(path, day, cell("date", midnight, "")) == [date(2026, 2, 1)] * 2
    assert seen(path, noon, value_cell("later")) == ["2026-01-31 12:30:15", "later"]


def test_cells_that_are_written_once_are_read_as_often_as_they_stand(
    path: Path,
) -> None:
    zeros = cell("float", 7, "007", number_columns_repeated=2)
    empty = row(value_cell(None, number_columns_repeated=9), number_rows_repeated=3)

    write_ods(
        path,
        table(
            empty,
            row(None, "a", "b", "c"),
            row(None, zeros, 1, number_rows_repeated=2),
            empty,
            row(None, "=B9", cell("float", 7, "007")),
        ),
    )
    df = scan_source(path).collect()

    assert df.select("a", "b", "c", LINE).rows() == [
        ("007", "007", 1, 5),
        ("007", "007", 1, 6),
        ("=B9", "007", None, 10),
    ]


def test_rows_in_groups_and_of_tables_elsewhere_are_counted_right(path: Path) -> None:
    other = table(row(cell("float", 1, "001"), "y"), name="Other")
    sheet = table(
        f"<table:table-header-rows>{HEADER}</table:table-header-rows>",
        "<table:table-row-group><table:table-rows><text:soft-page-break/>",
        row(cell("float", 7, "007"), "x", visibility="filter"),
        "</table:table-rows></table:table-row-group>",
        row(cell("float", 12, "012"), "x"),
    )
    write_ods(path, other + sheet + table(row("#"), name="Last"))

    df = read_source(path, sheet="Sheet1")
    file = SheetFile(open_sheet(path, "Sheet1"), Dialect())

    assert df["v"].to_list() == ["007", "012"]
    assert file.warnings == (
        "The sheet hides row 2; an import reads hidden rows, too.",
    )


def test_hidden_rows_at_the_end_are_not_told(path: Path) -> None:
    last = row(None, visibility="collapse", number_rows_repeated=1_048_000)
    write_ods(path, table(HEADER, row(1, "x"), last))

    assert SheetFile(open_sheet(path), Dialect()).warnings == ()


def test_empty_cells_beyond_the_largest_sheet_are_nothing(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    many = value_cell(None, number_columns_repeated=16_384)
    write_ods(
        path, table(HEADER, row(1, "x", many), row(many, number_rows_repeated=2**20))
    )

    assert read_source(path).rows() == [(1, "x", 2)]
    assert caplog.messages == []


def test_merged_cells_of_rows_and_columns_are_told_and_filled(path: Path) -> None:
    merged = value_cell("m", number_columns_spanned=2, number_rows_spanned=2)
    covered = "<table:covered-table-cell/>"
    repeated = '<table:covered-table-cell table:number-columns-repeated="2"/>'
    write_ods(
        path,
        table(
            row("a", "b", "c"),
            row(merged, covered, 1),
            row(repeated, 2),
        ),
    )

    told = SheetFile(open_sheet(path), Dialect())
    filled = read_source(path, Dialect(fill_merged=True))

    assert pl.concat(told.batches())["c"].to_list() == [1, 2]
    assert told.warnings[0].startswith("Cells are merged, A2:B3: only the first")
    assert filled["a"].to_list() == ["m", "m"]


@pytest.mark.parametrize(
    "last",
    [
        row(*"ab", number_rows_repeated=1_048_576),
        row(value_cell(None, number_columns_repeated=16_384), "x"),
        row("x", number_rows_repeated="many"),
    ],
)
def test_a_sheet_that_is_larger_than_sheets_are_is_refused(
    path: Path, last: str
) -> None:
    write_ods(path, table(HEADER, row(1, "x"), last))

    with pytest.raises(SourceError, match=r'"goods\.ods" cannot be read as a workbook'):
        read_source(path)
