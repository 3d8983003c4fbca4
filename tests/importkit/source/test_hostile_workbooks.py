"""A workbook that claims more than it holds, or is broken, ends in one sentence."""

import zipfile
from pathlib import Path

import pytest

from importkit.errors import SourceError
from importkit.source import read_source
from importkit.source.sheets.extent import MOST_CELLS, Extent
from tests.importkit.ods import row, table, write_ods
from tests.importkit.workbook import rewrite, write_cells

FAR = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "goods.xlsx"
    write_cells(path, [["sku", "n"], ["A1", 1]])
    return path


def change(path: Path, old: str, new: str) -> None:
    rewrite(path, lambda name, text: text.replace(old, new) if name == SHEET else text)


@pytest.mark.parametrize(
    "cell",
    [
        FAR,
        FAR.replace('r="', "r = '").replace('">', "' >"),
        '<row r="1048576"><c><v>1</v></c><c r="XFC3"><v>1</v></c></row></sheetData>',
        '<row r="4294967295"><c r="A4294967295"><v>1</v></c></row></sheetData>',
        '<row r="9"><c r="A9" s="a&gt;/>"/><c r="ZZ99999999"><v>1</v></c></row></sheetData>',
    ],
)
def test_room_that_a_sheet_only_claims_is_not_made(cell: str, path: Path) -> None:
    change(path, "</sheetData>", cell)

    with pytest.raises(SourceError) as error:
        read_source(path)

    assert path.stat().st_size < 10_000
    assert str(error.value) == (
        f'"goods.xlsx" has a sheet in which more than {MOST_CELLS:,} cells lie between its '
        "first and its last value: delete the values far below the table or to the right "
        "of it, and save the workbook again."
    )


def test_cells_that_hold_only_a_format_take_no_room(path: Path) -> None:
    change(
        path,
        "</sheetData>",
        '<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>',
    )

    assert read_source(path)["sku"].to_list() == ["A1"]


@pytest.mark.parametrize(
    ("xml", "cells"),
    [
        ('<row r="1"><c r="A1"><v/></c><c r="C1"><v/></c></row>', 3),
        ('<x:row r="7"><x:c r="B7"><v/></x:c><x:c r="D7"><v/></x:c></x:row>', 21),
        ("<row><c><v/></c><c><v/></c></row><row><c><v/></c></row>", 4),
        ('<row r="5"><c><v/></c></row><row><c><v/></c><c/><c><v/></c></row>', 18),
        ('<row r="3"/><row r="2"><c r="b2"><v/></c></row>', 3),
        ("<si><t>row c</t></si>", 0),
    ],
)
def test_the_extent_of_a_sheet_is_known_before_it_is_read(xml: str, cells: int) -> None:
    whole, in_pieces = Extent(), Extent()

    whole.see(xml)
    for piece in xml.split("<")[1:]:
        in_pieces.see(f"<{piece}")

    assert whole.cells == in_pieces.cells == cells


@pytest.mark.parametrize(("rows", "is_fine"), [(100, True), (3_000, False)])
def test_a_long_text_that_many_cells_share_is_not_copied_for_each(
    rows: int, path: Path, monkeypatch: pytest.MonkeyPatch, *, is_fine: bool
) -> None:
    limit = 200_000
    monkeypatch.setattr("importkit.source.sheets.extent.MOST_TEXT", limit)
    monkeypatch.setattr("importkit.source.sheets.workbooks.MOST_TEXT", limit)
    long, text = "x" * 1_000, "y"
    write_cells(path, [["a"], *([[text]] * rows), [long]])

    assert read_source(path).height == rows + 1
    write_cells(path, [["a"], *([[long]] * rows)])
    if is_fine:
        assert read_source(path).height == rows
        return
    with pytest.raises(SourceError, match=r"texts have more than 200,000 bytes"):
        read_source(path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("</c>", ""),
        ("</sheetData>", "<"),
        ('r="A1"', 'r="1A"'),
        ('t="s"><v>0', 't="s"><v>999'),
    ],
)
def test_a_malformed_sheet_is_refused_in_one_sentence(
    old: str, new: str, path: Path
) -> None:
    change(path, old, new)

    with pytest.raises(
        SourceError, match=r'^"goods.xlsx" cannot be read as a workbook'
    ):
        read_source(path)


def test_a_part_of_ods_that_breaks_off_is_refused(tmp_path: Path) -> None:
    # The reader of values would read on at its end for ever.
    path = tmp_path / "goods.ods"
    write_ods(path, table(row("sku"), row("A1")))
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["content.xml"] = parts["content.xml"].partition(b"A1")[0] + b"<"
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)

    with pytest.raises(SourceError, match=r'^"goods.ods" cannot be read as a workbook'):
        read_source(path)


def test_rows_of_ods_that_are_only_claimed_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.ods"
    far = row("x", number_rows_repeated=1_000_000_000)
    write_ods(path, table(row("sku"), far))

    with pytest.raises(SourceError, match=r'^"goods.ods" cannot be read as a workbook'):
        read_source(path)
