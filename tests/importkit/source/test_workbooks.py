"""Sheets of workbooks are read as a person sees them."""

import logging
import sys
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from unittest.mock import patch

import pytest

from importkit.errors import SourceError
from importkit.source import LINE, read_source, scan_source
from importkit.source.sheets import workbooks
from tests.importkit.workbook import write_workbook

# A sheet with a number and a text, as LibreOffice writes it.
ODS = """\
<office:document-content
 xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.3">
<office:body><office:spreadsheet><table:table table:name="Goods">
<table:table-row><table:table-cell office:value-type="string"><text:p>sku</text:p></table:table-cell
><table:table-cell office:value-type="string"><text:p>n</text:p></table:table-cell
></table:table-row>
<table:table-row><table:table-cell office:value-type="string"><text:p>007</text:p></table:table-cell
><table:table-cell office:value-type="float" office:value="2">
<text:p>2</text:p></table:table-cell></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>
"""
MANIFEST = """\
<manifest:manifest
 xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">
</manifest:manifest>
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "goods.xlsx"
    write_workbook(path)
    return path


def test_cells_keep_types_zeros_and_errors_and_rows_their_number(path: Path) -> None:
    df = read_source(path)

    assert df.to_dicts() == [
        {
            "code": "00012",
            "n": 1,
            "price": 19.99,
            "day": date(2026, 1, 31),
            "at": time(9, 5),
            "moment": datetime(2026, 1, 31, 12, 30, 15),
            "took": "30:00:00",
            "open": True,
            "mixed": "5",
            "zip": "00123",
            LINE: 4,
        },
        {
            "code": "00013",
            "n": 30_000_000_000,
            "price": 0.3,
            "day": date(2026, 2, 28),
            "at": time(23, 59, 59),
            "moment": datetime(2026, 2, 28),
            "took": "0:00:00",
            "open": False,
            "mixed": "x",
            "zip": "99999",
            LINE: 6,
        },
        {
            **dict.fromkeys(("day", "at", "moment", "took", "zip")),
            **{"code": "00014", "n": 3, "price": 5.0, "open": True},
            **{"mixed": "#N/A", LINE: 7},
        },
    ]
    assert scan_source(path).collect().equals(df)


def test_an_ods_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "goods.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", MANIFEST)
        archive.writestr("content.xml", ODS)

    assert read_source(path).to_dicts() == [{"sku": "007", "n": 2, LINE: 2}]


def test_of_several_sheets_with_data_the_first_is_read_and_the_others_are_named(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    write_workbook(path, more_sheets=True)

    with caplog.at_level(logging.WARNING):
        df = read_source(path)

    assert df.height == 3
    assert caplog.messages == [
        '"goods.xlsx": the sheet "Goods" is read; there is data in "Other", too.'
    ]


@pytest.mark.parametrize("sheet", ["Other", 3, "3"], ids=repr)
def test_a_sheet_is_chosen_by_name_or_number(path: Path, sheet: str | int) -> None:
    write_workbook(path, more_sheets=True)

    assert read_source(path, sheet=sheet).to_dicts() == [{"sku": "A1", LINE: 2}]


@pytest.mark.parametrize(
    ("sheet", "message"),
    [
        ("Othr", '"goods.xlsx" has no sheet "Othr" (did you mean "Other"?): it has'),
        ("9", '"goods.xlsx" has no sheet "9": it has "Goods", "Nothing", "Other".'),
        ("Nothing", 'The sheet "Nothing" of "goods.xlsx" is empty.'),
    ],
)
def test_a_sheet_that_is_not_there_or_empty_is_refused(
    path: Path, sheet: str, message: str
) -> None:
    write_workbook(path, more_sheets=True)

    with pytest.raises(SourceError) as error:
        read_source(path, sheet=sheet)

    assert message in str(error.value)


def test_a_file_without_sheets_is_read_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx.rejects.csv"
    path.write_text("a\n1\n")

    assert read_source(path, sheet="Goods").to_dicts() == [{"a": "1", LINE: 2}]


def test_a_workbook_that_unpacks_to_too_much_is_refused(path: Path) -> None:
    with (
        patch.multiple(workbooks, MOST_WHOLE_BYTES=1000),
        pytest.raises(SourceError) as error,
    ):
        read_source(path)

    assert str(error.value) == (
        '"goods.xlsx" unpacks to more than 1,000 bytes. If you trust it, save its '
        "sheet as CSV, and import that."
    )


def test_a_workbook_whose_parts_are_larger_than_they_say_is_refused(path: Path) -> None:
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/bomb.xml", b"0" * 1_000_000)
    data = path.read_bytes()
    path.write_bytes(data.replace((1_000_000).to_bytes(4, "little"), b"\x10\0\0\0"))

    with pytest.raises(SourceError, match=r'"goods\.xlsx" is damaged'):
        read_source(path)


def test_a_missing_extra_is_named_with_the_command_that_installs_it(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "fastexcel", None)

    with pytest.raises(SourceError) as error:
        read_source(path)

    assert str(error.value) == (
        '"goods.xlsx" cannot be read without the package "fastexcel": install it '
        "(uv add fastexcel, or pip install fastexcel)."
    )


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "is empty."),
        (b"sku;price\nA-1;2\n", "is text, not a workbook. If it is a table, give it a"),
        (b"<html><body>Log in</body></html>", "is an HTML page, not a workbook."),
        (b"\x1f\x8b\x08\x00", "is packed with gzip, not a workbook. Unpack it first."),
        (b"\x00\x01\x02", "is not an .xlsx or .ods workbook, or has a password"),
    ],
)
def test_another_file_under_the_name_of_a_workbook_is_told(
    tmp_path: Path, content: bytes, what: str
) -> None:
    path = tmp_path / "goods.xlsx"
    path.write_bytes(content)

    with pytest.raises(SourceError) as error:
        read_source(path)

    assert f'"goods.xlsx" {what}' in str(error.value)
