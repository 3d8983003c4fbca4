"""The plan becomes text: one template per file, no file read or written but those."""

from functools import cache
from pathlib import Path

from django.conf import settings
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Undefined

from generators.facts import cleaning_facts, command_facts, model_facts
from generators.facts_tests import tests_facts
from generators.names import Source, literal
from generators.plan import ImportPlan

TEMPLATES = Path(__file__).resolve().parent / "templates"
AUTO_FIELD = "django.db.models.BigAutoField"

type Files = dict[str, str]


def render(plan: ImportPlan) -> Files:
    """Return every file of an import under its path in the project.

    Returns:
        The files of the import itself and, for a new app, those of the app. A model for
        an existing app is not among them: see ``render_model``.
    """
    files = render_import(plan)
    if plan.place.is_new:
        files |= render_app(plan)
    return dict(sorted(files.items()))


def render_import(plan: ImportPlan) -> Files:
    """Return the files that belong to one import alone, and their packages."""
    folder = plan.place.folder
    tests = folder / "tests" if plan.place.tests_in_package else folder
    packages = ["cleaning", "management", "management/commands"]
    if plan.place.tests_in_package:
        packages.append("tests")
    return {
        **{str(folder / package / "__init__.py"): "" for package in packages},
        str(folder / "cleaning" / f"{plan.name}.py"): _render(
            "cleaning.py", cleaning_facts(plan)
        ),
        str(folder / "management/commands" / f"import_{plan.name}.py"): _render(
            "command.py", command_facts(plan)
        ),
        str(tests / f"test_import_{plan.name}.py"): _render(
            "test.py", tests_facts(plan)
        ),
    }


def render_app(plan: ImportPlan) -> Files:
    """Return the files of the app around an import."""
    folder = plan.place.folder
    own_auto_field = settings.DEFAULT_AUTO_FIELD != AUTO_FIELD
    facts: dict[str, object] = {
        "app_config": Source(f"{plan.place.label.title().replace('_', '')}Config"),
        "app_name": str(plan.place.module),
        "auto_field": AUTO_FIELD if own_auto_field and plan.is_new_model else None,
    }
    files = {
        str(folder / "__init__.py"): "",
        str(folder / "apps.py"): _render("apps.py", facts),
    }
    if plan.is_new_model:
        facts = model_facts(plan)
        model: dict[str, object] = {
            "model_class": Source(render_model(plan).rstrip("\n"))
        }
        files |= {
            str(folder / "admin.py"): _render("admin.py", facts),
            str(folder / "models.py"): _render("models.py", model),
            str(folder / "migrations/__init__.py"): "",
            str(folder / "migrations/0001_initial.py"): _render("migration.py", facts),
        }
    return files


def render_model(plan: ImportPlan) -> str:
    """Return the class of a new model alone, to be put into a models module."""
    return _render("model.py", model_facts(plan))


def as_source(value: object) -> str:
    """Let source through and turn any other text into a literal.

    Raises:
        TypeError: It is neither; a template may print nothing else.
    """
    if isinstance(value, Source | Undefined):
        return str(value)
    if isinstance(value, str):
        return literal(value)
    raise TypeError(f"A template prints {type(value).__name__}, which is not source.")


@cache
def environment() -> Environment:
    """Return the environment in which no text can become source by itself."""
    return Environment(
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


def _render(template: str, facts: dict[str, object]) -> str:
    return environment().get_template(f"{template}.jinja").render(facts)
