"""The rows of the next delivery in generated tests: one that differs, and one that is new."""

from collections.abc import Iterable
from typing import NamedTuple

from generators.code.expressions import Dict
from generators.code.facts import FILLED_BY_MIGRATE
from generators.code.plan import ColumnPlan, ImportPlan
from generators.inference import NUMBERS
from generators.naming import Source, literal


class NextRows(NamedTuple):
    """What other rows have in place of the values of the row of the tests.

    Attributes:
        changed: The values of the same row, changed; None where nothing can change.
        new: The values of a row with another key; None where none can be invented.
        can_sync: Whether a run with ``--delete`` can be shown with these rows.
    """

    changed: Dict | None
    new: Dict | None
    can_sync: bool

    @property
    def comment(self) -> Source:
        """What the rows are, as a comment."""
        if not self.changed:
            return Source("Another row.")
        return Source(f"The same row, changed{', and another row' * bool(self.new)}.")


def next_rows(plan: ImportPlan) -> NextRows | None:
    """Return the rows of the next delivery; None where no natural key finds a row again."""
    if not plan.natural_key:
        return None
    changed, new = _changed(plan), _new(plan)
    # Only the rows of the one model are there to be deleted.
    is_alone = not (plan.made or plan.links or plan.model.path in FILLED_BY_MIGRATE)
    return NextRows(
        changed=_texts([changed]) if changed else None,
        new=_texts(new) if new else None,
        can_sync=is_alone and bool(new),
    )


def _changed(plan: ImportPlan) -> ColumnPlan | None:
    """Return the column that changes, a number first; None where all are parts of keys."""
    fixed = {name for key in (*plan.keys, *plan.unique_sets) for name in key}
    free = [
        column
        for column in plan.columns
        if column.invented.other and column.name not in fixed and not column.is_link
    ]
    ordered = sorted(
        free, key=lambda c: (c.is_secret, c.column.kind not in NUMBERS or c.is_text)
    )
    return next(iter(ordered), None)


def _new(plan: ImportPlan) -> list[ColumnPlan]:
    """Return columns of which each unique set has one; none if a set has no other value."""
    other = {c.name: c for c in plan.columns if c.invented.other and not c.is_link}
    found: dict[str, ColumnPlan] = {}
    for names in (*plan.keys, *plan.unique_sets):
        free = [name for name in names if name in other]
        if not free:
            return []
        if found.keys().isdisjoint(names):
            found[free[0]] = other[free[0]]
    return [*found.values()]


def _texts(columns: Iterable[ColumnPlan]) -> Dict:
    return Dict(
        tuple(
            (literal(column.column.header), literal(column.invented.other.text))
            for column in columns
            if column.invented.other
        )
    )
