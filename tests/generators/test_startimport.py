"""The command: what it refuses, what it says, and that every flag is kept."""

import json
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from tests.generators.golden import copy_project
from tests.processes import run, succeed

type Start = Callable[..., str]

SAMPLE = "sku,price\nA-1,1.50\nA-2,20.00\n"
OTHER_SAMPLE = "sku,price\nA-1,1.50\nA-2,\n"
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def project(tmp_path: Path, settings: Settings) -> Path:
    """An empty folder that counts as the project."""
    folder = tmp_path / "project"
    folder.mkdir()
    settings.BASE_DIR = folder
    return folder


@pytest.fixture
def sample(tmp_path: Path) -> Path:
    path = tmp_path / "sample.csv"
    path.write_text(SAMPLE, encoding="utf-8")
    return path


@pytest.fixture
def start(project: Path, sample: Path) -> Start:
    """Run the command in this process; return what it prints."""

    def run_command(name: str = "gadgets", *flags: str, path: Path = sample) -> str:
        out = StringIO()
        call_command("startimport", name, path, *flags, stdout=out)
        return out.getvalue()

    return run_command


@pytest.fixture
def made(tmp_path: Path, sample: Path) -> Path:
    """A project of its own, in which the import of gadgets was started."""
    folder = tmp_path / "made"
    copy_project(folder)
    succeed(["python", "manage.py", "startimport", "gadgets", sample], folder)
    return folder


def again(project: Path, sample: Path, *flags: str) -> tuple[int, str]:
    """Start the same import with another sample; return exit code and output."""
    sample.write_text(OTHER_SAMPLE, encoding="utf-8")
    command: list[str | Path] = ["python", "manage.py", "startimport", "gadgets"]
    result = run([*command, sample, *flags], project)
    return result.returncode, result.stdout


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return {str(path): path.read_bytes() for path in paths if path.is_file()}


def test_the_output_says_what_was_read_and_done_and_what_comes_next(
    start: Start, sample: Path
) -> None:
    output = start()

    assert (
        output
        == f"""\
sample.csv: 2 rows, 2 columns, separator ",", utf-8

   header  field  type                                           empty  reason
   sku     sku    CharField(max_length=10, unique=True)                 {reason(output, 3)}
   price   price  DecimalField(max_digits=12, decimal_places=2)         {reason(output, 4)}

      create  gadgets/__init__.py
      create  gadgets/admin.py
      create  gadgets/apps.py
      create  gadgets/cleaning/__init__.py
      create  gadgets/cleaning/gadgets.py
      create  gadgets/management/__init__.py
      create  gadgets/management/commands/__init__.py
      create  gadgets/management/commands/import_gadgets.py
      create  gadgets/migrations/0001_initial.py
      create  gadgets/migrations/__init__.py
      create  gadgets/models.py
      create  gadgets/tests/__init__.py
      create  gadgets/tests/test_import_gadgets.py

3 guesses are marked "Guess:" in gadgets/cleaning/gadgets.py and gadgets/models.py: check them.

Add this line to INSTALLED_APPS in your settings:
    "gadgets",

Next:
   uv run manage.py migrate
   uv run pytest gadgets
   uv run manage.py import_gadgets --file {sample} --dry_run
"""
    )


def reason(output: str, line: int) -> str:
    """Return the reason at the end of a line: infer.py's own words."""
    return output.splitlines()[line].split("  ")[-1].strip()


def test_a_dry_run_says_what_would_be_done_and_writes_nothing(
    start: Start, project: Path
) -> None:
    output = start("gadgets", "--dry_run")

    assert "   create  gadgets/models.py\n" in output
    assert output.endswith("\nNothing was written (--dry_run).\n")
    assert contents(project) == {}


def test_a_diff_shows_the_new_files_and_writes_nothing(
    start: Start, project: Path
) -> None:
    output = start("gadgets", "--diff")

    assert output.startswith("--- /dev/null\n+++ b/gadgets/admin.py\n")
    assert "+    sku = models.CharField(max_length=10, unique=True)\n" in output
    assert contents(project) == {}


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


