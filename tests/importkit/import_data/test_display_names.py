"""A file that is stored under another path has the name that people know in all messages."""

import gzip
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import call_command

from importkit.display_names import display_names, shown, shown_name
from importkit.source import Dialect, read_csv, scan_source
from tests.importkit.import_data.goods import GoodsCleaningDF
from tests.importkit.shop.imports import Import
from tests.importkit.shop.models import Product

pytestmark = pytest.mark.django_db

GOOD = "sku,price,store\n1,1.50,\n2,2,\n"
BAD = "sku,price,store\n1,1.50,\n2,two,\n3,3\n"


def importing(path: Path, **options: Any) -> Import:
    class Goods(Import):
        def handle_import(self) -> Any:
            if options.get("crashes"):
                with path.open() as file:
                    return file.read()
            if options.get("changes"):
                frame = scan_source(path)
                path.write_text(GOOD + "3,3,\n")
                return frame
            if options.get("whole"):
                return read_csv(path)
            dialect = options.get("dialect", Dialect())
            return scan_source(path, dialect, sheet=options.get("sheet"))

    return Goods(lambda df: {Product: df}, {Product: ("sku",)}, rules=GoodsCleaningDF)


def all_said(
    path: Path, flags: tuple[str, ...], caplog: pytest.LogCaptureFixture, **options: Any
) -> str:
    """Return what a person may read of a run: its output, error, report and log."""
    out, report = io.StringIO(), path.parent.parent / "run.json"
    said = []
    try:
        call_command(
            importing(path, **options),
            *("--report", str(report), "--yes", "-v2", *flags),
            stdout=out,
            stderr=out,
        )
    except Exception as error:
        said += [] if options.get("crashes") else [str(error)]
    said += [out.getvalue(), report.read_text() if report.exists() else ""]
    said += [record.getMessage() for record in caplog.records]
    return "\n".join(said)


def zipped(path: Path, *names: str) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, GOOD)


def of_parquet(path: Path) -> None:
    pl.read_csv(GOOD.encode()).write_parquet(path)
    path.write_bytes(path.read_bytes()[:-20] + b"PAR1")


def of_sheets(path: Path) -> None:
    pl.read_csv(GOOD.encode()).write_excel(path)


def damaged_sheet(path: Path) -> None:
    of_sheets(path)
    data = bytearray(path.read_bytes())
    data[200:400] = bytes(200)
    path.write_bytes(data)


def text(content: str | bytes) -> Callable[[Path], object]:
    data = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(data)


def nothing(path: Path) -> None:
    """Write no file."""


SKIP = ("--on-error", "skip", "--allow-rejects", "9")
CASES: dict[str, tuple[str, Callable[[Path], object], tuple[str, ...], dict[str, Any]]]
CASES = {
    "good": (".csv", text(GOOD), (), {}),
    "missing": (".csv", nothing, (), {}),
    "a folder": (".csv", lambda path: path.mkdir(), (), {}),
    "locked": (".csv", lambda path: path.symlink_to(path), (), {}),
    "empty": (".csv", text(""), (), {}),
    "no rows": (".csv", text("sku,price,store\n"), (), {}),
    "no header": (".csv", text(",,\n1,2,\n"), (), {}),
    "no line end": (".csv", text("x" * 3_000_000), (), {}),
    "another header": (".csv", text("article,cost\n1,2\n"), (), {}),
    "another encoding": (
        ".csv",
        text("sku,price,store\né,1,\n".encode("cp1252")),
        (),
        {},
    ),
    "another separator": (".csv", text(GOOD.replace(",", ";")), (), {}),
    "moved header": (".csv", text("Report\n" + GOOD), (), {"dialect": Dialect(skip=9)}),
    "nul bytes": (".csv", text(b"\0\1\2" * 99), (), {}),
    "a pdf": (".csv", text(b"%PDF-1.7 \n"), (), {}),
    "bad rows": (".csv", text(BAD), (), {}),
    "bad rows as a whole": (".csv", text(BAD), (), {"whole": True}),
    "rejects": (".csv", text(BAD), SKIP, {}),
    "too many rejects": (".csv", text(BAD), SKIP[:2], {}),
    "a dry run": (".csv", text(BAD), ("--dry_run", *SKIP), {}),
    "changed": (".csv", text(GOOD), (), {"changes": True}),
    "a crash": (".csv", nothing, (), {"crashes": True}),
    "two files": (".csv.zip", lambda path: zipped(path, "a.csv", "b.csv"), (), {}),
    "no file": (".csv.zip", zipped, (), {}),
    "no zip": (".csv.zip", text("PK\3\4 no zip"), (), {}),
    "damaged": (".csv.gz", text(gzip.compress(GOOD.encode())[:-9]), (), {}),
    "no gzip": (".csv.gz", text("no gzip"), (), {}),
    "no workbook": (".xlsx", text(GOOD), (), {}),
    "another workbook": (".xlsx", text(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), (), {}),
    "damaged workbook": (".xlsx", damaged_sheet, (), {}),
    "no sheet": (".xlsx", of_sheets, (), {"sheet": "Goods"}),
    "empty workbook": (".xlsx", text(""), (), {}),
    "damaged parquet": (".parquet", of_parquet, (), {}),
    "no parquet": (".parquet", text(GOOD), (), {}),
    "no json": (".json", text("[{"), (), {}),
    "no list": (".json", text("{}"), (), {}),
    "no lines of json": (".ndjson", text('{"sku": "1"}\n[\n'), (), {}),
}


