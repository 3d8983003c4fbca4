"""``startimport``: what it prints and writes, and the flags that only look."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.generators.startimport.runs import Start, contents


def test_the_output_says_what_was_read_and_done_and_what_comes_next(
    start: Start, sample: Path
) -> None:
    output = start()

    assert (
        output
        == f"""\
sample.csv: 2 rows, 2 columns, separator ",", utf-8

   header  field  type                   empty  first values
   sku     sku    CharField(10), unique         A-1 | A-2
                  no other kind fits, width up to 3
   price   price  DecimalField(12, 2)           1.50 | 20.00
                  2 of 2 are decimals, scale up to 2

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
  docs/inference.md says how kinds are inferred.

Add this line to INSTALLED_APPS in your settings:
    "gadgets",

Next:
   python manage.py migrate
   python manage.py test gadgets
   python manage.py import_gadgets --file {sample} --dry_run
"""
    )


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
    assert '"^b$": "' in rules
    assert '"self": "self_value"' in rules


def test_nothing_in_a_header_or_a_file_name_reaches_the_terminal_raw(
    start: Start, tmp_path: Path
) -> None:
    path = tmp_path / "bad\x1b[2J\u202e.csv"
    path.write_text("\x1b[31mred\u202e,b\n1,2\n", encoding="utf-8")

    output = start(path=path)

    assert all(char == "\n" or char.isprintable() for char in output)
    assert "\\x1b[31mred\\u202e" in output


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_the_table_is_as_wide_as_the_terminal_and_always_the_same_elsewhere(
    start: Start, sample: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    value = "a long value of one cell " * 8
    sample.write_text(f"sku,note\nA-1,{value}\nA-2,b\n", encoding="utf-8")
    piped = start("gadgets", "--dry_run")
    monkeypatch.setenv("COLUMNS", "130")
    terminal = Terminal()

    call_command("startimport", "gadgets", sample, "--dry_run", stdout=terminal)

    assert max(map(len, terminal.getvalue().splitlines())) == 130
    assert max(map(len, piped.splitlines())) == 100
    assert start("gadgets", "--dry_run") == piped


def test_no_value_of_a_person_and_no_secret_is_shown(
    start: Start, sample: Path
) -> None:
    headers = "Name;Vorname;Telefonnummer;mail;api_key;Customer Name;birth date;City;phone type"
    cells = "Ann Lee;Ann;0170 12;ann@x.example;k-1;Lee Ltd;2001-02-03;Rome;mobile"
    sample.write_text(f"{headers}\n{cells}\n", encoding="utf-8")

    output = start("gadgets", "--dry_run")

    shown = [cell for cell in cells.split(";") if f" {cell}\n" in output]
    assert shown == ["Rome", "mobile"]
    assert output.count(" ***\n") == 7


def test_a_name_is_shown_where_no_column_is_about_persons(
    start: Start, sample: Path
) -> None:
    sample.write_text("sku,name\nA-1,Chair\n", encoding="utf-8")

    assert " Chair\n" in start("gadgets", "--dry_run")