def test_headers_that_look_like_patterns_are_names(
    start: Start, project: Path, sample: Path
) -> None:
    sample.write_text("^b$,b,*,self\n1,x,2,u\n3,y,4,v\n", encoding="utf-8")

    start("gadgets", "--natural-key", "^b$")

    rules = (project / "gadgets/cleaning/gadgets.py").read_text("utf-8")
    assert '"^b$": cls.' in rules
    assert '"self": cls.SELF_VALUE_COL' in rules


def test_the_app_is_the_one_that_is_asked_for(start: Start, project: Path) -> None:
    start("gadgets", "--app", "stock_room")

    command = project / "stock_room/management/commands/import_gadgets.py"
    assert "from stock_room.models import Gadget\n" in command.read_text("utf-8")
    assert not (project / "gadgets").exists()


def test_the_model_is_called_as_it_is_asked_for(start: Start, project: Path) -> None:
    start("gadgets", "--model-name", "Gizmo")

    assert "class Gizmo(models.Model):" in (project / "gadgets/models.py").read_text()


def test_a_natural_key_takes_the_place_of_the_guess(
    start: Start, project: Path
) -> None:
    start("gadgets", "--natural-key", "Price")

    cleaning = (project / "gadgets/cleaning/gadgets.py").read_text(encoding="utf-8")
    assert "return ((cls.PRICE_COL,),)" in cleaning
    assert "never repeats" not in cleaning


def test_a_natural_key_may_be_called_by_its_field_and_counts_once(
    start: Start, sample: Path, project: Path
) -> None:
    sample.write_text("class,price\nA,1\nB,2\n", encoding="utf-8")

    start("gadgets", "--natural-key", "class_value, class")

    cleaning = (project / "gadgets/cleaning/gadgets.py").read_text(encoding="utf-8")
    assert "return ((cls.CLASS_VALUE_COL,),)" in cleaning


def test_rows_without_a_natural_key_repeat_nothing(start: Start, sample: Path) -> None:
    sample.write_text("sku,price\nA,1\n,2\n,3\n", encoding="utf-8")

    assert "unique=True" in start("gadgets", "--natural-key", "sku")


def test_a_natural_key_may_have_several_columns(start: Start, project: Path) -> None:
    start("gadgets", "--natural-key", "sku, price")

    models = (project / "gadgets/models.py").read_text(encoding="utf-8")
    assert 'fields=("sku", "price")' in models


@pytest.mark.parametrize("flag", ["delete", "batch_size", "threads", "processes"])
def test_a_flag_without_a_meaning_is_refused(
    flag: str, sample: Path, project: Path
) -> None:
    value = True if flag == "delete" else 2

    with pytest.raises(CommandError, match="writes source files, no rows") as caught:
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
        (["--app", "auth"], '"auth" is an installed app to which startimport adds no files'),
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


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        (b" \n\n", "is empty"),
        (b"sku,price\n", "has a header but no rows"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "not a text file"),
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


COMMAND = "gadgets/management/commands/import_gadgets.py"
ROWS = "".join(f"A-{n},{n}.50\n" for n in range(20))


