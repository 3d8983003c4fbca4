"""The rows of a table that the source no longer has are deleted, up to a limit."""

from collections.abc import Callable, Mapping, Sequence

from django.db.models import Model, ProtectedError, RestrictedError

from importkit.bulk import bulk_delete_in_steps, multi_simulate_bulk_deletion
from importkit.errors import CleaningError
from importkit.import_data.options import Limit
from importkit.loading import Loaded, counted
from importkit.models import ModelClass, all_rows, topological_sort_models

STEP = 1000  # Rows that are deleted by one statement.


def delete_missing(
    loaded: Mapping[ModelClass, Loaded],
    *,
    limit: Limit,
    dry_run: bool,
    confirm: Callable[[str], bool],
) -> Mapping[str, int]:
    """Delete the stored rows that the source no longer has, children first.

    Args:
        loaded: What became of the rows of each model.
        limit: The most rows of a table that may be deleted.
        dry_run: Whether the rows are only counted.
        confirm: Asks a question and returns whether the answer is yes.

    Returns:
        By model label how many rows are deleted, with those that foreign keys delete
        along with them.

    Raises:
        CleaningError: More rows than the limit are missing, a foreign key protects one
            of them, or the answer is no.
    """
    entries = _missing_rows(loaded)
    if not entries:
        return {}
    for model in entries:
        _check_limit(model, loaded[model], limit)
    simulated = _simulated(entries)
    counts = {model._meta.label: rows for model, rows in simulated.items()}
    if dry_run:
        return counts
    listed = ", ".join(counted(model, rows) for model, rows in simulated.items())
    if not confirm(f"The source no longer has some rows. Delete {listed}?"):
        raise CleaningError("Not confirmed.")
    for model in reversed(topological_sort_models(entries)):
        bulk_delete_in_steps(model, entries[model], STEP)
    # Not the numbers that Django returns: rows that the database deletes by itself, in a
    # cascade of its own, are not in them.
    return counts


def _missing_rows(loaded: Mapping[ModelClass, Loaded]) -> dict[ModelClass, list[Model]]:
    return {
        model: list(all_rows(model).filter(pk__in=list(done.missing)))
        for model, done in loaded.items()
        if done.missing
    }


def _simulated(entries: Mapping[ModelClass, Sequence[Model]]) -> dict[ModelClass, int]:
    """Return how many rows of each model would be deleted, with those of cascades."""
    try:
        simulated = multi_simulate_bulk_deletion(entries)
    except (ProtectedError, RestrictedError) as error:
        raise CleaningError(f"--delete: {error.args[0]}") from error
    return {model: len(rows) for model, rows in simulated.items()}


def _check_limit(model: ModelClass, done: Loaded, limit: Limit) -> None:
    outcome = done.outcome
    before = outcome.changed + outcome.unchanged + outcome.missing
    if not limit.allows(outcome.missing, of=before):
        raise CleaningError(
            f"--delete: the source lacks {outcome.missing:,} of {before:,} "
            f"{model._meta.verbose_name_plural}, more than --max-delete {limit} allows. "
            "Is the file complete?"
        )
