"""What a run did, or a dry run would do, in words."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from django.apps import apps
from django.db.models import Model

from importkit import guides
from importkit.cleaning import MASK, Masking
from importkit.display_names import shown
from importkit.errors import visible
from importkit.import_data.deletion import Deleted
from importkit.import_data.options import DEFAULT_MAX_DELETE
from importkit.loading import (
    Change,
    Loaded,
    Mode,
    counted,
)
from importkit.models import field_of

HELD_WHOLE = (
    "The source is held in memory as a whole: sorting (get_sort_cols) and adding up rows "
    "(get_add_on_duplicate_cols) need all rows at once."
)
DO_NOT_FIT = "Rows do not fit."
LOCKED = "The database is locked by another program, which may be another import or the server."
WAIT_LONGER = (
    " Run the import again later, or wait longer with --wait SECONDS. "
    f"{guides.see(guides.TWO_RUNS)}"
)
AGAIN = (
    "The database ended the transaction because another one got in its way. The import is "
    "run again from its start."
)
EXPLAINED = f"{guides.CODES} says what each code in brackets means."
NOTHING_WRITTEN = "Nothing was written."
WRITTEN = "The rows had been written before."
BATCHES_STAY = (
    "Batches that were committed before stay. Run the same again to go on: rows that are "
    "in the table already are found by their natural key and left as they are. "
    + guides.see(guides.STOPPED)
)
UNGUARDED = (
    f"Only --max-delete {DEFAULT_MAX_DELETE} guards against a file that lacks rows. Say in "
    'get_expectations what each file should have, such as [Rows(change="20%")]. '
    + guides.see(guides.EXPECTATIONS)
)
MIGRATE = (
    " The tables of the database are not those of the models: run manage.py migrate, after "
    "manage.py makemigrations if a model has changed."
)
IN_THE_TABLE = (
    " Are rows of the file in the table already? State their natural key in "
    "get_natural_keys, and they are changed instead of created again."
)

type Keys = Mapping[type[Model], tuple[str, ...]]


def describe(
    loaded: Mapping[type[Model], Loaded],
    deleted: Deleted,
    *,
    dry_run: bool,
    keys: Keys,
    masking: Masking,
) -> str:
    """Return the summary of a run, with some examples of changes if it is a dry run.

    Args:
        loaded: What became of the rows of each model.
        deleted: What was deleted.
        dry_run: Whether nothing was written.
        keys: The natural keys of models.
        masking: Which values must not be shown.
    """
    lines = []
    for model, done in loaded.items():
        lines.append(_numbers_of(model, done))
        if dry_run:
            key = keys.get(model, ())
            examples = done.outcome.examples
            lines += [_example(model, each, key, masking) for each in examples]
    lines += _deleted(deleted, "To delete" if dry_run else "Deleted")
    if dry_run:
        lines.append(f"Dry run: {NOTHING_WRITTEN.lower()}")
    return "\n".join(lines or ["Nothing to write."])


def lines_of_rejects(name: str) -> str:
    """Return which lines are meant where rejects are imported."""
    return (
        f'The lines are those of "{visible(name)}"; its column _line has the lines of the '
        "file that the rows come from."
    )


def locked_by(holders: Sequence[str]) -> str:
    """Return that the database is locked, and by whom, as far as that is known."""
    if not holders:
        return LOCKED
    return f"{LOCKED} The lock is held by {'; '.join(holders)}."


def describe_rejects(number: int, rows: int, path: Path | None) -> str:
    """Return how many rows were rejected, and where the rejects are.

    Args:
        number: How many rows were rejected.
        rows: How many rows the source has.
        path: The file with the rejects; None in a dry run, which writes none.
    """
    what = f"{number:,} of {rows:,} row{'' if rows == 1 else 's'}"
    verb = "is" if number == 1 else "are"
    return (
        f'{what} {verb} in "{shown(path)}", to be corrected and imported from there.'
        if path
        else f"{what} would be rejected."
    )


def _deleted(deleted: Deleted, verb: str) -> Iterator[str]:
    if not deleted.rows:
        return
    rows = (counted(apps.get_model(label), n) for label, n in deleted.rows.items())
    yield f"{verb}: {', '.join(rows)}."
    for path, number in deleted.changed.items():
        label, _, name = path.rpartition(".")
        rows_of_model = counted(apps.get_model(label), number)
        yield f'Changed by the deletion: "{name}" of {rows_of_model}.'


def _numbers_of(model: type[Model], done: Loaded) -> str:
    name = str(model._meta.verbose_name_plural)
    return f"{name[:1].upper()}{name[1:]}: {', '.join(_numbers(model, done))}."


def _numbers(model: type[Model], done: Loaded) -> Iterator[str]:
    outcome = done.outcome
    yield f"{outcome.new:,} {'not in the table' if done.mode is Mode.UPDATE else 'new'}"
    if done.mode is Mode.INSERT:
        return
    fields = outcome.changed_by_field.most_common()
    by_field = ", ".join(
        f"{field_of(model, name).name} {count:,}" for name, count in fields
    )
    yield f"{outcome.changed:,} changed" + (f" ({by_field})" if by_field else "")
    yield f"{outcome.unchanged:,} unchanged"
    if done.mode is Mode.SYNC:
        yield f"{outcome.missing:,} missing in the source"


def _example(
    model: type[Model], change: Change, names: tuple[str, ...], masking: Masking
) -> str:
    # Without a natural key the row is named by other values, which may be personal.
    known = names if len(names) == len(change.key) else ("",) * len(change.key)
    parts = zip(change.key, map(masking.hides, known), strict=True)
    key = ", ".join(MASK if is_hidden else str(part) for part, is_hidden in parts)
    old, new = map(_shown, (change.old, change.new))
    if masking.hides(change.field):
        old = new = MASK
    # repr shows control and bidi characters instead of sending them.
    # A foreign key has the name of its parent, not that of the column with the parent's key.
    name = field_of(model, change.field).name
    return f"  {key!r}: {name} {old} -> {new}"


def _shown(value: object) -> str:
    return "nothing" if value is None else repr(str(value))
