"""The images of runs that can no longer be undone are removed."""

from collections.abc import Collection, Iterator

from django.apps import apps
from django.db import connections, router

from importruns import databases
from importruns.models import ImportRun, RowChange

AT_MOST = 500  # Runs that are looked at.


def aliases_with_changes() -> Iterator[str]:
    """Yield the databases in which runs note the rows that they touch."""
    table = RowChange._meta.db_table
    # Not each that the project knows: some may be copies, which are only read.
    written = dict.fromkeys(map(router.db_for_write, apps.get_models()))
    for alias in written:
        is_ledger = alias == databases.ALIAS
        if not is_ledger and table in connections[alias].introspection.table_names():
            yield alias


def noted_rows(runs: Collection[int]) -> int:
    """Return how many rows some runs have noted."""
    changes = (RowChange.objects.using(alias) for alias in aliases_with_changes())
    return sum(rows.filter(run__in=runs).count() for rows in changes)


def prune(runs: Collection[int]) -> int:
    """Remove the images of some runs, with the values in them.

    Args:
        runs: The numbers of the runs.

    Returns:
        How many rows these runs had noted.
    """
    if not runs:
        return 0
    found = 0
    for alias in aliases_with_changes():
        rows = RowChange.objects.using(alias).filter(run__in=runs)
        found += rows._raw_delete(alias)
    return found


def keep_last(number: int, command: str) -> None:
    """Remove the images of the runs of a command, except of so many that noted rows last.

    A run that found nothing to write has none, and takes the place of no other run.
    """
    aliases = list(aliases_with_changes())
    runs = ImportRun.objects.filter(command=command).order_by("-pk")
    noted = [
        run
        for run in runs.values_list("pk", flat=True)[:AT_MOST]
        if any(has_noted(run, alias) for alias in aliases)
    ]
    # Each run removes what the one before has left.
    prune(noted[number:])


def has_noted(run: int, alias: str) -> bool:
    """Return whether a run has noted rows in a database, and is not undone."""
    return RowChange.objects.using(alias).filter(run=run).exists()
