"""The command: the steps in order, and what the user is told at the end."""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from importlib import metadata
from pathlib import Path

from adding import packages
from adding.checks import hints
from adding.files import (
    NOTE,
    TEMPLATE,
    WRITTEN,
    File,
    compare,
    hindrances,
    package_names,
    taken,
    write,
)
from adding.project import FOLDERS, GENERATORS, Project, RefusedError, ask, find_manage
from adding.settings import Edit, add_generators, ledger_hint, statement_for

HERE = Path(__file__).resolve().parents[1]
WIDTH = len("identical")
MARGIN = "   "
RUN = {"uv": "uv run manage.py", "poetry": "poetry run python manage.py"}
CHANGED, USAGE, INTERRUPTED = 1, 2, 3
NOTHING = "Nothing was written."
LEFT_OUT = "--without-generators leaves startimport out."
# Folders whose files are many: only those that need a look are named.
NAMED = ("keep", "skip", "conflict", "force", "update", "remove")


def main() -> None:
    """Add the framework to the project that the command line names."""
    options = _options()
    try:
        _add(options)
        sys.stdout.flush()
    except BrokenPipeError:
        # Nobody reads on, as with "| head": what is left goes nowhere, without a word.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(CHANGED)
    except RefusedError as error:
        print(error, file=sys.stderr)
        sys.exit(USAGE)
    except KeyboardInterrupt as interrupt:
        # Where files were being written, the interrupt says so.
        print(f"Interrupted. {str(interrupt) or NOTHING}", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except OSError as error:
        print(f'{error.strerror}: "{error.filename}"', file=sys.stderr)
        sys.exit(USAGE)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="add_importkit.py",
        description="Add importkit, startimport and their guides to a Django project, or "
        "update them there. Files that were edited there are kept.",
    )
    add = parser.add_argument
    add("project", type=Path, help="The folder of the project, where its manage.py is.")
    add("--python", help="The Python of the project, where it is not found.")
    add(
        "--dry-run", action="store_true", help="Say what would be done, and do nothing."
    )
    add("--without-generators", action="store_true", help="Leave startimport out.")
    add("--force", action="store_true", help="Replace files in conflict.")
    return parser.parse_args()


def _add(options: argparse.Namespace) -> None:
    with_generators = not options.without_generators
    pyproject = (TEMPLATE / "pyproject.toml").read_text("utf-8")
    project = ask(find_manage(options.project), options.python, packages.ASKED)
    _refuse(project, pyproject, with_generators=with_generators)
    files = compare(project, with_generators=with_generators, force=options.force)
    edit = add_generators(project) if with_generators else Edit()
    if found := hindrances(project, files, edit.file):
        raise RefusedError("\n".join([*found, NOTHING]))
    print(_asked(project))
    print("\n".join(_listed(files)))
    if edit.file:
        print(_line("append", edit.file.relative_to(project.folder).as_posix()))
    _refuse_conflicts(files)
    if not options.dry_run:
        _write(project, files, edit)
    lacks = packages.find_lacks(project, pyproject, with_generators)
    parts = [
        _lacking(project, lacks),
        _by_hand(project, edit),
        ledger_hint(project),
        _checks(project, with_generators=with_generators),
        "Nothing was written (--dry-run)."
        if options.dry_run
        else _next(project, files, with_generators),
    ]
    print("\n" + "\n\n".join(part for part in parts if part))


def _refuse(project: Project, pyproject: str, *, with_generators: bool) -> None:
    """Refuse a project in which the framework could not run, with all that is wrong."""
    found = packages.refusals(project, pyproject)
    if not found and not project.packages.get("django"):
        found.append(
            f"Django is not installed for {project.python}: install the packages of the "
            "project first, or name its Python with --python."
        )
    if not found and not project.has_root:
        found.append(
            f"It is not known from which folder packages are imported, because "
            f"{project.folder / 'manage.py'} stops before it runs a command "
            f"({project.error}). Install or set what it needs, and run this command again."
        )
    if project.folder not in (project.root, *project.root.parents):
        found.append(
            f"The packages of the project are in {project.root}, outside of the folder of "
            "its manage.py: copy the folders importkit, importruns and generators there by hand."
        )
    for name in package_names(with_generators=with_generators):
        if place := taken(project, name):
            found.append(f'The name "{name}" is taken: there is one in {place}.')
            if name == "generators":
                found.append(LEFT_OUT)
    if found:
        raise RefusedError("\n".join([*found, NOTHING]))


def _refuse_conflicts(files: list[File]) -> None:
    names = [file.name for file in files if file.status == "conflict"]
    if names:
        sys.stdout.flush()
        one = len(names) == 1
        is_startimport = all(_top(name)[-1] == GENERATORS for name in names)
        print(
            f"\n{len(names)} {'file differs' if one else 'files differ'} from what the "
            "template has, and from what was copied before. Nothing was written.\n"
            f"--force replaces {'the file' if one else 'the files'}; what git knows can be "
            f"compared afterwards.{f' {LEFT_OUT}' if is_startimport else ''}",
            file=sys.stderr,
        )
        sys.exit(CHANGED)


