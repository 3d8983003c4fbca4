"""``startimport``: what it prints and writes, and the flags that only look."""

import json
from pathlib import Path

from tests.generators.startimport.runs import Start, contents


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


def test_verbosity_zero_is_silent(start: Start, project: Path) -> None:
    assert start("gadgets", "-v0", "--dry_run") == ""
    assert start("gadgets", "-v0") == ""
    assert (project / "gadgets/models.py").exists()


def test_headers_that_look_like_patterns_are_names(
    start: Start, project: Path, sample: Path
) -> None:
    sample.write_text("^b$,b,*,self\n1,x,2,u\n3,y,4,v\n", encoding="utf-8")

    start("gadgets", "--natural-key", "^b$")

    rules = (project / "gadgets/cleaning/gadgets.py").read_text("utf-8")
    assert '"^b$": cls.' in rules
    assert '"self": cls.SELF_VALUE_COL' in rules


def test_nothing_in_a_header_or_a_file_name_reaches_the_terminal_raw(
    start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "bad\x1b[2J\u202e.csv"
    path.write_text("\x1b[31mred\u202e,b\n1,2\n", encoding="utf-8")

    output = start(path=path)

    assert all(char == "\n" or char.isprintable() for char in output)
    assert "\\x1b[31mred\\u202e" in output
