"""What a run has done, or would do, in the words that a person reads."""

from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl
from django.apps import apps
from django.db.models import Model

from importkit import problems
from importkit.plan import Change, Loaded, Mode, counted

HELD_WHOLE = (
    "The source is held in memory as a whole: to sort rows (get_sort_cols) or to add them "
    "up (get_add_on_duplicate_cols) takes all of them."
)
NOTHING_WRITTEN = "Nothing was written."
BATCHES_STAY = (
    "Batches that were committed before stay. Run the same again to go on: by their "
    "natural key, rows that are in the table already are left as they are."
)
IN_THE_TABLE = (
    " Are rows of the file in the table already? With a natural key (get_natural_keys) "
    "they are changed instead of created again."
)


def describe(
    loaded: Mapping[type[Model], Loaded], deleted: Mapping[str, int], *, dry_run: bool
) -> str:
    """Return the summary of a run; of a dry run with some of the changes.

    Args:
        loaded: What became of the rows of each model.
        deleted: How many rows were deleted, by model label.
        dry_run: Whether it is only a plan.
    """
    lines = [
        line
        for model, done in loaded.items()
        for line in _lines(model, done, dry_run=dry_run)
    ]
    if deleted:
        counts = (counted(apps.get_model(label), n) for label, n in deleted.items())
        verb = "To delete" if dry_run else "Deleted"
        lines.append(f"{verb}: {', '.join(counts)}.")
    if dry_run:
        lines.append(f"Dry run: {NOTHING_WRITTEN.lower()}")
    return "\n".join(lines or ["Nothing to write."])


def describe_rejects(found: pl.DataFrame, rows: int, path: Path | None) -> str:
    """Return what is wrong with the rows that were skipped, and where they are.

    Args:
        found: What is wrong, of ``problems.SCHEMA``.
        rows: How many rows the source has.
        path: The file with the rejects; None if it is only a plan.
    """
    number = found["line"].n_unique()
    what = f"{number:,} of {rows:,} row{'' if rows == 1 else 's'}"
    verb = "is" if number == 1 else "are"
    where = (
        f'{what} {verb} in "{path}", to be corrected and imported from there.'
        if path
        else f"{what} would be rejected."
    )
    return f"{problems.describe(found, problems.LINES)}\n{where}"


def _lines(model: type[Model], done: Loaded, *, dry_run: bool) -> Iterator[str]:
    name = str(model._meta.verbose_name_plural)
    yield f"{name[:1].upper()}{name[1:]}: {', '.join(_numbers(done))}."
    if dry_run:
        yield from (_example(change) for change in done.outcome.examples)


def _numbers(done: Loaded) -> Iterator[str]:
    outcome = done.outcome
    yield f"{outcome.new:,} {'not in the table' if done.mode is Mode.UPDATE else 'new'}"
    if done.mode is Mode.INSERT:
        return
    fields = outcome.changed_by_field.most_common()
    by_field = ", ".join(f"{name} {count:,}" for name, count in fields)
    yield f"{outcome.changed:,} changed" + (f" ({by_field})" if by_field else "")
    yield f"{outcome.unchanged:,} unchanged"
    if done.mode is Mode.SYNC:
        yield f"{outcome.missing:,} missing in the source"


def _example(change: Change) -> str:
    key = ", ".join(str(part) for part in change.key)
    # repr shows control and bidi characters instead of sending them.
    return f"  {key!r}: {change.field} {_shown(change.old)} -> {_shown(change.new)}"


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(str(value))
