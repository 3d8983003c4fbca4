"""Run startimport on every golden case: to compare with what is expected, or to record.

Each folder in ``tests/golden`` is a case: ``sample.csv``, the ``arguments.txt`` of the
command, what is ``given`` before (files of the project, if any) and what is
``expected`` after. After an intended change of the output, record all cases again and
read the difference as a reviewer would::

    uv run python -m tests.generators.golden
    git diff tests/golden
"""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.processes import succeed

REPOSITORY = Path(__file__).resolve().parents[2]
GOLDEN = REPOSITORY / "tests/golden"
TEMPLATE = REPOSITORY / "{{cookiecutter.project_slug}}"
IGNORED = shutil.ignore_patterns(
    "__pycache__", ".*_cache", ".venv", "db.sqlite3*", "{%*"
)
LAST_APP = '    "django.contrib.staticfiles",\n'


def cases() -> list[Path]:
    """Return the folders of all cases."""
    return sorted(path.parent for path in GOLDEN.glob("*/sample.csv"))


def copy_project(folder: Path) -> None:
    """Copy the project as it is in the template, with what is given for the cases."""
    shutil.copytree(TEMPLATE, folder, ignore=IGNORED)
    settings = folder / "config/settings.py"
    for given in sorted(GOLDEN.glob("*/given/*")):
        shutil.copytree(given, folder / given.name)
        text = settings.read_text(encoding="utf-8")
        line = f'{LAST_APP}    "{given.name}",\n'
        settings.write_text(text.replace(LAST_APP, line), encoding="utf-8")


def arguments(case: Path) -> list[str]:
    """Return the arguments of a case, with the full path of its sample."""
    words = (case / "arguments.txt").read_text(encoding="utf-8").split()
    return [str(case / word) if word == "sample.csv" else word for word in words]


def start_imports(project: Path) -> str:
    """Run the command for every case; return what it prints."""
    return in_project(
        project,
        """
for arguments in cases.values():
    call_command("startimport", *arguments)
""",
    )


def in_project(project: Path, code: str) -> str:
    """Run code in the project with ``cases``, the arguments of each case by its name.

    One process runs all cases: to start Django takes longer than to run a command.
    """
    named = {case.name: arguments(case) for case in cases()}
    code = f"""
from django.core.management import CommandError, call_command

cases = {named!r}
{code}
"""
    return succeed(["python", "manage.py", "shell", "--command", code], project)


def app_of(case: Path) -> str:
    """Return the folder that a case writes into."""
    words = arguments(case)
    if "--app" in words:
        return words[words.index("--app") + 1]
    given = sorted(path.name for path in case.glob("given/*"))
    return given[0] if given else words[0]


def written(case: Path, project: Path) -> dict[str, bytes]:
    """Return the files that the command made or changed, by path in the project."""
    return {
        name: content
        for name, content in files(project, app_of(case))
        if not _is_given(case / "given" / name, content)
    }


def expected(case: Path) -> dict[str, bytes]:
    """Return the files that the command is to make or to change."""
    return dict(files(case / "expected", "."))


def files(root: Path, folder: str) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder, by their path from the root."""
    for path in sorted((root / folder).rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            yield path.relative_to(root).as_posix(), path.read_bytes()


def record() -> None:
    """Make what the command writes now what is expected."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(folder) / "project"
        copy_project(project)
        start_imports(project)
        for case in cases():
            shutil.rmtree(case / "expected", ignore_errors=True)
            for name, content in written(case, project).items():
                path = case / "expected" / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)


def _is_given(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


if __name__ == "__main__":
    record()
