"""Step 3, transform: what a run does to a table, planned or done."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl
from django.db.models import Model

EXAMPLES = 10

type Watch = Callable[[type[Model], int], None]


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
        examples: Some of the changes.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    changed_by_field: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    examples: list[Change] = field(default_factory=list)

    def add_examples(self, changes: Sequence[Change]) -> None:
        """Keep the first changes."""
        self.examples += changes[: EXAMPLES - len(self.examples)]


@dataclass(frozen=True)
class Rules:
    """How the bulks of a run are written.

    Attributes:
        mode: What may be done; None upserts the models that have a natural key, and
            inserts the others.
        keys: The natural keys of models: names or attnames of their fields.
        distinct: The models whose frames are known to hold each key once.
        step: How many rows are written at a time; None lets each way choose.
        dry_run: Whether nothing is written.
        by_batch: Whether each batch is committed by itself.
        skip: Whether to go on without the rows that do not fit, of frames with lines.
        stops_at: Returns the line of the source from which on rows are only looked at,
            because of a problem there; None as long as there is none.
        signals: The models whose rows are saved one by one, with signals.
        tell: Takes a remark, such as why a model goes through Django.
        watch: Takes a model and, as they are done, numbers of its rows.
    """

    mode: Mode | None = None
    keys: Mapping[type[Model], tuple[str, ...]] = field(default_factory=dict)
    distinct: frozenset[type[Model]] = frozenset()
    step: int | None = None
    dry_run: bool = False
    by_batch: bool = False
    skip: bool = False
    stops_at: Callable[[], int | None] = lambda: None
    signals: frozenset[type[Model]] = frozenset()
    tell: Callable[[str], None] = lambda _remark: None
    watch: Watch = lambda _model, _rows: None


@dataclass(frozen=True)
class Loaded:
    """What became of the rows of one model.

    Attributes:
        mode: What was allowed.
        outcome: Their numbers.
        missing: With ``Mode.SYNC`` the primary keys that the bulk did not have.
        problems: What is wrong with the rows that were skipped.
    """

    mode: Mode
    outcome: Outcome
    missing: Sequence[Any]
    problems: pl.DataFrame


def counted(model: type[Model], number: int) -> str:
    """Return a number of rows in words: ``3,000 products``."""
    meta = model._meta
    noun = meta.verbose_name if number == 1 else meta.verbose_name_plural
    return f"{number:,} {noun}"
