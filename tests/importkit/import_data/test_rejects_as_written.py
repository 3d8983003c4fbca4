"""Rejects are written as their file is written, and can be imported as they are."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError

from importkit.cleaning.stream import clean
from importkit.source import Dialect, read_csv, scan_csv
from importkit.source.delimited.file import DelimitedFile
from importkit.source.delimited.rejects import records_at, write_rejects
from importkit.source.delimited.text import utf_8_chunks
from importkit.source.reading import files_read
from tests.importkit.import_data.goods import Anything, GoodsCleaningDF, goods, skus
from tests.importkit.shop.imports import run

pytestmark = pytest.mark.django_db


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


def test_rejects_without_quotes_can_be_rejected_again(tmp_path: Path) -> None:
    dialect = Dialect("|", None)
    path = tmp_path / "odd.csv"
    path.write_text("x|y|_line|_column|_code|_message\n1|2|3||fields|too few\n1|2\n")

    with files_read() as files:
        stream = clean(Anything, scan_csv(path, dialect), skip=True)
        stream.df.lazy().collect()
    write_rejects(files[0], stream.problems, tmp_path / "rejects.csv")

    assert (tmp_path / "rejects.csv").read_text() == (
        "x|y|_line|_column|_code|_message\n1|2|3||fields|2 fields instead of 6, "
        "the last 4 of which are those of rejects\n"
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
        (Dialect(header_rows=2), ",,store\nsku,price\n", "2,two,\n"),
        (Dialect(short_rows=1), "sku,price,store\n", "2,two\n"),
        (Dialect(short_rows=1), "sku,price,store,extra\n", "2,two,,\n"),
        (Dialect(long_rows=2), "sku,price,store\n", "2,two,,x,y\n"),
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


def test_lines_in_quotes_stand_so_in_the_rejects(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text('"sku,price,store"\n"""1"",1,"\n"""2"",two,"\n')
    rejects = tmp_path / "goods.csv.rejects.csv"
    dialect = Dialect(quoted_lines=True)

    run(goods(path, dialect), "--on-error", "skip", "--allow-rejects", "1")

    found = rejects.read_text()
    assert found.splitlines()[0] == '"sku,price,store,_line,_column,_code,_message"'
    assert found.splitlines()[1].startswith('"""2"",two,,3,price,unreadable,')
    rejects.write_text(found.replace("two", "2"))
    run(goods(rejects, dialect))
    assert skus() == ["1", "2"]


def test_the_rejects_of_named_rows_have_a_name_for_each_cell(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text('"sku","price","store"\n"a",1,1,\n"b",2,two,\n"c",3\n')
    rejects = tmp_path / "goods.csv.rejects.csv"
    dialect = Dialect(row_names=True)

    run(goods(path, dialect), "--on-error", "skip", "--allow-rejects", "2")

    found = rejects.read_text()
    assert found.splitlines()[:2] == [
        'row_name,"sku","price","store",_line,_column,_code,_message',
        '"b",2,two,,3,price,unreadable,not a number of up to 6 digits and 2 decimals',
    ]
    assert found.splitlines()[2].startswith('"c",3,4,,fields,')
    rejects.write_text(found.replace("two", "2").replace('"c",3,', '"c",3,3,,'))
    run(goods(rejects, dialect))
    assert skus() == ["1", "2", "3"]


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
