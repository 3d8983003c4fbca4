"""Make the project updatable with cruft and say what comes next; never fail a bake."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

ANSWERS = json.loads(r'''{{ cookiecutter|tojson }}''')
CACHES = ("__pycache__", ".*_cache")
NEXT_STEPS = """
Done. Next:

    cd {folder}
{database}    uv run manage.py startimport products FILE       (a file that you were sent)
    uv run manage.py migrate
    uv run manage.py import_products --file FILE

Commit what was made first, with the lock file that CI and Docker ask for
(uv lock && git init && git add . && git commit -m "Start"). Then every later change, also
one by startimport or cruft update, can be read as a diff.
"""
DATABASE = """\
    cp .env.example .env                             (set DATABASE_URL there)
"""


def remove_caches(project: Path) -> None:
    """Drop what a local checkout of the template had lying about."""
    for name in CACHES:
        for folder in list(project.rglob(name)):
            shutil.rmtree(str(folder), ignore_errors=True)


def git(repository: Path, *arguments: str) -> str:
    """Ask git about one repository, whatever repository the caller is in."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    return subprocess.run(  # noqa: S603  fixed arguments, no shell
        ["git", "-C", str(repository), *arguments],  # noqa: S607  git is found on PATH
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        timeout=10,
        check=True,
    ).stdout.decode().strip()


def is_published(repository: Path) -> bool:
    """Return whether what was baked is a commit that the address of a clone has."""
    if git(repository, "status", "--porcelain") or not git(repository, "remote"):
        return False
    return bool(git(repository, "branch", "--remotes", "--contains", "HEAD"))


def as_answer(value: object) -> object:
    """Protect text that may look like Jinja: cruft renders the answers once more."""
    if isinstance(value, str) and "{" in value:
        # In pieces, since this file is itself rendered.
        return "{" "{ " + json.dumps(value, ensure_ascii=False) + " }" "}"
    return value


def write_cruft_state(project: Path, repository: Path) -> None:
    """Write .cruft.json as ``cruft create`` would have written it."""
    remote = git(repository, "remote", "get-url", "origin")
    answers = {k: as_answer(v) for k, v in ANSWERS.items() if not k.startswith("_")}
    state = {
        # A password or token in the address would end up in the user's repository.
        "template": re.sub("^(https?://)[^/@]+@", r"\1", remote),
        "commit": git(repository, "rev-parse", "HEAD"),
        "checkout": ANSWERS.get("_checkout"),
        "context": {"cookiecutter": answers},
        "directory": None,
    }
    text = json.dumps(state, indent=2, ensure_ascii=False) + "\n"
    (project / ".cruft.json").write_text(text, encoding="utf-8")


def main() -> None:
    project = Path.cwd()
    # cruft sets no _repo_dir, writes its own state and bakes twice for one update.
    cloned = ANSWERS.get("_repo_dir")
    if not cloned:
        return
    here = os.environ.get("PWD", "")
    template = Path(here, cloned)
    is_local = cloned == ANSWERS.get("_template")
    if is_local:
        remove_caches(project)
    if (template / ".git").exists() and (template / "cookiecutter.json").exists():
        try:
            # A local folder may hold work that no published commit describes.
            if not is_local or is_published(template):
                write_cruft_state(project, template)
        except (OSError, subprocess.SubprocessError) as error:
            print(f"No .cruft.json was written: {error}", file=sys.stderr)
    folder = project.name if here == str(project.parent) else str(project)
    database = DATABASE if ANSWERS.get("database") == "postgres" else ""
    print(NEXT_STEPS.format(folder=shlex.quote(folder), database=database), flush=True)


try:
    main()
except Exception as error:  # The project is complete without any of this.
    sys.stdout = None  # A closed pipe would otherwise fail the exit.
    try:
        print(f"The project is complete, but: {error!a}", file=sys.stderr, flush=True)
    except OSError:  # Nobody reads this either.
        sys.stderr = None