def _write(project: Project, files: list[File], edit: Edit) -> None:
    version = _version()
    try:
        write(project, files, version)
        if edit.file:
            edit.file.write_bytes(edit.text.encode("utf-8", "surrogateescape"))
    except KeyboardInterrupt:
        said = "Some files were written: run the same command again."
        raise KeyboardInterrupt(said) from None


def _asked(project: Project) -> str:
    version = ".".join(str(part) for part in project.version)
    django = project.packages["django"]
    asked = f"{project.folder}: Django {django}, Python {version}"
    guess = "; no environment was found beside it" if project.is_guess else ""
    return f"{asked} ({project.python}{guess})\n"


def _listed(files: list[File]) -> list[str]:
    """Return one line for the like files of a folder, and for each that needs a look."""
    counts: Counter[tuple[str, str]] = Counter()
    single = []
    for file in files:
        if file.status in NAMED:
            single.append(_line(file.status, file.name))
        else:
            folder = "/".join(_top(file.name))
            counts[folder, file.status] += 1
    return [
        *(
            _line(status, f"{folder}/ ({number} {'file' if number == 1 else 'files'})")
            for (folder, status), number in sorted(counts.items())
        ),
        *single,
    ]


def _top(name: str) -> list[str]:
    """Return the folder that was copied, and those above it."""
    parts = name.split("/")
    for top in (*FOLDERS, GENERATORS, "docs"):
        if top in parts:
            return parts[: parts.index(top) + 1]
    return parts[:-1]


def _line(status: str, name: str) -> str:
    return f"{MARGIN}{status:>{WIDTH}}  {name}"


def _lacking(project: Project, lacks: packages.Lacks) -> str:
    """Return all packages that are missing, and the commands that install them."""
    lines = []
    for lacking, what in (
        (lacks.runtime, "Imports need"),
        (lacks.development, "startimport needs"),
    ):
        if lacking:
            lines.append(f"{what} {', '.join(_named(lack) for lack in lacking)}.")
    if not lines:
        return ""
    lines.append("Install what is missing:")
    lines += [f"{MARGIN}{command}" for command in packages.commands(project, lacks)]
    files = packages.requirements(project)
    if packages.installer(project) == "pip" and files:
        lines.append(f"and add it to {' or '.join(files)}.")
    return "\n".join(lines)


def _named(lack: packages.Lack) -> str:
    return f"{lack.name} {lack.wanted} (not {lack.found})" if lack.found else lack.name


def _by_hand(project: Project, edit: Edit) -> str:
    if not edit.reason:
        return ""
    statement = "".join(
        f"{MARGIN}{line}\n" for line in statement_for(project).splitlines()
    )
    return (
        f"startimport was not added to the settings, because {edit.reason}. Add to those "
        f"that you develop with:\n{statement}".rstrip()
    )


def _checks(project: Project, *, with_generators: bool) -> str:
    lines = hints(project, with_generators=with_generators)
    if not lines:
        return ""
    said = "The checks of the project may leave out what you did not write:"
    return "\n".join([said, *(f"{MARGIN}{line}" for line in lines)])


def _next(project: Project, files: list[File], with_generators: bool) -> str:
    run = RUN.get(packages.installer(project), "python manage.py")
    changed = any(file.status in WRITTEN for file in files)
    lines = [
        f"{NOTE} says which version was copied. Commit all of it; the same command updates "
        "it later."
        if changed
        else "All files are as the template has them, or as you have changed them."
    ]
    if project.error:
        why = f"Now they cannot: {project.error}"
        lines += [
            "",
            f"Run this command again once the settings can be imported. {why}",
        ]
    elif with_generators and not _runs_startimport(project):
        lines += [
            "",
            f"startimport runs where DEBUG is on: in {project.settings} it is off. Switch it "
            "on while you",
            "develop, or set DJANGO_SETTINGS_MODULE to settings where it is on, and run this "
            "command again.",
        ]
    elif with_generators:
        lines += ["", "Next:", f"{MARGIN}{run} startimport products sample.csv"]
    return "\n".join(lines)


def _runs_startimport(project: Project) -> bool:
    return project.is_debugging or GENERATORS in (project.apps or [])


def _version() -> str:
    """Return which version of the template this is: its commit, or its number."""
    git = shutil.which("git")
    if git and (HERE / ".git").exists():
        command = [git, "-C", str(HERE), "describe", "--always", "--dirty"]
        done = subprocess.run(command, capture_output=True, check=False)
        return done.stdout.decode().strip()
    if (HERE / "pyproject.toml").exists():
        text = (HERE / "pyproject.toml").read_text("utf-8")
        versions: list[str] = re.findall(r'^version = "(.*)"', text, re.MULTILINE)
        return versions[0]
    return metadata.version("django-csv-template")
