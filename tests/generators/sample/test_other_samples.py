"""A sample of any kind gives an import that reads it, with no row lost."""

import gzip
import io
import json
import sys
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.generators.golden import copy_project
from tests.importkit.workbook import write_cells, write_workbook
from tests.processes import run, succeed

type Make = Callable[[Path], None]

FRAME = pl.DataFrame(
    {
        "sku": ["A1", "A2", "A3"],
        "price": [Decimal("1.50"), Decimal("20.00"), None],
        "stock": [1, 5_000_000_000, 3],
        "since": [date(2026, 1, 31), None, date(2026, 2, 28)],
        "weight": [1.5, 0.25, 3.0],
        "tags": [["a"], [], None],
    }
)
DELIMITED = b"sku;price\nA1;1,50\nA2;20,00\n"


SAMPLES: dict[str, tuple[str, Make]] = {
    "books": ("goods.xlsx", lambda path: write_workbook(path, more_sheets=True)),
    "packs": ("goods.csv.gz", lambda path: _write(path, gzip.compress(DELIMITED))),
    "lines": ("goods.ndjson", lambda path: _write(path, FRAME.write_ndjson().encode())),
}


def test_imports_of_other_kinds_import_their_samples(tmp_path: Path) -> None:
    project = tmp_path / "project"
    copy_project(project)
    manage = ["python", "manage.py"]

    for name, (file, make) in SAMPLES.items():
        make(tmp_path / file)
        succeed([*manage, "startimport", name, f"../{file}"], project)
    succeed([*manage, "migrate", "-v0"], project)

    for name, (file, _) in SAMPLES.items():
        output = succeed([*manage, f"import_{name}", "--file", f"../{file}"], project)
        new = 2 if name == "packs" else 3
        assert f"{name.title()}: {new} new, 0 changed, 0 unchanged." in output
    succeed(["ruff", "check", *SAMPLES], project)
    succeed(["ruff", "format", "--check", *SAMPLES], project)
    succeed(["pytest", "-q", *SAMPLES], project)


