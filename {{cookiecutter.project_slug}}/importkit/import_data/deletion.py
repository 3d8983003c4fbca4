"""Step 4, load: the rows that the source no longer has are deleted, if that is allowed."""

from argparse import ArgumentTypeError
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.db.models import ProtectedError, RestrictedError

from importkit.bulk import bulk_delete_in_steps, multi_simulate_bulk_deletion
from importkit.errors import CleaningError
from importkit.loading import Loaded, counted
from importkit.models import ModelClass, all_rows, topological_sort_models

STEP = 1000


@dataclass(frozen=True)
class Limit:
    """How many rows of a table may be deleted: a number, or a share of those in it."""

    number: float
    is_share: bool

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Read ``500`` or ``10%``, for argparse."""
        digits = text.removesuffix("%")
        if not digits.isdecimal() or (text.endswith("%") and int(digits) > 100):
            raise ArgumentTypeError(
                f'"{text}" is neither a number of rows nor a share up to 100%.'
            )
        return cls(int(digits), is_share=text.endswith("%"))

    def __str__(self) -> str:
        """Return the limit as it was written."""
        return f"{self.number}{'%' if self.is_share else ''}"

    def allows(self, rows: int, of: int) -> bool:
        """Say whether so many rows of a table may be deleted."""
        return rows <= (of * self.number / 100 if self.is_share else self.number)


DEFAULT_MAX_DELETE = Limit(10, is_share=True)


def delete_missing(
    loaded: Mapping[ModelClass, Loaded],
    *,
    limit: Limit,
    dry_run: bool,
    confirm: Callable[[str], bool],
) -> Mapping[str, int]:
    """Delete the missing rows of a run, children first, and count what goes with them.

    Args:
        loaded: What became of the rows of each model.
        limit: How many rows of a table may go.
        dry_run: Whether to count only.
        confirm: Asks whether to go on.

    Raises:
        CleaningError: There are too many, some are protected, or the answer is no.
    """
    entries = {
        model: list(all_rows(model).filter(pk__in=list(done.missing)))
        for model, done in loaded.items()
        if done.missing
    }
    if not entries:
        return {}
    for model in entries:
        _check_limit(model, loaded[model], limit)
    try:
        simulated = multi_simulate_bulk_deletion(entries)
    except (ProtectedError, RestrictedError) as error:
        raise CleaningError(f"--delete: {error.args[0]}") from error
    counts = {model._meta.label: len(rows) for model, rows in simulated.items()}
    if dry_run:
        return counts
    listed = ", ".join(counted(model, len(rows)) for model, rows in simulated.items())
    if not confirm(f"The source no longer has some rows. Delete {listed}?"):
        raise CleaningError("Not confirmed.")
    for model in reversed(topological_sort_models(entries)):
        bulk_delete_in_steps(model, entries[model], STEP)
    # What Django counts lacks the rows that the database cascades to by itself.
    return counts


def _check_limit(model: ModelClass, done: Loaded, limit: Limit) -> None:
    outcome = done.outcome
    before = outcome.changed + outcome.unchanged + outcome.missing
    if not limit.allows(outcome.missing, of=before):
        raise CleaningError(
            f"--delete: the source lacks {outcome.missing:,} of {before:,} "
            f"{model._meta.verbose_name_plural}, more than --max-delete {limit} allows. "
            "Is the file complete?"
        )
