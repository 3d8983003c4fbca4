"""Step 2, project: bake the template and let startimport write the import."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.running.processes import HERE, Command, run
from tests.template.baking import copy_template

SETTINGS = "config.settings"
# As on a server: with DEBUG on, Django keeps every query in memory.
PRODUCTION = {"SECRET_KEY": "only-for-the-benchmark-" * 3}
DEVELOPMENT = {"DEBUG": "true"}


@dataclass(frozen=True)
class Project:
    """A project from the template, with the import of products in it.

    Attributes:
        folder: Where its manage.py is.
        pragmas: What its settings say to SQLite on each connection.
    """

    folder: Path
    pragmas: str

    def manage(self, *words: str, url: str, settings: str = SETTINGS) -> Command:
        """Return a management command on a database, as a server runs it."""
        return self._python("manage.py", *words, url=url, settings=settings)

    def peer(self, module: str, *words: str, url: str) -> Command:
        """Return a script of ``benchmarks/peers`` that may use the project's models."""
        script = f"benchmarks.peers.{module}"
        return self._python("-m", script, *words, url=url, settings=SETTINGS)

    def _python(self, *words: str, url: str, settings: str) -> Command:
        variables = {
            "DATABASE_URL": url,
            "DJANGO_SETTINGS_MODULE": settings,
            # For the peers; the project comes first, as the working folder.
            "PYTHONPATH": str(HERE.parent),
        }
        return Command((sys.executable, *words), self.folder, PRODUCTION | variables)


def make_project(work: Path, sample: Path) -> Project:
    """Bake the working tree, start the import and add the commands to compare with."""
    copy_template(work / "template")
    words = ("cookiecutter", "--no-input", "-o", str(work), str(work / "template"))
    bake = (sys.executable, "-m", *words, "project_name=Shop")
    # cookiecutter leaves the hooks behind that it has rendered.
    run(Command(bake, work, {"TMPDIR": str(work)}))
    folder = work / "shop"
    named = work / "products.csv"
    shutil.copy(sample, named)
    start = ("startimport", "products", str(named), "--natural-key", "sku")
    run(Command((sys.executable, "manage.py", *start), folder, DEVELOPMENT))
    commands = folder / "products" / "management" / "commands"
    for path in (HERE / "added").glob("*.py"):
        shutil.copy(path, commands)
    return Project(folder, _pragmas(folder))


def _pragmas(folder: Path) -> str:
    """Return the statements with which the project opens SQLite."""
    code = (
        "from config.settings import DATABASE;"
        "print(DATABASE.get('OPTIONS', {}).get('init_command', ''))"
    )
    return run(Command((sys.executable, "-c", code), folder, PRODUCTION)).strip()
