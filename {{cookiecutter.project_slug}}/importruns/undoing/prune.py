"""The images of runs that can no longer be undone are removed."""

from collections.abc import Collection, Iterator

from django.apps import apps
from django.db import connections, router

from importruns import databases
from importruns.models import RowChange


def aliases_with_changes() -> Iterator[str]:
    """Yield the databases in which runs note the rows that they touch."""
    table = RowChange._meta.db_table
    # Not each that the project knows: some may be copies, which are only read.
    written = dict.fromkeys(map(router.db_for_write, apps.get_models()))
    for alias in written:
        is_ledger = alias == databases.ALIAS
        if not is_ledger and table in connections[alias].introspection.table_names():
            yield alias


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


def runs_with_changes() -> set[int]:
    """Return the numbers of the runs that have noted rows, and are not undone."""
    return {
        run
        for alias in aliases_with_changes()
        for run in RowChange.objects.using(alias)
        .values_list("run", flat=True)
        .distinct()
    }
