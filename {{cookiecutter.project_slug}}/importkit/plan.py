"""Step 3, transform: what a run does to a table, planned or done."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.db.models import Model

EXAMPLES = 10


class Mode(StrEnum):
    """What a run may do to the rows of a table.

    Attributes:
        INSERT: Create all rows; none may be there already.
        UPSERT: Create the rows whose natural key is new, change the others.
        UPDATE: Change the rows whose natural key is there, create none.
        SYNC: Upsert, and look for rows that the source no longer has.
    """

    INSERT = "insert"
    UPSERT = "upsert"
    UPDATE = "update"
    SYNC = "sync"


@dataclass(frozen=True)
class Change:
    """One field of one row before and after."""

    key: tuple[object, ...]
    field: str
    old: object
    new: object


@dataclass(frozen=True)
class Target:
    """Where rows go, and how.

    Attributes:
        model: The model.
        using: The alias of its database.
        mode: What may be done.
        key: The attnames of the natural key; empty where there is none.
        dry_run: Whether nothing is written.
        signals: Whether each row is saved by itself, with its signals.
        keeps: The attnames by which other rows of the run refer to these.
    """

    model: type[Model]
    using: str
    mode: Mode = Mode.INSERT
    key: tuple[str, ...] = ()
    dry_run: bool = False
    signals: bool = False
    keeps: tuple[str, ...] = ()


@dataclass
class Outcome:
    """How many rows of one table a run creates, changes, and leaves as they are.

    Attributes:
        new: Rows whose key was not there; with Mode.UPDATE they are not created.
        changed: Rows of which some field has another value than before.
        unchanged: Rows that are there as they are in the source; they are not written.
        changed_by_field: Of the changed rows, how many differ in each field.
        missing: Rows of the table that the source does not have; only with Mode.SYNC.
        deleted: Rows that are deleted for it, cascades included, by model label.
        examples: Some of the changes.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    changed_by_field: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    deleted: Mapping[str, int] = field(default_factory=dict)
    examples: list[Change] = field(default_factory=list)

    def add_examples(self, changes: Sequence[Change]) -> None:
        """Keep the first changes."""
        self.examples += changes[: EXAMPLES - len(self.examples)]


def counted(model: type[Model], number: int) -> str:
    """Return a number of rows in words: ``3,000 products``."""
    meta = model._meta
    noun = meta.verbose_name if number == 1 else meta.verbose_name_plural
    return f"{number:,} {noun}"
