"""``startimport``: what it refuses, with which exit code, and that nothing is written."""

from pathlib import Path

import polars as pl
import pytest
from django.core.management import CommandError, call_command

from tests.generators.startimport.runs import Start, contents
from tests.processes import run


def test_a_check_of_an_import_that_was_never_written_is_wrong_usage(
    start: Start, project: Path
) -> None:
    with pytest.raises(CommandError, match="no app has a command import_gad") as caught:
        start("gadgets", "--check")

    assert caught.value.returncode == 2
    assert contents(project) == {}


def test_a_check_and_a_diff_at_once_are_refused(project: Path, sample: Path) -> None:
    with pytest.raises(CommandError, match="not allowed with argument"):
        call_command("startimport", "gadgets", str(sample), "--check", "--diff")

    assert contents(project) == {}


def test_a_call_without_arguments_is_answered_with_an_example(made: Path) -> None:
    result = run(["python", "manage.py", "startimport"], made)

    assert result.returncode == 2
    assert result.stdout.splitlines() == [
        "usage: manage.py startimport NAME SAMPLE [options]",
        "manage.py startimport: error: say what the files hold, and name one of them: "
        "manage.py startimport products ../products.csv. See docs/startimport.md#options.",
    ]


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"DEBUG": "false"}, "SECRET_KEY is not set, and DEBUG is off: set SECRET_KEY"),
        (
            {"SECRET_KEY": "x" * 60},
            "startimport is a tool of development: run it where",
        ),
        ({"DEBUG": "perhaps"}, 'Environment variable "DEBUG" invalid'),
        ({"DATABASE_URL": "nothing"}, 'Environment variable "DATABASE_URL" invalid'),
    ],
)
def test_settings_in_which_it_cannot_run_are_told_without_a_traceback(
    untouched: Path, sample: Path, variables: dict[str, str], message: str
) -> None:
    command: list[str | Path] = ["python", "manage.py", "startimport", "gadgets"]

    result = run([*command, sample], untouched, variables=variables)

    assert result.returncode == 2
    assert result.stdout.startswith(message)
    assert "Traceback" not in result.stdout


@pytest.mark.parametrize("flag", ["delete", "batch_size", "threads", "processes"])
def test_a_flag_without_a_meaning_is_refused(
    flag: str, sample: Path, project: Path
) -> None:
    value = True if flag == "delete" else 2

    with pytest.raises(CommandError, match="writes code, not rows") as caught:
        call_command("startimport", "gadgets", sample, **{flag: value})

    assert caught.value.returncode == 2
    assert contents(project) == {}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("2gadgets", '"2gadgets" cannot name an import'),
        ("class", "it is a Python keyword"),
        ("json", "it is a module of Python's standard library"),
        ("auth", '"auth" is an installed app to which startimport adds no files'),
        ("admin", '"admin" is an installed app to which startimport adds no files'),
        ("importkit", '"importkit" is a part of the project itself'),
        ("importruns", '"importruns" is a part of the project itself'),
        ("config", '"config" is a part of the project itself'),
        ("tests", '"tests" is a part of the project itself'),
        ("polars", 'An app "polars" would hide the Python module "polars"'),
        ("../x", '"../x" cannot name an import'),
    ],
)
def test_a_name_that_is_taken_or_no_name_is_refused(
    name: str, message: str, start: Start, project: Path
) -> None:
    with pytest.raises(CommandError) as caught:
        start(name)

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.returncode == 2
    assert contents(project) == {}


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (
            ["--natural-key", "skuu"],
            'no column "skuu" for --natural-key (did you mean "sku"?)',
        ),
        (
            ["--natural-key", "sku,colour"],
            'has no column "colour" for --natural-key; there is "sku", "price".',
        ),
        (["--model-name", "gizmo"], '"gizmo" cannot name a model'),
        (["--model-name", "Path"], 'The import itself uses a class "Path"'),
        (["--model", "shop.Prodct"], '(did you mean "shop.Product"?)'),
        (["--model", "Product"], 'There is no model "Product" (did you mean'),
        (["--model", "auth.User"], "state with --app which app the import goes into"),
        (["--model", "shop.Product", "--model-name", "X"], "choose one of them"),
        (
            ["--app", "auth"],
            '"auth" is an installed app to which startimport adds no files',
        ),
    ],
)
def test_an_argument_that_does_not_fit_is_refused_with_the_way_out(
    flags: list[str], message: str, start: Start, project: Path
) -> None:
    with pytest.raises(CommandError) as caught:
        start("gadgets", *flags)

    assert message in str(caught.value)
    assert caught.value.returncode == 2
    assert contents(project) == {}