@pytest.mark.parametrize(
    ("content", "dialect", "notes"),
    [
        (
            f"Prices\n\nsku,price\n{ROWS}".encode(),
            "Dialect(skip=2)",
            ["skip=2: 2 lines before the header"],
        ),
        (
            f"Prices\n{ROWS}".encode(),
            "Dialect(header=False, skip=1)",
            ["skip=1: 1 line before the first row"],
        ),
        (
            b"a,,b,\nx,y,x,y\n1,2,3,4\n5,6,7,8\n",
            "Dialect(header_rows=2)",
            ["header_rows=2: their names are joined by column"],
        ),
        (
            b"sku;price\nA-1;1.5;\nA-2;2.5;\n",
            'Dialect(separator=";", trailing=True)',
            ["trailing=True: rows end with a separator that their header lacks"],
        ),
        (
            b'sku,text\n"A-1","6\\" nail"\n"A-2","nail"\n',
            'Dialect(escape="\\\\")',
            ["escape: \\ makes text of quotes and separators"],
        ),
        (
            b"x y\n1 2\n3 4\n5 6\n",
            'Dialect(separator=" ")',
            ['separator " " is unusual: is it right?'],
        ),
        (
            "sku,ort\nA-1,Köln\nA-2,Bonn\n".encode("cp1252"),
            'Dialect(encoding="cp1252")',
            ['cp1252 ("Köln"): it is no UTF-8'],
        ),
        (
            "sku,ville\nA-1,Orléans\nA-2,Besançon\nA-3,Évry-Épône\n".encode(
                "mac-roman"
            ),
            'Dialect(encoding="latin-1")',
            [
                'latin-1 ("Orl\\x8eans"): it is no UTF-8, and holds bytes that cp1252 '
                "lacks; its letters read better as mac-roman: is it --encoding mac-roman?",
                "3 rows hold a control character, which an import refuses, first line 2 "
                "(U+008E)",
            ],
        ),
        (
            f"sku,price\n{ROWS}Total\n".encode(),
            None,
            [
                "1 row left out that an import refuses, line 22 (1 field instead of 2), "
                "at the end: a footer, or another table?"
            ],
        ),
        (
            f"sku,price\n{ROWS}\nshop,city,size\nS1,Rome,2\nS2,Oslo,3\n".encode(),
            None,
            [
                "3 rows left out that an import refuses, the first is line 23 "
                "(3 fields instead of 2): another table starts there; only the first "
                "is read, cut the file there"
            ],
        ),
        (
            f"sku,price\n{ROWS}\nshop,size\nS1,2\nS2,3\n".encode(),
            None,
            [
                "another table starts at line 23: its rows are taken for rows of the "
                "first; cut the file there"
            ],
        ),
        (
            f"sku,price\n{ROWS}sku,price\nB,2\n".encode(),
            None,
            ["line 22 repeats the header: an import takes it for a row"],
        ),
        (
            f"sku,name,price\n{ROWS.replace(',', ',x,')}Total,,210\n".encode(),
            None,
            ["line 22 looks like a total: an import takes it for a row"],
        ),
        (
            f"sku,price\n{ROWS}Source: the till,\n".encode(),
            None,
            ["line 22 looks like a note: an import takes it for a row"],
        ),
        (
            f"sku,price,note\n{ROWS.replace(',', ',x,')}B,1,7 \x96 8\nC,\x1b2,b\n".encode(),
            None,
            [
                "2 rows hold a control character, which an import refuses, first line 22 "
                "(U+0096): text of cp1252 that was read as latin-1?"
            ],
        ),
        (
            f"sku,price\n{ROWS}B,\x1b2\n".encode(),
            None,
            [
                "1 row holds a control character, which an import refuses, line 22 "
                "(U+001B)"
            ],
        ),
        (f"sku,price\n{ROWS}\nTotal Recall,9\n".encode(), None, []),
        (f"sku,price\n{ROWS}\nB,n/a\nC,2\nD,3\n".encode(), None, []),
        (f"sku,price\nZ,open\n{ROWS}\nB,open\nC,2\nD,3\n".encode(), None, []),
        (
            f"sku,price\nA,1,2\n{ROWS}B,2,3\n".encode(),
            None,
            [
                "2 rows left out that an import refuses, the first is line 2 "
                "(3 fields instead of 2)"
            ],
        ),
        (
            f"sku,text\n{'A-1,né\n' * 20}A-2,n".encode() + b"\xe9\n",
            None,
            [
                'utf-8 ("né"): all but 1 byte of it are',
                "1 row left out that an import refuses, line 22 (the byte 0xe9 is not "
                "utf-8), at the end: a footer, or another table?",
            ],
        ),
    ],
)
def test_what_is_unusual_about_a_sample_is_said_and_written_into_the_command(
    content: bytes,
    dialect: str | None,
    notes: list[str],
    start: Start,
    sample: Path,
) -> None:
    sample.write_bytes(content)

    output = start()

    assert output.split("\n\n")[0].splitlines()[1:] == [f"   {note}" for note in notes]
    command = sample.with_name("project").joinpath(COMMAND).read_text(encoding="utf-8")
    assert ("DIALECT = " in command) is bool(dialect)
    assert f"\nDIALECT = {dialect}\n" in command or not dialect


