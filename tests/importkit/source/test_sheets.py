"""The table of a sheet is found, and its cells are read as a person sees them."""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from importkit.errors import SourceError
from importkit.source import (
    LINE,
    PROBLEM,
    Dialect,
    files_read,
    read_source,
    scan_source,
)
from importkit.source.detection import detect_sheet
from importkit.source.sheets import SheetFile, open_sheet
from tests.importkit.workbook import rewrite, write_cells

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
PARTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STRICT = "http://purl.oclc.org/ooxml"

type Change = Callable[[str, str], str]


@pytest.fixture(params=["xlsx", "ods"])
def path(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    return tmp_path / f"goods.{request.param}"


# What workbooks of one kind hold only, or hold otherwise: test_ods_cells.py.
of_xlsx = pytest.mark.parametrize("path", ["xlsx"], indirect=True)


def column(path: Path, name: str, dialect: Dialect | None = None) -> list[Any]:
    """Return the cells of a column of a workbook."""
    return read_source(path, dialect or Dialect())[name].to_list()


def with_prefix(_: str, text: str) -> str:
    """Write the elements of a part as x:row and x:c."""
    if f'xmlns="{MAIN}"' not in text:
        return text
    text = re.sub(r"<(/?)(?=[A-Za-z])", r"<\1x:", text)
    return text.replace(f'xmlns="{MAIN}"', f'xmlns:x="{MAIN}"')


def without_places(name: str, text: str) -> str:
    """Leave out where rows and cells are: each is behind the one before it."""
    is_sheet = "worksheets/sheet" in name
    return re.sub(r'<(c|row) r="[A-Z]*[0-9]+"', r"<\1", text) if is_sheet else text


def strict(_: str, text: str) -> str:
    """Use the names of the strict variant of the standard."""
    text = text.replace(MAIN, f"{STRICT}/spreadsheetml/main")
    return text.replace(PARTS, f"{STRICT}/officeDocument/relationships")


@of_xlsx
@pytest.mark.parametrize(
    "change", [lambda _, text: text, with_prefix, without_places, strict]
)
def test_cells_are_seen_however_the_workbook_is_written(
    path: Path, change: Change
) -> None:
    day = date(2026, 1, 5)
    write_cells(
        path,
        [["plz", "when", "rate"], [1067, day, "=1/0"], [4109, day, 2]],
        formats={"A2": "00000", "A3": "00000", "B2": "yyyy-mm-dd", "B3": "yyyy-mm-dd"},
    )
    rewrite(path, lambda _, text: re.sub("<c ([^>]*)><f>1/0</f>", ERROR, text))
    rewrite(path, change)

    df = read_source(path)

    assert df["plz"].to_list() == ["01067", "04109"]
    assert df["when"].to_list() == [day, day]
    assert df["rate"].to_list() == ["#DIV/0!", "2"]
    assert df[LINE].to_list() == [2, 3]


ERROR = r'<c \1 t="e"><f>1/0</f><v>#DIV/0!</v>'


@of_xlsx
@pytest.mark.parametrize(
    ("code", "value", "seen"),
    [
        ("0%", 0.3, "30%"),
        ("0.0%", 0.07, "7%"),
        ("0.00%", 1.2345, "123.45%"),
        ('0" %"', 30, 30),  # The sign is text: the number stays.
        ("00000", 123, "00123"),
        ("00000;@", 123, "00123"),
        ("[$-407]00000", 123456, "123456"),
        (r"000\-00\-0000", 12345678, "012-34-5678"),
        ('00" "00', 123, "01 23"),
        ("00000", 12.5, 12.5),
        ("0.00", 1.5, 1.5),
        ("00.00", 1.5, 1.5),
        ("#,##0.00 [$€-407]", 1234.5, 1234.5),
    ],
)
def test_a_format_may_show_another_text_than_the_value(
    path: Path, code: str, value: float, seen: object
) -> None:
    write_cells(path, [["n"], [value]], formats={"A2": code})

    [cell] = column(path, "n")

    assert cell in (seen, str(seen))


@of_xlsx
def test_numbers_of_more_than_15_digits_are_text_as_they_are_stored(path: Path) -> None:
    write_cells(path, [["id", "flux"], [0, 0.5], [1, 2], [2, 3]])
    values = ["198610012009011005", "1.98610012009011e+17", "8.7352E+17"]
    for line, value in enumerate(values, 2):
        for place in (f"A{line}", f"B{line}"):
            rewrite(
                path,
                _with_value(place, value if line < 4 or place[0] == "A" else "0.5"),
            )

    sheet = open_sheet(path)
    file = SheetFile(sheet, Dialect())
    df = pl.concat(file.batches())

    assert df["id"].to_list() == [
        "198610012009011005",
        "1.98610012009011E+17",
        "8.7352E+17",
    ]
    assert df["flux"].dtype == pl.Float64  # Beside fractions they are quantities.
    assert file.long == {"id": [2, 3, 4]}


def _with_value(place: str, value: str) -> Change:
    pattern = rf'(<c r="{place}"[^>]*>)<v>[^<]*</v>'
    return lambda _, text: re.sub(pattern, rf"\g<1><v>{value}</v>", text)


def test_a_formula_without_a_value_is_a_problem_of_its_row(path: Path) -> None:
    write_cells(
        path, [["sku", "net", "gross"], ["A1", 10, 11.9], ["A2", 20, "=B3*1.19"]]
    )

    df = scan_source(path).collect()

    assert df[PROBLEM].to_list() == [
        None,
        'uncalculated: "gross" (C3) is a formula whose value nobody calculated',
    ]
    with pytest.raises(SourceError, match=r'"gross" \(C3\) is a formula'):
        read_source(path)


def test_each_formula_of_a_row_that_has_no_value_is_named(path: Path) -> None:
    write_cells(path, [["sku", "net", "gross"], ["A1", "=1+1", "=B2*1.19"]])

    [problem] = scan_source(path).collect()[PROBLEM]

    assert '"net" (B2) is a formula' in problem
    assert '"gross" (C2) is a formula' in problem


def test_true_beside_numbers_is_text(path: Path) -> None:
    write_cells(path, [["sku", "n"], ["A", 1], ["B", True]])

    assert column(path, "n") == ["1", "true"]


def test_a_formula_beside_and_below_all_values_is_a_problem_too(path: Path) -> None:
    write_cells(path, [[None, "sku", "n"], ["=B2", "A", 1], [], [None] * 3 + ["=A2"]])

    df = scan_source(path).collect()

    assert df.select("sku", "n", LINE).rows() == [("A", 1, 2), (None, None, 4)]
    assert df[PROBLEM].str.slice(0, 29).to_list() == [
        'uncalculated: "column_1" (A2)',
        'uncalculated: "column_4" (D4)',
    ]


def test_a_formula_left_of_all_values_changes_no_other_cell(path: Path) -> None:
    write_cells(path, [("=B1", None, "name"), (None, None, "a"), ("=B3", None, "b")])

    df = scan_source(path).collect()

    assert df.columns == ["=B1", "name", PROBLEM, LINE]
    assert df["name"].to_list() == ["a", "b"]
    assert df[PROBLEM].to_list() == [
        None,
        'uncalculated: "=B1" (A3) is a formula whose value nobody calculated',
    ]


@of_xlsx
def test_an_empty_text_is_a_value_of_a_formula(path: Path) -> None:
    write_cells(path, [["sku", "note"], ["A1", "x"], ["A2", "=A1"]])
    rewrite(path, lambda _, t: re.sub(r'<c (r="B3")><f>', r'<c \1 t="str"><f>', t))
    rewrite(path, lambda _, text: text.replace("</f>", "</f><v></v>"))

    assert column(path, "note") == ["x", None]


def test_numbers_beside_a_decimal_comma_are_not_read_as_thousands(path: Path) -> None:
    write_cells(path, [["sum"], ["1.234,50"], [1.234]])

    assert column(path, "sum") == ["1.234,50", "1.2340"]


def test_the_noise_of_a_number_beside_text_is_left_out(path: Path) -> None:
    write_cells(path, [["sum"], ["n/a"], [0.1 + 0.2], [7]])

    assert column(path, "sum") == ["n/a", "0.3", "7"]


GROUPS: list[list[Any]] = [
    ["Sales"],
    [],
    [None, "Q1", None, "Q2", None],
    ["Region", "Units", "EUR", "Units", "EUR"],
    ["North", 1, 1.5, 2, 2.5],
    ["South", 3, 4.25, 5, 6],
]


def test_titles_and_a_header_of_several_rows_are_found(path: Path) -> None:
    write_cells(path, GROUPS)

    dialect = detect_sheet(open_sheet(path))
    df = read_source(path, dialect)

    assert dialect == Dialect(skip=2, header_rows=2)
    assert df.columns == ["Region", "Q1 Units", "Q1 EUR", "Q2 Units", "Q2 EUR", LINE]
    assert df.row(0) == ("North", 1, 1.5, 2, 2.5, 5)


def test_empty_rows_above_a_header_are_not_skipped(path: Path) -> None:
    write_cells(path, [[], ["sku", "n"], ["A", 1], ["B", 2]])

    assert detect_sheet(open_sheet(path)) == Dialect()


def test_a_header_is_found_by_its_names_if_titles_come(path: Path) -> None:
    write_cells(path, [["Sales"], ["of June"], ["and May"], *GROUPS[2:]])

    def are_names(names: Any) -> bool:
        return "Q1 Units" in names

    with files_read(are_names) as files:
        df = scan_source(path, Dialect(skip=2, header_rows=2)).collect()

    assert df["Region"].to_list() == ["North", "South"]
    assert files[0].warnings == (
        "The header is in line 4, found by its names: the Dialect says skip=2, and this "
        "file needs skip=3.",
    )


def test_a_header_may_stand_below_many_empty_rows(path: Path) -> None:
    write_cells(path, [(None,)] * 1_200 + [("sku",), ("A1",)])

    assert column(path, "sku") == ["A1"]


def test_a_dialect_that_skips_the_sheet_is_refused(path: Path) -> None:
    write_cells(path, GROUPS)

    with pytest.raises(SourceError) as error:
        read_source(path, Dialect(skip=9))

    assert str(error.value) == (
        f'The sheet "Sheet1" of "{path.name}" has no header behind the 9 rows that its '
        "Dialect skips."
    )


def test_a_sheet_without_a_header_has_numbered_columns(path: Path) -> None:
    write_cells(path, [["A", 1], ["B", 2], ["C", 3]])

    df = read_source(path, Dialect(header=False))

    assert df.to_dict(as_series=False) == {
        "column_1": ["A", "B", "C"],
        "column_2": [1, 2, 3],
        LINE: [1, 2, 3],
    }


SPECIES: list[list[Any]] = [
    ["species", "sample", "length"],
    ["virginica", "s1", 5.1],
    [None, "s2", 5.2],
    [None, "s3", 5.3],
    ["setosa", "s4", 4.1],
]


def test_merged_cells_are_told_and_filled_where_the_dialect_says_so(path: Path) -> None:
    write_cells(path, SPECIES, merged=["A2:A4"])

    told = SheetFile(open_sheet(path), Dialect())
    filled = Dialect(fill_merged=True)

    assert told.warnings == (
        "Cells are merged, A2:A4: only the first cell has the value (fill_merged=True in "
        "a Dialect gives it to each row).",
    )
    assert column(path, "species") == ["virginica", None, None, "setosa"]
    assert column(path, "species", filled) == [*["virginica"] * 3, "setosa"]


def test_hidden_rows_and_columns_are_read_and_told(path: Path) -> None:
    write_cells(path, SPECIES, hidden=[1, 3, 5, "B:C"])

    file = SheetFile(open_sheet(path), Dialect())

    assert pl.concat(file.batches())[LINE].to_list() == [2, 3, 4, 5]
    assert file.warnings == (
        "The sheet hides rows 3, 5; an import reads hidden rows, too.",
        'The sheet hides "sample", "length"; an import reads hidden columns, too.',
    )


@of_xlsx
def test_a_workbook_with_broken_places_is_refused(path: Path) -> None:
    write_cells(path, SPECIES)
    rewrite(path, lambda _, text: text.replace('r="B3"', 'r="?"'))

    with pytest.raises(
        SourceError, match=r'"goods\.xlsx" cannot be read as a workbook'
    ):
        read_source(path)


def test_rejects_of_a_sheet_are_read_whatever_its_dialect_says(tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx.rejects.csv"
    path.write_text(
        "Region,n,_line,_column,_code,_message\nNorth,x,5,n,unreadable,no\n"
    )

    df = scan_source(path, Dialect(skip=2, header_rows=2)).collect()

    assert df["Region"].to_list() == ["North"]
