"""Whatever a file holds, each of its rows is imported or rejected, and none is lost."""

import csv
import io
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from importkit.cleaning import CleaningDF, DType
from importkit.cleaning.stream import clean
from importkit.source import Dialect, scan_csv
from importkit.source.delimited.formulas import unguarded
from importkit.source.delimited.records import records_of
from importkit.source.delimited.rejects import write_rejects
from importkit.source.frames import MISFITS
from importkit.source.reading import files_read
from tests.importkit.import_data.goods import (
    Anything,
    skus,
)
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db


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
    assume(encoding == "utf-8" or "é\udc81\udc81" not in text)  # A character of UTF-8.
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
    (tmp_path / "rejects.csv").unlink(missing_ok=True)  # Of the example before.
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
        path.unlink(missing_ok=True)  # Of the example before.
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
# Most rows misfit, and in the dialect that may be meant there is no header.
@example([("1", "=", "\udc81"), ("", "1", ' "')], 1)
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
    # Other quotes around separators, and decimal commas, are reasons to refuse a file as a
    # whole: tests of their own ask for that.
    assume(not re.search("'[^']*,[^']*'", text.getvalue()))
    assume(not any(re.fullmatch(r"[1\s]*,[1\s]*", price) for _, price, *_ in rows))
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
