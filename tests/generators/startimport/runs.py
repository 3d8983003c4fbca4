"""Runs of ``startimport``, and what they leave in a project."""

from collections.abc import Callable
from pathlib import Path

from tests.processes import run

type Start = Callable[..., str]


SAMPLE = "sku,price\nA-1,1.50\nA-2,20.00\n"


OTHER_SAMPLE = "sku,price\nA-1,1.50\nA-2,\n"


REPOSITORY = Path(__file__).resolve().parents[3]


def again(project: Path, sample: Path, *flags: str) -> tuple[int, str]:
    """Start the same import with another sample; return exit code and output."""
    sample.write_text(OTHER_SAMPLE, encoding="utf-8")
    command: list[str | Path] = ["python", "manage.py", "startimport", "gadgets"]
    result = run([*command, sample, *flags], project)
    return result.returncode, result.stdout


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if "__pycache__" not in path.parts)
    return {str(path): path.read_bytes() for path in paths if path.is_file()}