def test_a_natural_key_that_repeats_is_refused_with_the_count(
    start: Start, sample: Path
) -> None:
    sample.write_text("sku\nA\nB\nA\n A\n", encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        start("gadgets", "--natural-key", "sku")

    assert str(caught.value) == (
        '"sku" cannot be the natural key: 2 of 4 sample rows repeat an earlier one.'
    )


def test_a_kind_that_is_none_or_of_no_column_is_refused(start: Start) -> None:
    with pytest.raises(CommandError) as error:
        start("gadgets", "--type", "price=money")
    assert str(error.value) == (
        "--type price=money: write NAME=KIND; KIND is one of text, integer, decimal, float, "
        "boolean, date, datetime, time, duration, uuid, email, url, ip, json."
    )

    with pytest.raises(CommandError) as error:
        start("gadgets", "--type", "prize=text")
    assert str(error.value) == (
        'The sample has no column "prize" for --type (did you mean "price"?).'
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"sku,price\n", "has a header but no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not delimited text"),
        (b'a,"b\n1,2\n', "quote"),
    ],
)
def test_a_sample_that_is_no_table_is_refused(
    content: bytes, message: str, start: Start, sample: Path, project: Path
) -> None:
    sample.write_bytes(content)

    with pytest.raises(CommandError) as caught:
        start()

    assert message in str(caught.value)
    assert caught.value.returncode == 2
    assert contents(project) == {}


def test_a_sample_with_many_rows_that_cannot_be_read_is_refused(
    start: Start, sample: Path
) -> None:
    sample.write_text("sku,price\nA,1\nB,2,3\nC,4,5\nD,6\n")

    with pytest.raises(CommandError) as caught:
        start()

    assert "2 of 4 rows cannot be read: line 3: 3 fields instead of 2" in str(
        caught.value
    )


def test_a_missing_sample_and_a_folder_are_refused(
    start: Start, tmp_path: Path
) -> None:
    with pytest.raises(CommandError, match="There is no file") as missing:
        start(path=tmp_path / "missing.csv")
    with pytest.raises(CommandError, match="is a folder") as folder:
        start(path=tmp_path)

    assert (missing.value.returncode, folder.value.returncode) == (2, 2)


def test_a_folder_that_is_no_app_is_left_alone(start: Start, project: Path) -> None:
    (project / "gadgets").mkdir()

    with pytest.raises(CommandError, match="exists but is not an installed app"):
        start()


def test_a_command_of_another_app_is_not_hidden(
    start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = {"import_gadgets": "elsewhere"}
    monkeypatch.setattr("generators.request.places.get_commands", lambda: commands)

    with pytest.raises(CommandError, match='The app "elsewhere" has a command'):
        start()


def test_a_file_that_cannot_be_read_or_written_is_named_and_nothing_is_written(
    start: Start, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(CommandError) as caught:
        start()

    path = project / "gadgets/__init__.py"
    assert str(caught.value) == (
        f'No space left on device: "{path}"; nothing was written.'
    )
    assert caught.value.returncode == 2
    assert contents(project) == {}


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_more_columns_than_a_table_can_have_are_refused(
    suffix: str, project: Path, tmp_path: Path
) -> None:
    rows = pl.DataFrame({f"c{place}": ["a", "b"] for place in range(2_100)})
    wide = tmp_path / f"wide.{suffix}"
    rows.write_csv(wide) if suffix == "csv" else rows.write_excel(wide)

    with pytest.raises(CommandError, match="has 2,100 columns, but a table") as caught:
        call_command("startimport", "gadgets", wide)

    assert caught.value.returncode == 2
    assert contents(project) == {}
