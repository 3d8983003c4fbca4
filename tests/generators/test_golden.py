"""What startimport writes, to the byte, and that it works as it was written.

All cases live in one project, each with an app of its own: what is run over the
project is run over all of them. ``tests/generators/golden.py`` says how to record them.
"""

import compileall
import re
from pathlib import Path

import pytest

from tests.generators import golden
from tests.processes import run, succeed

CASES = golden.cases()
APPS = [golden.app_of(case) for case in CASES]

ROWS = {
    "bom": 4,
    "cyrillic": 3,
    "duplicate_headers": 4,
    "escapes": 3,
    "existing_app": 3,
    "existing_model": 3,
    "hostile_headers": 2,
    "installed_model": 2,
    "latin1": 5,
    "leading_zeros": 4,
    "links_and_parents": 3,
    "names_of_parents": 3,
    "natural_key": 4,
    "no_header": 3,
    "notations": 4,
    "plain": 8,
    "preamble": 3,
    "quoted_newlines": 4,
    "semicolon_decimal_comma": 6,
    "separator_line": 3,
    "trailing_separator": 3,
    "two_header_rows": 3,
    "utf_16": 3,
}

CHECKS = """
for case, arguments in cases.items():
    print(case, end=": ", flush=True)
    try:
        call_command("startimport", *arguments, "--check")
    except CommandError as error:
        print(error)
"""
IMPORTS = """
for case, (name, sample, *_) in cases.items():
    print(case, end=": ", flush=True)
    call_command(f"import_{name}", "--file", sample)
"""

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
# One worker runs them all, because they share the project.
pytestmark = pytest.mark.xdist_group("golden")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project as the template has it, after startimport has run for every case."""
    folder = tmp_path_factory.mktemp("golden") / "project"
    golden.copy_project(folder)
    golden.start_imports(folder)
    return folder


@each_case
def test_the_files_are_the_expected_ones_to_the_byte(case: Path, project: Path) -> None:
    assert golden.written(case, project) == golden.expected(case)


def test_a_second_run_finds_everything_identical(project: Path) -> None:
    before = dict(golden.files(project, "."))

    output = golden.start_imports(project)

    assert output.count("identical") >= len(CASES) * 7
    assert not re.findall("^ *(create|append|force|conflict) ", output, re.MULTILINE)
    assert dict(golden.files(project, ".")) == before


def test_each_sample_fits_its_own_import(project: Path) -> None:
    output = golden.in_project(project, CHECKS)

    fits = re.findall(r"^(\w+): sample.csv fits import_\w+: (\d+) rows", output, re.M)
    told = re.findall(r'^(\w+): .*not fit .*:\n  new: .*\n    "(\w+)"', output, re.M)
    # A column that fills no field is told until its class says that it is known.
    assert told == [("existing_model", "Comment"), ("installed_model", "Permissions")]
    rows = {case: str(rows) for case, rows in ROWS.items() if case not in dict(told)}
    assert dict(fits) == rows


def test_the_code_compiles_under_strict_warnings(project: Path) -> None:
    assert all(compileall.compile_dir(project / app, quiet=2) for app in APPS)


def test_the_code_is_clean_and_formatted(project: Path) -> None:
    succeed(["ruff", "check", *APPS], project)
    succeed(["ruff", "format", "--check", *APPS], project)


def test_migrations_are_formatted_too(project: Path) -> None:
    # The project's configuration leaves migrations alone, whoever wrote them.
    migrations = [
        path for app in APPS for path in project.glob(f"{app}/migrations/*.py")
    ]

    succeed(["ruff", "format", "--isolated", "--check", *migrations], project)


def test_the_code_is_strictly_typed(project: Path) -> None:
    succeed(["mypy", *APPS], project, timeout=300)


def test_the_migrations_are_those_that_django_would_make(project: Path) -> None:
    result = run(["python", "manage.py", "makemigrations", "--check"], project)

    # An app that was there before makes its own: one is given without, and one got a
    # new model.
    missing = re.findall("^Migrations for '(.+)'", result.stdout, re.MULTILINE)
    assert missing == ["shop", "warehouse"]
    assert "warehouse/migrations/0002_supplier.py" in result.stdout


def test_the_generated_tests_are_green(migrated: Path) -> None:
    output = succeed(["python", "-m", "pytest", "-q", *APPS], migrated, timeout=300)

    assert " passed" in output


def test_the_generated_tests_need_no_other_runner_than_that_of_django(
    migrated: Path,
) -> None:
    # With warnings as errors, and without a module of the name pytest.
    code = "import sys; sys.modules['pytest'] = None; import runpy; "
    code += f"sys.argv = ['manage.py', 'test', *{APPS!r}]; "
    code += "runpy.run_path('manage.py', run_name='__main__')"

    output = succeed(["python", "-W", "error", "-c", code], migrated, timeout=300)

    # Nothing that an import says is seen among the dots.
    assert re.search(r"\n\.{100,}\n-+\nRan \d{3} tests in [\d.]+s\n\nOK\n", output)


@pytest.fixture(scope="module")
def migrated(project: Path) -> Path:
    """The project with its database, and the parents that one sample points to."""
    manage = ["python", "manage.py"]
    succeed([*manage, "makemigrations", "shop", "warehouse"], project)
    succeed([*manage, "migrate", "--verbosity", "0"], project)
    stores = (
        "from shop.models import Region, Store\n"
        "region = Region.objects.create(name='North')\n"
        "for name in ('Old town', 'Harbour'):\n"
        "    Store.objects.create(region=region, name=name, opened='2026-01-01')\n"
        "from library.models import Author, Branch\n"
        "for name in ('Ann Able', 'Bob Best'):\n"
        "    Author.objects.create(name=name)\n"
        "for town in ('Ulm', 'Bonn'):\n"
        "    Branch.objects.create(code='N', town=town)\n"
    )
    succeed([*manage, "shell", "--command", stores], project)
    return project


def test_each_sample_is_imported_with_all_its_rows(migrated: Path) -> None:
    output = golden.in_project(migrated, IMPORTS)

    # Before what was created, a column that fills no field is told of.
    told = r"^(\w+): (?:New columns, .*\n)?.*: (\d+) new"
    created = re.findall(told, output, re.MULTILINE)
    assert dict(created) == {case: str(rows) for case, rows in ROWS.items()}