def test_an_encoding_that_is_named_is_believed(
    start: Start, sample: Path, project: Path
) -> None:
    sample.write_bytes("sku,ville\nA-1,Orléans\n".encode("mac-roman"))

    output = start("gadgets", "--encoding", "mac-roman")

    assert output.startswith(
        'sample.csv: 1 row, 2 columns, separator ",", mac-roman\n\n'
    )
    command = project.joinpath(COMMAND).read_text(encoding="utf-8")
    assert 'DIALECT = Dialect(encoding="mac-roman")\n' in command


@pytest.mark.parametrize(
    ("encoding", "message"),
    [
        ("utf-99", 'Python knows no encoding "utf-99".'),
        ("ascii", '"sample.csv" is not ascii: line 2 holds the byte 0xc3.'),
    ],
)
def test_an_encoding_that_is_not_of_the_sample_is_refused(
    encoding: str, message: str, start: Start, sample: Path
) -> None:
    sample.write_text("sku,ort\nA-1,Köln\n")

    with pytest.raises(CommandError) as caught:
        start("gadgets", "--encoding", encoding)

    assert str(caught.value).startswith(message)


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
    monkeypatch.setattr("generators.request.get_commands", lambda: commands)

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


def test_a_module_in_another_encoding_is_left_alone(
    tmp_path: Path, sample: Path
) -> None:
    folder = tmp_path / "made"
    copy_project(folder)
    settings = folder / "config/settings.py"
    text = b"# -*- coding: latin-1 -*-\n# caf\xe9\n" + settings.read_bytes()
    settings.write_bytes(text)

    output = succeed(["python", "manage.py", "startimport", "gadgets", sample], folder)

    assert (
        "config/settings.py was not changed, because it is not valid Python in UTF-8"
        in output
    )
    assert settings.read_bytes() == text


