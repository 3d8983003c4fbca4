"""The rows of a table that the source no longer has are deleted, up to a limit."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import ProtectedError

from importkit import guides
from importkit.errors import CleaningError
from importkit.import_data.options import Limit
from importkit.loading import (
    Journal,
    Loaded,
    counted,
    noted,
    touched_by_deletion,
)
from importkit.models import (
    Deletion,
    Links,
    ModelClass,
    all_rows,
    atomic_for,
    concrete,
    delete_together,
    foreign_keys,
    simulate_deletion,
)


@dataclass(frozen=True)
class Deleted:
    """What the deletion of a run did, or would do.

    Attributes:
        rows: How many rows were deleted, by model label, with those of cascades.
        changed: How many rows of each foreign key, by label and name of the field, lost
            the row that they referred to.
    """

    rows: Mapping[str, int] = field(default_factory=dict)
    changed: Mapping[str, int] = field(default_factory=dict)


def delete_missing(
    loaded: Mapping[ModelClass, Loaded],
    *,
    limit: Limit,
    dry_run: bool,
    confirm: Callable[[str], bool],
    journal: Journal | None = None,
) -> Deleted:
    """Delete the stored rows that the source no longer has, children first.

    Args:
        loaded: What became of the rows of each model.
        limit: The most rows of each table that may be deleted, cascades included.
        dry_run: Whether the rows are only counted.
        confirm: Asks a question and returns whether the answer is yes.
        journal: Where the deletion is noted, unless the run notes all that it does.

    Raises:
        CleaningError: More rows of a table than the limit would be deleted, a foreign key
            protects one of them, a cascade would take rows that the source has, or the
            answer is no.
    """
    missing = {model: done.missing for model, done in loaded.items() if done.missing}
    if not missing:
        return Deleted()
    for model in missing:
        _check_limit(model, loaded[model], limit)
    try:
        deletion = simulate_deletion(missing, _links(loaded))
    except ProtectedError as error:
        raise CleaningError(f"--delete: {error.args[0]}") from error
    _refuse_rows_of_the_source(deletion, loaded)
    _check_cascades(deletion, missing, loaded, limit)
    # Not the numbers that Django returns: rows that the database deletes by itself, in a
    # cascade of its own, are not in them.
    deleted = Deleted(
        {model._meta.label: len(keys) for model, keys in deletion.rows.items()},
        {f"{f.model._meta.label}.{f.name}": n for f, n in deletion.changed.items()},
    )
    if dry_run:
        return deleted
    if not confirm(_question(deletion)):
        raise CleaningError("Not confirmed.")
    with atomic_for(missing), noted(touched_by_deletion(missing), journal):
        delete_together(missing)
    return deleted


def _links(loaded: Mapping[ModelClass, Loaded]) -> dict[Any, Links]:
    return {
        key: done.links[key.attname]
        for model, done in loaded.items()
        for key in foreign_keys(model)
        if key.attname in done.links
    }


def _question(deletion: Deletion) -> str:
    listed = ", ".join(counted(m, len(keys)) for m, keys in deletion.rows.items())
    changed = ", ".join(
        f'the "{field.name}" of {counted(field.model, number)}'
        for field, number in deletion.changed.items()
    )
    also = f" This also changes {changed}." if changed else ""
    return f"The source no longer has some rows.{also} Delete {listed}?"


def _before(done: Loaded) -> int:
    outcome = done.outcome
    return outcome.changed + outcome.unchanged + outcome.missing


def _check_limit(model: ModelClass, done: Loaded, limit: Limit) -> None:
    lacking, before = done.outcome.missing, _before(done)
    if not limit.allows(lacking, of=before):
        raise CleaningError(
            f"--delete: the source lacks {lacking:,} of {before:,} "
            f"{model._meta.verbose_name_plural}, more than --max-delete {limit} allows. "
            f"Is the file complete? {guides.see(guides.DELETIONS)}"
        )


def _check_cascades(
    deletion: Deletion,
    missing: Mapping[ModelClass, Collection[Any]],
    loaded: Mapping[ModelClass, Loaded],
    limit: Limit,
) -> None:
    """Raise if a deletion takes along more rows of a table than the limit."""
    own = {concrete(model) for model in missing}
    of_run = {concrete(model): _before(done) for model, done in loaded.items()}
    for model, keys in deletion.rows.items():
        if model in own:
            continue  # Rows that the source has are refused, and the others are checked.
        before = of_run[model] if model in of_run else all_rows(model).count()
        if not limit.allows(len(keys), of=before):
            raise CleaningError(
                "--delete: the rows that the source lacks would take along "
                f"{len(keys):,} of {before:,} {model._meta.verbose_name_plural}, more "
                f"than --max-delete {limit} allows. Is the file complete? "
                f"{guides.see(guides.DELETIONS)}"
            )


def _refuse_rows_of_the_source(
    deletion: Deletion, loaded: Mapping[ModelClass, Loaded]
) -> None:
    """Raise if a cascade would take rows that the source has."""
    for model, done in loaded.items():
        taken = deletion.rows.get(concrete(model), frozenset()) - set(done.missing)
        if taken:
            raise CleaningError(
                f"--delete: {counted(model, len(taken))} of the source would be deleted "
                "by cascade, together with rows that the source lacks. Add the rows that "
                "they refer to to the source, or have them refer to others."
            )
