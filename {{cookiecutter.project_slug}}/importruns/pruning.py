"""What old runs leave behind: files, problems and images for undoing; the record stays."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone

from importruns import databases, undoing
from importruns.models import ImportRun, Status

GOING = (Status.QUEUED, Status.RUNNING)


@dataclass(frozen=True)
class Pruned:
    """What was removed, or would be.

    Attributes:
        runs: The numbers of the runs.
        files: The files that were stored for them.
        images: How many rows they could have been undone by.
    """

    runs: list[int]
    files: list[Path]
    images: int


def prune(days: int, *, dry_run: bool) -> Pruned:
    """Remove what runs that ended more than some days ago have left.

    Only files in ``IMPORTS_ROOT`` are removed: others belong to whoever named them.

    Args:
        days: How many days a run keeps everything.
        dry_run: Whether nothing is removed.
    """
    old = ImportRun.objects.filter(
        finished_at__lt=timezone.now() - timedelta(days=days)
    ).exclude(status__in=GOING)
    runs = [*old]
    numbers = [run.pk for run in runs]
    names = {
        name for run in runs for name in (run.stored_file, run.report, run.rejects)
    }
    files = sorted(path for path in map(_own, names) if path)
    left = [run.pk for run in runs if run.causes or run.stored_file]
    images = undoing.noted_rows(numbers) if dry_run else undoing.prune(numbers)
    if not dry_run:
        for path in files:
            path.unlink(missing_ok=True)
        for run in runs:
            run.stored_file, run.causes = "", []
            # Below its first line, a message may show rows of the file.
            run.error = run.error.partition("\n")[0]
        ImportRun.objects.bulk_update(runs, ["stored_file", "causes", "error"], 500)
    return Pruned(left, files, images)


def _own(name: str) -> Path | None:
    """Return the path of a file that lies in the folder of imports and is there."""
    if not name:
        return None
    root = databases.root().resolve()
    path = (root / name).resolve()
    return path if path.is_relative_to(root) and path.is_file() else None