def test_nothing_in_a_header_or_a_file_name_reaches_the_terminal_raw(
    start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "bad\x1b[2J\u202e.csv"
    path.write_text("\x1b[31mred\u202e,b\n1,2\n", encoding="utf-8")

    output = start(path=path)

    assert all(char == "\n" or char.isprintable() for char in output)
    assert "\\x1b[31mred\\u202e" in output


def test_an_existing_model_decides_and_what_it_lacks_is_listed(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    path = tmp_path / "sample.csv"
    path.write_text("SKU,Price,Store,Tags,Colour\nA-1,x,1,[],red\n", encoding="utf-8")
    out = StringIO()

    call_command(
        "startimport", "wares", path, "--model", "shop.Product", "--dry_run", stdout=out
    )

    lines = [line.split(maxsplit=3) for line in out.getvalue().splitlines()]
    described = {line[0]: line[1:3] for line in lines if len(line) > 3}
    assert described["SKU"] == ["sku", "String"]
    assert described["Store"] == ["store_id", "Int64"]
    assert "Colour  not a field of shop.Product" in out.getvalue()
    assert "Tags    a CSV cannot fill a JSONField" in out.getvalue()
    assert "text in the sample, but the field takes decimal" in out.getvalue()
    assert "create  tests/importkit/shop/cleaning/wares.py" in out.getvalue()
    assert "models.py" not in out.getvalue()


def test_what_an_existing_model_does_not_take_is_told_before_the_files(
    settings: Settings, tmp_path: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    path = tmp_path / "sample.csv"
    rows = "ab,a,s,1\n\nlonger than it may be,b,l,x\n"
    path.write_text(f"code,wrods,Format,Levle\n{rows}", encoding="utf-8")
    out = StringIO()

    flags = ["--model", "shop.Demanding", "--field", "wrods=words", "--dry_run"]
    call_command("startimport", "wares", path, *flags, stdout=out)

    assert out.getvalue().startswith(
        """\
sample.csv: 2 rows, 4 columns, separator ",", utf-8

   header  field  type    empty  reason
   code    code   String         up to 21 characters, but the field takes 8
   wrods   words  String         as shop.Demanding says
   Format  size   String         a guess: all 2 distinct values are choices of the field

Not imported:
   Levle  not a field of shop.Demanding; nearest: "level" (80% alike), "even" (67% alike)

State the field of a column with --field HEADER=FIELD.

Of the 2 rows that were checked, 1 would not be imported into shop.Demanding:
   "code": longer than 8 characters [length], 1 row, line 4
      Correct the text, or change the length that the field allows.

        skip  tests/importkit/shop/__init__.py
"""
    )


def test_fields_are_told_only_of_a_model_that_exists(start: Start) -> None:
    with pytest.raises(CommandError) as caught:
        start("gadgets", "--field", "sku=sku")

    assert str(caught.value) == (
        "--field states which field of an existing model a column fills: name the model "
        "with --model, or leave --field out."
    )
    assert caught.value.returncode == 2


def test_a_required_field_without_a_column_is_named(
    settings: Settings, sample: Path
) -> None:
    settings.BASE_DIR = REPOSITORY
    sample.write_text("id\n1\n", encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        call_command("startimport", "wares", sample, "--model", "shop.Labelling")

    assert str(caught.value).startswith('shop.Labelling requires "product", "label"')
    assert caught.value.returncode == 2


def test_a_file_that_differs_is_a_conflict_and_nothing_at_all_is_written(
    made: Path, sample: Path
) -> None:
    (made / "gadgets/admin.py").write_text("# mine\n", encoding="utf-8")
    (made / "gadgets/cleaning/__init__.py").unlink()
    before = contents(made)

    code, output = again(made, sample)

    assert code == 1
    assert "   conflict  gadgets/models.py\n" in output
    assert "       skip  gadgets/admin.py\n" in output
    assert (
        "from what startimport would write, so nothing was written. Use --model gadgets.Gadget to "
        "import into the model as it is, --diff to see the differences, --force to replace "
        "the files, or another name for the import."
    ) in output
    assert contents(made) == before


def test_a_class_that_is_no_model_is_not_offered_as_one(
    made: Path, sample: Path
) -> None:
    models = made / "gadgets/models.py"
    text = models.read_text(encoding="utf-8")
    part = "\n\nclass Part:\n    pass\n"
    models.write_text(f"{text}{part}", encoding="utf-8")

    result = run(
        ["python", "manage.py", "startimport", "parts", sample, "--app", "gadgets"],
        made,
    )

    assert result.returncode == 1
    assert (
        "nothing was written. Use --diff to see the differences, --force"
        in result.stdout
    )


def test_verbosity_zero_is_silent(start: Start, project: Path) -> None:
    assert start("gadgets", "-v0", "--dry_run") == ""
    assert start("gadgets", "-v0") == ""
    assert (project / "gadgets/models.py").exists()


def test_force_replaces_what_belongs_to_the_import_and_nothing_else(
    made: Path, sample: Path
) -> None:
    (made / "gadgets/admin.py").write_text("# mine\n", encoding="utf-8")
    migration = (made / "gadgets/migrations/0001_initial.py").read_bytes()

    code, output = again(made, sample, "--force")

    assert code == 0
    assert "price = models.DecimalField(" in (made / "gadgets/models.py").read_text()
    assert "null=True" in (made / "gadgets/models.py").read_text()
    assert (made / "gadgets/admin.py").read_text() == "# mine\n"
    assert (made / "gadgets/migrations/0001_initial.py").read_bytes() == migration
    assert "uv run manage.py makemigrations gadgets\n" in output


def test_a_check_holds_a_new_file_against_the_code_as_its_owner_has_it(
    made: Path, sample: Path
) -> None:
    command: list[str | Path] = ["python", "manage.py", "startimport", "gadgets"]
    command += [sample, "--check"]
    # A sample of another day has more rows, which is no other kind of file.
    sample.write_text(f"{SAMPLE}A-3,7.00\n", encoding="utf-8")
    before = contents(made)

    assert succeed(command, made) == (
        "sample.csv fits import_gadgets: 3 rows, 2 columns.\n"
    )
    code, output = again(made, sample, "--check")
    assert code == 1
    assert output == (
        "CommandError: sample.csv does not fit import_gadgets (2 rows, 2 columns):\n"
        "  empty: Fill the cell, or allow empty ones in get_no_null_cols and the model.\n"
        '    "price": must not be empty, 1 of 2 rows, on line 3\n'
    )
    assert contents(made) == before

    rules, model = made / "gadgets/cleaning/gadgets.py", made / "gadgets/models.py"
    for path, old, new in (
        (rules, "(cls.SKU_COL, cls.PRICE_COL)", "(cls.SKU_COL,)"),
        (model, "decimal_places=2", "decimal_places=2, null=True, blank=True"),
    ):
        assert old in path.read_text("utf-8")
        path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")

    assert again(made, sample, "--check") == (
        0,
        "sample.csv fits import_gadgets: 2 rows, 2 columns.\n",
    )


def test_a_diff_shows_the_code_that_another_sample_would_give(
    made: Path, sample: Path
) -> None:
    command: list[str | Path] = ["python", "manage.py", "startimport", "gadgets"]
    assert "+++" not in succeed([*command, sample, "--diff"], made)

    code, output = again(made, sample, "--diff")

    assert code == 0
    assert "-        return (cls.SKU_COL, cls.PRICE_COL)\n" in output


def test_a_settings_list_that_cannot_be_edited_is_left_alone(
    tmp_path: Path, sample: Path
) -> None:
    folder = tmp_path / "made"
    copy_project(folder)
    settings = folder / "config/settings.py"
    text = (
        settings.read_text(encoding="utf-8") + "\nINSTALLED_APPS = [*INSTALLED_APPS]\n"
    )
    settings.write_text(text, encoding="utf-8")

    output = succeed(["python", "manage.py", "startimport", "gadgets", sample], folder)

    assert 'Add this line to INSTALLED_APPS:\n    "gadgets",\n' in output
    assert settings.read_text(encoding="utf-8") == text


def test_a_model_that_cannot_be_added_is_printed_and_nothing_is_written(
    made: Path, sample: Path
) -> None:
    models = made / "gadgets/models.py"
    text = models.read_text(encoding="utf-8")
    models.write_text(f"{text}\nfrom math import *\n", encoding="utf-8")
    before = contents(made)

    result = run(
        ["python", "manage.py", "startimport", "parts", sample, "--app", "gadgets"],
        made,
    )

    assert result.returncode == 1
    assert "Part cannot be added to gadgets/models.py, because" in result.stdout
    assert "class Part(models.Model):" in result.stdout
    assert contents(made) == before


def test_a_kind_that_is_none_or_of_no_column_is_refused(start: Start) -> None:
    with pytest.raises(CommandError) as error:
        start("gadgets", "--type", "price=money")
    assert str(error.value) == (
        "--type price=money: say NAME=KIND, with one of text, integer, decimal, float, "
        "boolean, date, datetime, time, duration, uuid, email, url, ip, json."
    )

    with pytest.raises(CommandError) as error:
        start("gadgets", "--type", "prize=text")
    assert str(error.value) == (
        'The sample has no column "prize" for --type (did you mean "price"?).'
    )


def test_kinds_that_the_user_says_are_taken(start: Start) -> None:
    output = start(
        "gadgets", "--type", "Price=float", "--type", "sku=text", "--dry_run"
    )

    assert "FloatField()" in output
    assert "2 of 2 are float, as --type says" in output


def test_the_schema_is_printed_and_nothing_is_written(
    start: Start, project: Path
) -> None:
    schema = json.loads(start("gadgets", "--schema", "--type", "price=float", "-v0"))

    assert schema["version"] == 1
    assert schema["rows"] == 2
    assert schema["dialect"]["separator"] == ","
    assert schema["columns"][0] == {
        "header": "sku",
        "name": "sku",
        "kind": "text",
        "nullable": False,
        "null_tokens": [],
        "unique": True,
        "width": 3,
        "digits": 0,
        "scale": 0,
        "field": "CharField(max_length=10, unique=True)",
        "parser": None,
        "confidence": "medium",
        "evidence": "no other kind fits, width up to 3",
    }
    assert schema["columns"][1]["field"] == "FloatField()"
    assert not any(project.iterdir())