@pytest.mark.parametrize("case", CASES)
def test_the_stored_path_appears_nowhere(
    case: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    ending, write, flags, options = CASES[case]
    path = tmp_path / "imports" / "41" / f"source{ending}"
    path.parent.mkdir(parents=True)
    write(path)

    with display_names({path: f"products{ending}"}):
        said = all_said(path, flags, caplog, **options)

    assert "source." not in said
    assert "imports" not in said
    assert f"products{ending}" in said


def test_rejects_of_a_stored_file_have_its_name_and_lie_beside_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "41" / "source.csv"
    path.parent.mkdir()
    path.write_text(BAD)
    rejects = path.with_name("source.csv.rejects.csv")

    with display_names({path: "products.csv"}):
        first = all_said(path, SKIP, caplog)
        rejects.write_text("of somebody else\n")
        (path.parent.parent / "run.json").unlink()
        second = all_said(path, SKIP, caplog)
        rejects.unlink()
        all_said(path, SKIP, caplog)
        again = all_said(rejects, (), caplog)

    assert '2 of 3 rows are in "products.csv.rejects.csv", to be corrected' in first
    assert '--rejects: "products.csv.rejects.csv" exists and does not hold' in second
    assert 'The lines are those of "products.csv.rejects.csv"' in again
    assert "source" not in first + second + again


def test_a_report_calls_its_files_by_their_names(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "41" / "source.csv"
    path.parent.mkdir()
    path.write_text(BAD)
    report = path.parent.parent / "run.json"

    with display_names({path: "products.csv"}):
        all_said(path, SKIP, caplog)
    found = json.loads(report.read_text())
    assert found["files"] == ["products.csv"]
    assert found["rejects"] == "products.csv.rejects.csv"

    path.with_name("source.csv.rejects.csv").unlink()
    all_said(path, SKIP, caplog)
    assert json.loads(report.read_text())["files"] == [str(path)]


def test_a_path_has_its_display_name_until_the_end_of_the_block(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    path, relative = tmp_path / "a" / "source.csv", Path("a/../a/source.csv")

    with display_names({path: "products.csv"}):
        assert shown(path) == shown(relative) == shown_name(path) == "products.csv"
        assert shown(path.with_name("source.csv.part")) == "products.csv.part"
        for other in "source.csv2", "source", "other.csv", "source.csv/x.csv":
            assert shown(path.parent / other) == str(path.parent / other)
        with display_names({relative: "goods.csv"}):
            assert shown(path) == "goods.csv"
        assert shown(path) == "products.csv"

    assert (shown(path), shown(relative)) == (str(path), str(relative))
    assert shown_name(path) == "source.csv"


def test_a_display_name_cannot_write_to_the_terminal(tmp_path: Path) -> None:
    path = tmp_path / "source.csv"

    with display_names({path: "\x1b[2J.csv"}):
        assert shown(path) == "\\x1b[2J.csv"


@pytest.fixture(autouse=True)
def names_end() -> Iterator[None]:
    yield
    from importkit import display_names  # noqa: PLC0415  its state, after each test

    assert not display_names._names
