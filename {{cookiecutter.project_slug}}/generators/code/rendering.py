"""A plan becomes text: one template for each file, and ruff for the layout."""

import shutil
import subprocess
import sysconfig
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined

from generators.code.expressions import Call, Dict, List, Tuple, texts
from generators.code.facts import Facts
from generators.code.facts.admin import of_admin
from generators.code.facts.imports import of_cleaning, of_command
from generators.code.facts.models import of_app, of_migration, of_model
from generators.code.facts.tests import of_tests
from generators.code.plan import ImportPlan
from generators.naming import Source, literal

TEMPLATES = Path(__file__).resolve().parent / "templates"

type Files = dict[str, str]


def render(plan: ImportPlan) -> Files:
    """Return every file of an import under its path in the project.

    Returns:
        The files of the import itself and, for a new app, those of the app. A model for
        an existing app is not among them: see ``render_model``. All are valid Python,
        which ``format_files`` lays out.
    """
    files = render_import(plan)
    if plan.place.is_new:
        files |= render_app(plan)
    return dict(sorted(files.items()))


def render_import(plan: ImportPlan) -> Files:
    """Return the files that belong to one import alone, and their packages."""
    folder = plan.place.folder
    commands = folder / "management/commands"
    tests = folder / "tests" if plan.place.tests_in_package else folder
    packages = (folder / "cleaning", folder / "management", commands, tests)
    modules = {
        folder / "cleaning" / f"{plan.name}.py": _render(
            "cleaning.py", plan, of_cleaning(plan)
        ),
        commands / f"import_{plan.name}.py": _render(
            "command.py", plan, of_command(plan)
        ),
        tests / f"test_import_{plan.name}.py": _render("test.py", plan, of_tests(plan)),
    }
    files = {path / "__init__.py": "" for path in packages if path != folder} | modules
    files[commands / "__init__.py"] = _render("commands.py", plan, {})
    return {str(path): text for path, text in files.items()}


def render_app(plan: ImportPlan) -> Files:
    """Return the files of the app around an import."""
    files = {
        "__init__.py": "",
        "apps.py": _render("apps.py", plan, of_app(plan)),
    }
    if plan.is_new_model:
        files |= {
            "admin.py": _render("admin.py", plan, of_admin(plan)),
            "models.py": _render_model(plan, is_module=True),
            "migrations/__init__.py": "",
            "migrations/0001_initial.py": _render(
                "migration.py", plan, of_migration(plan)
            ),
        }
    own = {str(plan.place.folder / name): text for name, text in files.items()}
    return {str(path / "__init__.py"): "" for path in plan.place.packages} | own


def render_model(plan: ImportPlan) -> str:
    """Return the class of a new model alone, to be put into a models module."""
    return _render_model(plan, is_module=False)


def format_files(files: Mapping[str, str], root: Path) -> Files:
    """Lay files out as the project's ruff does it.

    Each file gets a process of its own, all at once: so ruff finds the configuration
    that holds for the path, and no file is written.

    Args:
        files: Python files by their path within the root.
        root: The project's folder.

    Raises:
        ValueError: ruff is not installed, or its configuration is not valid.
    """
    ruff = _ruff()
    written = [name for name, text in files.items() if text]
    with ThreadPoolExecutor() as threads:
        formatted = threads.map(lambda n: _format(ruff, root / n, files[n]), written)
        return {**files, **dict(zip(written, formatted, strict=True))}


def as_source(value: object) -> str:
    """Let source through and turn any other text into a literal.

    Raises:
        TypeError: The value is neither; a template may print nothing else.
    """
    if isinstance(value, Source | Call | Tuple | List | Dict | Undefined):
        return str(value)
    if isinstance(value, str):
        return literal(value)
    raise TypeError(f"A template prints {type(value).__name__}, which is not source.")


@cache
def environment() -> Environment:
    """Return the environment in which no text can become source by itself."""
    created = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=False,  # noqa: S701 - Python, not HTML; finalize escapes
        undefined=StrictUndefined,
        finalize=as_source,
        # The templates are part of the program: none changes while it runs.
        auto_reload=False,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    created.filters["texts"] = texts
    return created


def _render(template: str, plan: ImportPlan, facts: Facts) -> str:
    return environment().get_template(f"{template}.jinja").render(plan=plan, **facts)


def _render_model(plan: ImportPlan, *, is_module: bool) -> str:
    return _render("models.py", plan, of_model(plan) | {"is_module": is_module})


def _format(ruff: str, path: Path, text: str) -> str:
    # What a project leaves out of its checks, such as migrations, is formatted as well.
    settings = ["--no-cache", "--config", "force-exclude = false"]
    command = [ruff, "format", *settings, "--stdin-filename", str(path), "-"]
    done = subprocess.run(  # noqa: S603 - the ruff of this environment
        command, input=text.encode(), capture_output=True, check=False
    )
    if done.returncode:
        raise ValueError(f"ruff cannot format {path}: {done.stderr.decode().strip()}")
    return done.stdout.decode()


def _ruff() -> str:
    found = shutil.which("ruff", path=sysconfig.get_path("scripts"))
    found = found or shutil.which("ruff")
    if found is None:
        raise ValueError(
            "startimport lays out what it writes with ruff, which is not installed: "
            "install the packages for development, then run it again."
        )
    return found
