"""What does not fit is skipped, kept as it stands in the file, and named."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from importkit.cleaning import CleaningDF, DType
from importkit.cleaning.stream import clean
from importkit.source import Dialect, read_csv, scan_csv
from importkit.source.delimited.file import DelimitedFile
from importkit.source.delimited.formulas import unguarded
from importkit.source.delimited.records import records_of
from importkit.source.delimited.rejects import records_at, write_rejects
from importkit.source.delimited.text import utf_8_chunks
from importkit.source.frames import MISFITS
from importkit.source.reading import files_read
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product, Store

pytestmark = pytest.mark.django_db

GOODS = """\
sku,price,store

1,1.50,
2,two,
"3
and more",x,Nowhere
4,4,Nowhere
5,5,6,7
this number is much too long,6,
7,7,
"""


class GoodsCleaningDF(CleaningDF):
    """Rules of a file of goods."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"sku": pl.String, "price": pl.Decimal(8, 2), "store__name": pl.String}

    @classmethod
    def get_rename_map(cls) -> dict[str, str]:
        return {"store": "store__name"}

    @classmethod
    def get_no_null_cols(cls) -> tuple[str, ...]:
        return ("sku",)

    @classmethod
    def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
        return (("sku",),)


def goods(path: Path, dialect: Dialect | None = None, *, lazy: bool = True) -> Import:
    """Return an import of a file of goods, which upserts."""
    read: Any = scan_csv if lazy else read_csv

    class Goods(Import):
        def handle_import(self) -> Any:
            return read(path, dialect or Dialect())

        def get_bulks_by_model(self, df: Any) -> Any:
            return {Product: df}

    return Goods({}, {Product: ("sku",)}, rules=GoodsCleaningDF)


def skus() -> list[str]:
    return sorted(Product.objects.values_list("sku", flat=True))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "goods.csv"
    path.write_text(GOODS)
    return path


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


def test_no_cell_of_rejects_is_a_formula_and_no_value_changes(file: Path) -> None:
    file.write_text("sku,price,store\n=1+1,x,\n\"'@a\",x,\n'=2,2,\n-3,x,\n")
    flags = ["--on-error", "skip", "--allow-rejects", "3"]
    run(goods(file), *flags)
    rejects = file.with_name("goods.csv.rejects.csv")

    text = rejects.read_text()

    assert [line.split(",")[0] for line in text.splitlines()] == [
        *("sku", "'=1+1", "\"''@a\"", "-3"),
    ]
    rejects.write_text(text.replace(",x,", ",1,"))
    run(goods(rejects))
    assert skus() == ["'=2", "'@a", "-3", "=1+1"]


def test_a_row_of_rejects_loses_nothing_but_its_reasons(tmp_path: Path) -> None:
    path = tmp_path / "again.csv"
    rows = [
        *('1,2,3,9,,fields,"3 fields, not 2"', "1,2,a,b,c", '"a,2,,quote,"b,c,d,e,f,g'),
        *('"a" b,9,"x; ""y""","quote; length",short; long', "1,2,,,,", "1,2,3,,,,"),
    ]
    path.write_text("\n".join(["x,y,_line,_column,_code,_message", *rows]))
    with files_read() as files:
        df = scan_csv(path).collect()
    problems = df.select(
        line="_line",
        column=pl.lit("="),
        value=pl.lit(None, pl.String),
        code=pl.lit("c"),
        reason=pl.lit("r"),
    )

    write_rejects(files[0], problems, tmp_path / "rejects.csv")

    assert (tmp_path / "rejects.csv").read_text().splitlines() == [
        "x,y,_line,_column,_code,_message",
        "1,2,3,2,'=,c,r",
        "1,2,a,b,c,3,'=,c,r",
        '"a,2,,quote,"b,c,d,e,f,g,4,\'=,c,r',
        '"a" b,5,\'=,c,r',
        "1,2,6,'=,c,r",
        "1,2,3,,,,,7,'=,c,r",
    ]


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
    path.write_text("of yesterday")
    flags = ["--on-error", "skip", "--rejects", str(path), "--allow-rejects", "9"]

    with pytest.raises(CommandError, match="Replace them"):
        run(goods(file), *flags)

    assert path.read_text() == "of yesterday"
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