def test_what_is_not_of_such_a_sample_is_refused(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "goods.parquet"
    FRAME.write_parquet(path)

    for flags, told in {
        ("--encoding", "cp1252"): '--encoding: "goods.parquet" is not delimited text.',
        ("--quote", "none"): '--quote: "goods.parquet" is not delimited text.',
        ("--skip", "1", "--no-header"): (
            '--no-header, --skip: "goods.parquet" is not delimited text or a workbook.'
        ),
        ("--sheet", "Goods"): '--sheet: "goods.parquet" is not a workbook.',
        ("--type", "stock=float"): (
            '"stock" has a type in the sample (Int64), which --type can only change to '
            "text: leave --type out."
        ),
    }.items():
        with pytest.raises(CommandError) as error:
            start(path, *flags)
        assert str(error.value) == told
    assert not list(project.iterdir())


def test_a_column_with_a_type_can_be_made_text(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "goods.parquet"
    FRAME.write_parquet(path)

    start(path, "--type", "stock=text")

    models = (project / "gadgets/models.py").read_text()
    assert "stock = models.CharField(max_length=" in models


def test_the_schema_of_a_sheet_says_where_its_header_is(tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    write_workbook(path, more_sheets=True)

    schema = json.loads(start(path, "--sheet", "Other", "--schema"))

    assert (schema["rows"], schema["dialect"]["skip"]) == (1, 0)


ROWS: list[list[Any]] = [
    ["Prices"],
    ["Kind", "SKU", "EUR"],
    ["nut", "A1", 1],
    [None, "A2", 2],
]


@pytest.mark.parametrize(
    ("flags", "headers", "rows"),
    [
        ((), ["Kind", "SKU", "EUR"], 2),
        (("--skip", "0"), ["Prices", "column_2", "column_3"], 3),
        (("--skip", "2", "--no-header"), ["column_1", "column_2", "column_3"], 2),
        (("--header-rows", "2"), ["Kind nut", "SKU A1", "EUR 1"], 1),
    ],
)
def test_where_the_table_of_a_sheet_starts_can_be_stated(
    tmp_path: Path, flags: tuple[str, ...], headers: list[str], rows: int
) -> None:
    path = tmp_path / "goods.xlsx"
    write_cells(path, ROWS)

    schema = json.loads(start(path, *flags, "--schema"))

    assert [column["header"] for column in schema["columns"]] == headers
    assert schema["rows"] == rows


def test_merged_cells_are_filled_where_the_user_says_so(
    project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "goods.xlsx"
    write_cells(path, ROWS, merged=["A3:A4"])

    start(path, "--fill-merged")

    command = project / "gadgets/management/commands/import_gadgets.py"
    assert "Dialect(skip=1, fill_merged=True)" in command.read_text()


@pytest.mark.usefixtures("project")
def test_a_sample_of_standard_input_tells_what_is_wrong_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    broken = io.BytesIO(b"a,b\n1\n2\n3,4\n")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(broken))

    with pytest.raises(CommandError, match=r'"standard_input\.csv": 2 of 3 rows'):
        start("-")


def _write(path: Path, data: bytes) -> None:
    path.write_bytes(data)


@pytest.fixture
def project(tmp_path: Path, settings: Settings) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    settings.BASE_DIR = folder
    return folder


def start(sample: Path | str, *flags: str) -> str:
    out = StringIO()
    call_command("startimport", "gadgets", sample, *flags, stdout=out)
    return out.getvalue()


def command_of(project: Path) -> str:
    return (project / "gadgets/management/commands/import_gadgets.py").read_text()


def test_the_types_of_a_sample_are_taken_as_they_are(
    project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "goods.parquet"
    FRAME.write_parquet(path)

    lines = start(path).splitlines()

    assert lines[0] == "goods.parquet: 3 rows, 6 columns, Parquet"
    models = (project / "gadgets/models.py").read_text()
    for line in (
        "sku = models.CharField(max_length=10, unique=True)",
        "stock = models.BigIntegerField()",
        "since = models.DateField(null=True, blank=True)",
        "weight = models.FloatField()",
    ):
        assert line in models
    assert 'return scan_source(self.get_option("file"))' in command_of(project)


def test_a_sample_of_json_has_the_types_that_json_has(
    project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "goods.json"
    path.write_text(FRAME.write_json())

    lines = start(path).splitlines()

    assert lines[0] == "goods.json: 3 rows, 6 columns, JSON"
    models = (project / "gadgets/models.py").read_text()
    assert "stock = models.BigIntegerField()" in models
    assert "since = models.DateField(null=True, blank=True)" in models
    assert 'return scan_source(self.get_option("file"))' in command_of(project)


def test_the_first_of_several_sheets_is_named_and_written_into_the_command(
    project: Path, tmp_path: Path
) -> None:
    path = tmp_path / "goods.xlsx"
    write_workbook(path, more_sheets=True)

    output = start(path)

    assert output.splitlines()[0] == (
        'goods.xlsx: 3 rows, 10 columns, sheet "Goods" (--sheet takes another: "Other")'
    )
    assert 'scan_source(self.get_option("file"), sheet="Goods")' in command_of(project)


def test_another_sheet_is_taken_if_asked_for(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "goods.xlsx"
    write_workbook(path, more_sheets=True)

    output = start(path, "--sheet", "Other")

    assert output.splitlines()[0] == 'goods.xlsx: 1 row, 1 column, sheet "Other"'
    assert 'scan_source(self.get_option("file"), sheet="Other")' in command_of(project)


@pytest.mark.usefixtures("project")
def test_a_sheet_of_a_file_without_sheets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.csv"
    path.write_text("a\n1\n")

    with pytest.raises(CommandError, match=r'--sheet: "goods\.csv" is not a workbook'):
        start(path, "--sheet", "Other")


@pytest.mark.usefixtures("project")
def test_a_sample_whose_extra_is_missing_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "goods.xlsx"
    write_workbook(path)
    monkeypatch.setitem(sys.modules, "fastexcel", None)

    with pytest.raises(CommandError) as error:
        start(path)

    assert str(error.value) == (
        '"goods.xlsx" cannot be read without the package "fastexcel": install it '
        "(uv add fastexcel, or pip install fastexcel)."
    )


@pytest.mark.usefixtures("project")
def test_a_column_without_a_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "goods.parquet"
    pl.DataFrame({"sku": ["A1"], "image": [b"x"]}).write_parquet(path)

    with pytest.raises(CommandError) as error:
        start(path)

    assert str(error.value) == (
        'There are no fields for these columns of the sample: "image" (Binary). Leave '
        "them out of it."
    )


def test_rejects_of_a_typed_file_are_text_that_is_imported_again(
    tmp_path: Path,
) -> None:
    sample, project = tmp_path / "goods.parquet", tmp_path / "project"
    FRAME.write_parquet(sample)
    copy_project(project)
    for command in ("startimport gadgets ../goods.parquet", "migrate -v0"):
        succeed(["python", "manage.py", *command.split()], project)
    sku = (
        pl.when(pl.col("sku") == "A2")
        .then(pl.lit("=A2, much too long"))
        .otherwise("sku")
    )
    FRAME.with_columns(sku.alias("sku")).write_parquet(sample)
    importing = ["python", "manage.py", "import_gadgets", "--file"]

    result = run([*importing, sample, "--on-error", "skip"], project)

    assert result.returncode == 1
    assert "line 2: '=A2, much too long'" in result.stdout
    rejects = tmp_path / "goods.parquet.rejects.csv"
    assert rejects.read_text() == (
        "sku,price,stock,since,weight,tags,_line,_column,_code,_message\n"
        '"\'=A2, much too long",20.00,5000000000,,0.25,[],2,sku,length,'
        "longer than 10 characters\n"
    )
    rejects.write_text(rejects.read_text().replace(", much too long", ""))
    output = succeed([*importing, rejects], project)
    assert "Gadgets: 1 new, 0 changed, 0 unchanged." in output


def test_rejects_of_a_packed_file_are_plain_and_beside_it(tmp_path: Path) -> None:
    sample, project = tmp_path / "goods.csv.gz", tmp_path / "project"
    sample.write_bytes(gzip.compress(DELIMITED))
    copy_project(project)
    for command in ("startimport gadgets ../goods.csv.gz", "migrate -v0"):
        succeed(["python", "manage.py", *command.split()], project)
    sample.write_bytes(gzip.compress(DELIMITED + b"A3;many\n"))
    importing = [
        "python",
        "manage.py",
        "import_gadgets",
        "--on-error",
        "skip",
        "--file",
    ]

    result = run([*importing, sample], project)
    piped = run([*importing, "-"], project, answers=(DELIMITED + b"A3;many\n").decode())

    assert "    4 | A3;many\n      |    ^^^^\n" in result.stdout
    assert (tmp_path / "goods.csv.gz.rejects.csv").read_text() == (
        "sku;price;_line;_column;_code;_message\n"
        "A3;many;4;price;unreadable;not a number like 1234,50 of up to 10 digits and 2 decimals\n"
    )
    assert piped.stdout == (
        'CommandError: --on-error skip: "standard_input.csv" was read from a pipe '
        "or a URL, so that there is no file beside which its rejects could lie: say with "
        "--rejects where they go.\n"
    )
