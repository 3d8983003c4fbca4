"""The template as it lies in the working tree, and what bakes out of it."""

import shutil
from itertools import product
from pathlib import Path
from typing import NamedTuple

from cookiecutter.main import cookiecutter

from tests.processes import succeed

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDER = "{{cookiecutter.project_slug}}"

# The files in which answers appear, and the answers on which a file depends.
RENDERED = {"README.md", "pyproject.toml", ".env.example", "LICENSE", "compose.yml"}
CONDITIONAL = {
    "{% if cookiecutter.use_docker %}Dockerfile{% endif %}": "Dockerfile",
    "{% if cookiecutter.use_docker %}compose.yml{% endif %}": "compose.yml",
    "{% if cookiecutter.use_docker %}.dockerignore{% endif %}": ".dockerignore",
    "{% if cookiecutter.license == 'MIT' %}LICENSE{% endif %}": "LICENSE",
}


class Options(NamedTuple):
    """One answer to each question that has a fixed set of answers."""

    database: str
    use_docker: bool
    license: str

    def __str__(self) -> str:
        docker = "docker" if self.use_docker else "no docker"
        return f"{self.database}, {docker}, {self.license}"


COMBINATIONS = [
    Options(*answers)
    for answers in product(("sqlite", "postgres"), (False, True), ("MIT", "None"))
]


def template_files() -> list[str]:
    """List what a commit of the working tree would hold."""
    listed = succeed(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        REPOSITORY,
    )
    names = sorted(set(listed.split("\0")) - {""})
    return [name for name in names if (REPOSITORY / name).exists()]


def copy_template(destination: Path) -> None:
    """Copy the working tree as a fresh clone of it would look."""
    for name in template_files():
        target = destination / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(REPOSITORY / name, target, follow_symlinks=False)


def commit(folder: Path, message: str) -> None:
    """Commit everything in a folder; make it a repository first if it is not one."""
    if not (folder / ".git").exists():
        succeed(["git", "init", "--quiet", "--initial-branch=main"], folder)
    succeed(["git", "add", "--all"], folder)
    succeed(["git", "commit", "--quiet", "--message", message], folder)


def bake(template: Path | str, out: Path, **answers: str | bool) -> Path:
    """Bake in this process, without this machine's cookiecutter settings."""
    state = out.with_name(f"{out.name}-state")
    state.mkdir(parents=True, exist_ok=True)
    out.mkdir(parents=True, exist_ok=True)
    project = cookiecutter(
        str(template),
        no_input=True,
        extra_context=answers,
        output_dir=str(out),
        default_config={
            "cookiecutters_dir": str(state),
            "replay_dir": str(state / "replay"),
        },
    )
    return Path(project)


def contents(project: Path) -> dict[str, bytes]:
    """Read every file of a project, but for what belongs to git and cruft."""
    return {
        path.relative_to(project).as_posix(): path.read_bytes()
        for path in sorted(project.rglob("*"))
        if path.is_file()
        and path.relative_to(project).parts[0] not in (".git", ".cruft.json")
    }
