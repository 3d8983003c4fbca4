"""Rows that have a problem are skipped, kept as they stand in the file, and named."""

import csv
import io
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError

from importkit.source import scan_csv
from tests.importkit.import_data.goods import (
    GOODS,
    GoodsCleaningDF,
    goods,
    skus,
)
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product, Store

pytestmark = pytest.mark.django_db


def test_good_rows_are_written_and_bad_ones_kept_as_they_are(file: Path) -> None:
    with pytest.raises(CommandError) as error:
        run(goods(file), "--on-error", "skip")

    assert error.value.returncode == 1
    rejects = file.with_name("goods.csv.rejects.csv")
    assert str(error.value) == (
        "5 problems in 5 rows:\n"
        "  price: not a number of up to 6 digits and 2 decimals [unreadable], 2 rows\n"
        "    4 | 2,two,\n"
        "      |   ^^^\n"
        '    6 | and more",x,Nowhere\n'
        "      |           ^\n"
        "    Correct the value, or declare how it is read in get_col_parser_map.\n"
        '  store__name ("store"): no store with this name [unknown], 1 row\n'
        "    7 | 4,4,Nowhere\n"
        "      |     ^^^^^^^\n"
        "    Import the parent first, or correct its key.\n"
        "  4 fields instead of 3 [fields], 1 row\n"
        "    8 | 5,5,6,7\n"
        "    Check the separator, and put quotes around text that holds it.\n"
        "  sku: longer than 20 characters [length], 1 row\n"
        "    9 | this number is much too long,6,\n"
        "      | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "    Correct the text, or change the length that the field allows.\n"
        "docs/codes.md says what each code in brackets means.\n"
        f'5 of 7 rows are in "{rejects}", to be corrected and imported from there.'
    )
    assert skus() == ["1", "7"]
    assert rejects.read_text() == (
        "sku,price,store,_line,_column,_code,_message\n"
        "2,two,,4,price,unreadable,not a number of up to 6 digits and 2 decimals\n"
        '"3\nand more",x,Nowhere,5,price,unreadable,'
        "not a number of up to 6 digits and 2 decimals\n"
        "4,4,Nowhere,7,store__name,unknown,no store with this name\n"
        "5,5,6,7,8,,fields,4 fields instead of 3\n"
        "this number is much too long,6,,9,sku,length,longer than 20 characters\n"
    )


def test_corrected_rejects_are_imported_as_they_are(file: Path) -> None:
    with pytest.raises(CommandError):
        run(goods(file), "--on-error", "skip")
    rejects = file.with_name("goods.csv.rejects.csv")
    Store.objects.create(name="Nowhere")
    text = rejects.read_text().replace("two", "2").replace(",x,", ",3,")
    text = text.replace("5,5,6,7,8", "5,5,,8").replace("this number is much too", "")
    rejects.write_text(text)

    output = run(goods(rejects), "--on-error", "skip")

    assert output == "Products: 5 new, 0 changed, 0 unchanged.\n"
    assert skus() == ["1", "2", "3\nand more", "4", "5", "7", "long"]
    assert not rejects.with_name(f"{rejects.name}.rejects.csv").exists()


def test_without_skipping_nothing_is_written_and_no_file_either(file: Path) -> None:
    with pytest.raises(CommandError, match="Nothing was written"):
        run(goods(file))

    assert skus() == []
    assert list(file.parent.iterdir()) == [file]


def test_a_plan_counts_rejects_and_writes_none(file: Path) -> None:
    with pytest.raises(CommandError, match=r"5 of 7 rows would be rejected\.$"):
        run(goods(file), "--on-error", "skip", "--dry_run")

    assert skus() == []
    assert list(file.parent.iterdir()) == [file]


@pytest.mark.parametrize(
    ("allowed", "is_enough"), [("5", True), ("4", False), ("72%", True), ("71%", False)]
)
def test_as_many_rejects_as_are_allowed_end_well(
    file: Path, allowed: str, *, is_enough: bool
) -> None:
    flags = ["--on-error", "skip", "--allow-rejects", allowed]
    if not is_enough:
        with pytest.raises(CommandError):
            run(goods(file), *flags)
        return
    output = run(goods(file), *flags)

    assert output.startswith("Products: 2 new, 0 changed, 0 unchanged.\n5 problems")
    assert "5 of 7 rows are in" in output
    assert run(goods(file), *flags, "--yes", "-v0") == ""


def test_rejects_that_are_there_are_not_replaced_without_asking(file: Path) -> None:
    path = file.with_name("kept.csv")
    flags = ["--on-error", "skip", "--rejects", str(path), "--allow-rejects", "9"]
    of_yesterday = "sku,_line,_column,_code,_message\n1,2,sku,length,long\n"
    path.write_text(of_yesterday)

    with pytest.raises(CommandError, match="Replace them"):
        run(goods(file), *flags)

    assert path.read_text() == of_yesterday
    assert skus() == []
    run(goods(file), *flags, "--yes")
    assert path.read_text().count("\n") == 7