def test_rows_are_looked_up_no_further_than_the_last_of_them(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importkit.source.delimited.rejects.SLICE_BYTES", 10)
    file.write_text("sku,price,store\n1,1.50,\n2,two,\n" + "3,3,\n" * 90)
    source = DelimitedFile(file, Dialect())
    read: list[bytes] = []

    def watched(*args: Any) -> Iterator[bytes]:
        for chunk in utf_8_chunks(*args):
            read.append(chunk)
            yield chunk

    monkeypatch.setattr("importkit.source.delimited.rejects.utf_8_chunks", watched)

    found = list(records_at(source, pl.Series([2, 3])))

    assert [record.text for record in found] == ["1,1.50,\n", "2,two,\n"]
    assert len(b"".join(read)) < 60


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


def test_a_stray_quote_takes_no_other_row_along(file: Path) -> None:
    file.write_text('sku,price,store\n1,1,\n2,"2"x,\n"3\n4",4,\n5,"a\n6"b,\n7,7,\n')

    with pytest.raises(CommandError) as error:
        run(goods(file), "--on-error", "skip")

    reason = "a quote that is not doubled (',' expected after '\"')"
    assert str(error.value).startswith(
        "3 problems in 3 rows:\n"
        f"  {reason} [quote], 2 rows\n"
        '    3 | 2,"2"x,\n'
        '    6 | 5,"a\n'
        "    Write a quote inside quotes twice.\n"
        "  2 fields instead of 3 [fields], 1 row\n"
        '    7 | 6"b,\n'
    )
    assert skus() == ["1", "3\n4", "7"]
    kept = file.with_name("goods.csv.rejects.csv").read_text().split("\n", 1)[1]
    quoted = reason.replace('"', '""')
    assert kept == (
        f'2,"2"x,,3,,quote,"{quoted}"\n'
        f'5,"a,6,,quote,"{quoted}"\n'
        '6"b,,7,,fields,2 fields instead of 3\n'
    )


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


@pytest.mark.parametrize(
    "dialect",
    [
        Dialect(";", "'", "cp1252"),
        Dialect("\t", None, "utf-16"),
        Dialect(header=False),
        Dialect("|"),
        Dialect("|", escape="\\"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_rejects_are_in_the_dialect_of_the_file(
    tmp_path: Path, dialect: Dialect, end: str
) -> None:
    path = tmp_path / "goods.csv"
    header = ["sku", "price", "store"] if dialect.header else []
    rows = [header, ["é1", "1", ""], ["é2", "zwei", ""], ["é3", "3", ""]]
    columns = ["sku", "price", "store__name"]
    headers = header or ["column_1", "column_2", "column_3"]
    text = "".join(dialect.separator.join(row) + end for row in rows if row)
    path.write_bytes(text.encode(dialect.encoding))

    class Rules(GoodsCleaningDF):
        @classmethod
        def get_rename_map(cls) -> dict[str, str]:
            return dict(zip(headers, columns, strict=True))

    command = goods(path, dialect)
    command._rules_of_source = Rules
    run(command, "--on-error", "skip", "--allow-rejects", "1")

    found = (tmp_path / "goods.csv.rejects.csv").read_bytes().decode(dialect.encoding)
    lines = found.split(end)
    assert [line.split(dialect.separator)[:4] for line in lines if line] == [
        *([[*header, "_line"]] if header else []),
        ["é2", "zwei", "", "3" if header else "2"],
    ]
    assert skus() == ["é1", "é3"]


class Anything(CleaningDF):
    """Two columns of text."""

    @classmethod
    def get_col_dtype_map(cls) -> dict[str, DType]:
        return {"x": pl.String, "y": pl.String}


# Whatever may stand in a file; what is no character of its encoding is one byte of it.
DEFECTS = st.lists(
    st.sampled_from(
        [*"ab1=-'", "é", '"', ",", "\n", "\r\n", "\r", "\0", " ", "\udc81"]
    ),
    max_size=30,
).map("".join)


@settings(
    max_examples=1000,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    DEFECTS,
    st.sampled_from([1, 3, 10, 4_000_000]),
    st.sampled_from(["utf-8", "cp1252"]),
)
def test_every_record_is_read_or_rejected_and_none_is_lost(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    size: int,
    encoding: str,
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", size)
    monkeypatch.setattr("importkit.source.delimited.rejects.SLICE_BYTES", size)
    dialect = Dialect(encoding=encoding)
    path = tmp_path / "odd.csv"
    path.write_bytes(f"x,y\n{text}".encode(encoding, "surrogateescape"))
    lines = io.StringIO(f"x,y\n{text}", newline="\n")
    records = list(records_of(lines, dialect))[1:]

    with files_read() as files:
        stream = clean(Anything, scan_csv(path, dialect), skip=True)
    read = stream.df.lazy().collect()["_line"].to_list()
    rejected = stream.problems["line"].unique().to_list()

    left_out = stream.left_out["line"].to_list()
    found = [*read, *rejected, *left_out]
    assert len(found) == len(set(found))
    # A row of nothing but separators and line ends is blank, or left out.
    filled = {row.line for row in records if row.text.strip(' ,"\r\n')}
    assert filled <= set(found) <= {row.line for row in records}
    write_rejects(files[0], stream.problems, tmp_path / "rejects.csv")
    kept = (tmp_path / "rejects.csv").read_bytes().decode(encoding, "surrogateescape")
    header, _, kept = kept.partition("\n")
    assert header == "x,y,_line,_column,_code,_message"
    for row in records:
        if row.line not in rejected:
            continue
        here, end, kept = re.split(
            rf"(,{row.line},(?=(?:\"?[xy]|,))[^,]*,)", kept, maxsplit=1
        )
        undone = unguarded(here, dialect)
        assert end
        assert undone == row.text.removesuffix("\n").rstrip("\r")
        reasons, line_end, kept = kept.partition("\n")
        [code] = re.findall(r'^"?([a-z_]+)', reasons)
        assert code in (*MISFITS, "control")
        closing = reasons[len(reasons.rstrip("\r")) :] + line_end
        assert row.text.endswith(closing) or row is records[-1]
    assert kept == ""


@settings(
    max_examples=500,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@example("a\r'=", 1)
@given(DEFECTS, st.sampled_from([1, 10, 4_000_000]))
def test_rejects_that_are_rejected_again_are_the_same_but_for_their_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, size: int
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", size)
    monkeypatch.setattr("importkit.source.delimited.rejects.SLICE_BYTES", size)
    path = tmp_path / "odd.csv"
    path.write_bytes(f"x,=y,'z\n{text}".encode(errors="surrogateescape"))
    kept = []
    for again in range(3):
        with files_read() as files:
            df = scan_csv(path).collect()
        assert df.columns[:3] == ["x", "=y", "'z"]
        problems = df.select(
            line="_line",
            column=pl.lit(""),
            value=pl.lit(None, pl.String),
            code=pl.lit("fields"),
            reason=pl.lit("as told"),
        )
        path = tmp_path / f"rejects{again}.csv"
        write_rejects(files[0], problems, path)
        lines = path.read_bytes().decode(errors="surrogateescape")
        kept.append(re.sub(r",\d+,,fields,as told", ",N,,fields,as told", lines))

    assert kept[0].startswith("x,'=y,'z,_line,_column,_code,_message\n")
    assert kept[1] == kept[0]
    assert kept[2] == kept[0]


CELLS = st.text(st.sampled_from("a1 ,\"\n\ré.\0='\udc81"), max_size=4)


@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(
    st.lists(st.tuples(CELLS, CELLS) | st.tuples(CELLS, CELLS, CELLS), max_size=8),
    st.sampled_from([1, 7, 4_000_000]),
)
def test_rejects_and_imported_rows_are_together_the_file(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    cells: list[tuple[str, ...]],
    size: int,
) -> None:
    monkeypatch.setattr("importkit.source.delimited.file.SLICE_BYTES", size)
    monkeypatch.setattr("importkit.source.delimited.rejects.SLICE_BYTES", size)
    Product.objects.all().delete()
    path = tmp_path / "drawn.csv"
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["sku", "price"])
    rows = [(f"{n}-{row[0]}", *row[1:]) for n, row in enumerate(cells)]
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(errors="surrogateescape"))
    rejects = tmp_path / "drawn.csv.rejects.csv"
    rejects.unlink(missing_ok=True)

    class Drawn(CleaningDF):
        @classmethod
        def get_col_dtype_map(cls) -> dict[str, DType]:
            return {"sku": pl.String, "price": pl.Decimal(8, 2)}

    class Goods(Import):
        def handle_import(self) -> Any:
            return scan_csv(path)

        def get_bulks_by_model(self, df: Any) -> Any:
            return {Product: df.with_columns(pl.col("price").fill_null(0))}

    command = Goods({}, {Product: ("sku",)}, rules=Drawn)
    run(command, "--on-error", "skip", "--allow-rejects", "100%")

    rejected = []
    if rejects.exists():
        with rejects.open(newline="", errors="surrogateescape") as file:
            rejected = [row[0] for row in list(csv.reader(file))[1:]]
    assert not set(rejected) & {sku for (sku, *_) in rows if sku.strip() in skus()}
    assert sorted([*(sku.strip() for sku in rejected), *skus()]) == sorted(
        sku.strip() for (sku, *_) in rows
    )


def test_rejects_without_quotes_can_be_rejected_again(tmp_path: Path) -> None:
    dialect = Dialect("|", None)
    path = tmp_path / "odd.csv"
    path.write_text("x|y|_line|_column|_code|_message\n1|2|3||fields|too few\n1|2\n")

    with files_read() as files:
        stream = clean(Anything, scan_csv(path, dialect), skip=True)
        stream.df.lazy().collect()
    write_rejects(files[0], stream.problems, tmp_path / "rejects.csv")

    assert (tmp_path / "rejects.csv").read_text() == (
        "x|y|_line|_column|_code|_message\n1|2|3||fields|2 fields instead of 6\n"
    )


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_that_are_skipped_stand_in_the_rejects_for_the_next_import(
    tmp_path: Path, end: str
) -> None:
    path = tmp_path / "goods.csv"
    lines = ['A title, "never closed', "", "sku,price,store", "1,1,", "2,two,", "3,3,"]
    path.write_bytes("".join(line + end for line in lines).encode())
    dialect = Dialect(skip=2)
    rejects = tmp_path / "goods.csv.rejects.csv"

    run(goods(path, dialect), "--on-error", "skip", "--allow-rejects", "1")

    found = rejects.read_bytes().decode().split(end)
    assert found[:2] == lines[:2]
    assert found[2] == "sku,price,store,_line,_column,_code,_message"
    assert found[3].startswith("2,two,,5,price,unreadable,")
    assert found[4:] == [""]
    rejects.write_bytes(rejects.read_bytes().replace(b"two", b"2"))
    run(goods(rejects, dialect))
    assert skus() == ["1", "2", "3"]


def test_escapes_stand_in_the_rejects_as_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    rows = [r'"1 \"x\"",one,', r"2\,x,two,", r'"=\"3\"",three,']
    path.write_text("\n".join(["sku,price,store", *rows]))
    dialect = Dialect(escape="\\")

    run(goods(path, dialect), "--on-error", "skip", "--allow-rejects", "3")

    rejects = tmp_path / "goods.csv.rejects.csv"
    found = rejects.read_text().splitlines()
    assert [line.split(",price,")[0].rpartition(",")[0] for line in found[1:]] == [
        rows[0],
        rows[1],
        rows[2].replace("=", "'="),
    ]
    assert read_csv(rejects, dialect)["sku"].to_list() == ['1 "x"', "2,x", '="3"']


@pytest.mark.parametrize(
    ("dialect", "header", "row"),
    [
        (Dialect(header_rows=2), ",,store\nsku,price,\n", "2,two,\n"),
        (Dialect(trailing=True), "sku,price,store\n", "2,two,,\n"),
        (Dialect(header_rows=2, trailing=True), ",,store\nsku,price\n", "2,two,\n"),
    ],
)
def test_rejects_below_an_unusual_header_can_be_imported(
    tmp_path: Path, dialect: Dialect, header: str, row: str
) -> None:
    path = tmp_path / "goods.csv"
    path.write_text(header + row.replace("two", "1").replace("2", "1") + row)
    rejects = tmp_path / "goods.csv.rejects.csv"

    run(goods(path, dialect), "--on-error", "skip", "--allow-rejects", "1")
    found = rejects.read_text()
    rejects.write_text(found.replace("two", "2"))
    run(goods(rejects, dialect))

    assert found.startswith(header.removesuffix("\n"))
    assert found.splitlines()[-1].startswith(row.removesuffix("\n"))
    assert skus() == ["1", "2"]