@pytest.mark.parametrize(
    ("flags", "text"),
    [
        (["--rejects", "there.csv"], "only with --on-error skip"),
        (["--allow-rejects", "1"], "only with --on-error skip"),
        (["--on-error", "skip", "--mode", "sync", "--delete"], "would look like rows"),
    ],
)
def test_flags_that_do_not_go_together_are_refused(
    file: Path, flags: list[str], text: str
) -> None:
    with pytest.raises(CommandError, match=text) as error:
        run(goods(file), *flags)

    assert error.value.returncode == 2


def test_the_imported_file_is_never_taken_for_its_rejects(file: Path) -> None:
    with pytest.raises(CommandError, match="is the file that is imported"):
        run(goods(file), "--on-error", "skip", "--rejects", str(file), "--yes")

    assert file.read_text() == GOODS


def test_rejects_that_cannot_be_written_undo_the_run(file: Path) -> None:
    path = file.parent / "missing" / "rejects.csv"

    with pytest.raises(
        CommandError, match=r"cannot be written .*\nNothing was written"
    ):
        run(goods(file), "--on-error", "skip", "--rejects", str(path))

    assert skus() == []


def test_a_source_that_is_no_file_has_no_rejects() -> None:
    df = pl.DataFrame({"sku": ["1"]})

    with pytest.raises(CommandError, match="rejects are rows of one file"):
        run(Import({Product: df}), "--on-error", "skip")


def test_a_file_that_was_read_whole_has_rejects_too(file: Path) -> None:
    file.write_text(GOODS.replace("5,5,6,7\n", ""))

    with pytest.raises(CommandError, match="4 of 6 rows are in"):
        run(goods(file, lazy=False), "--on-error", "skip")

    assert skus() == ["1", "7"]
    text = file.with_name("goods.csv.rejects.csv").read_text()
    lines = [row["_line"] for row in csv.DictReader(io.StringIO(text))]
    assert lines == ["4", "5", "7", "8"]


def test_rows_without_columns_cannot_be_filtered_out_unseen(file: Path) -> None:
    class Filtering(type(goods(file))):  # type: ignore[misc]
        def handle_import(self) -> Any:
            return scan_csv(file).filter(pl.col("price").is_in(["1.50", "7"]))

    command = Filtering({}, {Product: ("sku",)}, rules=GoodsCleaningDF)

    with pytest.raises(CommandError, match=r"filters out rows .* \(1\)") as error:
        run(command)

    assert "Nothing was written." in str(error.value)
    assert skus() == []


def test_rows_of_a_frame_without_lines_cannot_be_skipped(file: Path) -> None:
    command = goods(file)
    command.get_bulks_by_model = (  # type: ignore[method-assign]
        lambda df: {Product: df.drop("_line")}
    )

    with pytest.raises(CommandError, match="has no _line") as error:
        run(command, "--on-error", "skip")

    assert "Nothing was written." in str(error.value)
    assert skus() == []


def test_of_rejects_only_the_fields_of_the_file_are_counted_and_shown(
    file: Path,
) -> None:
    with pytest.raises(CommandError):
        run(goods(file), "--on-error", "skip")

    with pytest.raises(CommandError) as error:
        run(goods(file.with_name("goods.csv.rejects.csv")))

    said = str(error.value)
    assert "  4 fields instead of 3 [fields], 1 row\n    6 | 5,5,6,7\n" in said
    assert "two,unreadable" not in said
    assert (
        'The lines are those of "goods.csv.rejects.csv"; its column _line has the lines '
        "of the file that the rows come from.\n"
    ) in said


def test_a_row_of_rejects_without_their_columns_says_so(file: Path) -> None:
    file.write_text("sku,price,store,_line,_column,_code,_message\na,1,\n")

    with pytest.raises(CommandError) as error:
        run(goods(file))

    assert (
        "3 fields instead of 7, the last 4 of which are those of rejects [fields]"
        in str(error.value)
    )


def test_a_reject_that_would_overwrite_a_good_row_says_so(tmp_path: Path) -> None:
    file = tmp_path / "goods.csv"
    file.write_text("sku,price,store\n20,1.50,\n21,3,\n20,9 each,\n")

    with pytest.raises(CommandError) as error:
        run(goods(file), "--on-error", "skip")

    assert (
        "  sku: a row without problems has this key too, and would be overwritten "
        "(line 2) [contradiction], 1 row\n"
        "    4 | 20,9 each,\n"
        "      | ^^\n" in str(error.value)
    )
    rejects = file.with_name("goods.csv.rejects.csv").read_text()
    assert "20,9 each,,4,price; sku,unreadable; contradiction," in rejects
