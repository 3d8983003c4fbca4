"""Step 4, load: the options of a run, the table of each model, and the counted outcome."""

from collections import Counter
from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from dataclasses import dataclass, field
from enum import StrEnum
from types import NoneType
from typing import Any

import polars as pl
from django.db.models import Model, Q, QuerySet

from importkit.loading.journal import Journal
from importkit.models import (
    AnyForeignKey,
    Links,
    PlannedKey,
    foreign_keys,
    scoped_rows,
)

EXAMPLES = 10  # The changes of a table that a plan shows.

type Watch = Callable[[type[Model], int], None]


class Mode(StrEnum):
    """What a run may do to the rows of a table.

    Attributes:
        INSERT: Create all rows; none may be in the table already.
        UPSERT: Create the rows whose natural key is new, change the others.
        UPDATE: Change the rows whose natural key is in the table, create none.
        SYNC: Upsert, and find the rows of the table that the source no longer has.
    """

    INSERT = "insert"
    UPSERT = "upsert"
    UPDATE = "update"
    SYNC = "sync"


class OnEmpty(StrEnum):
    """What an empty cell does to a field.

    Attributes:
        CLEAR: The field becomes empty, in a stored row too.
        KEEP: A stored row keeps its value; a new row gets the default of the field.
        DEFAULT: The field gets its default, in a stored row too.
    """

    CLEAR = "clear"
    KEEP = "keep"
    DEFAULT = "default"


@dataclass(frozen=True)
class RunOptions:
    """How the bulks of a run are written.

    Attributes:
        mode: What the run may do; None upserts the models that have a natural key, and
            inserts the others.
        keys: The natural keys by model: names or attnames of fields.
        on_empty: For fields of models, by name or attname, what an empty cell does; a
            field that is not named becomes empty.
        distinct: The models whose frames are known to hold each natural key once.
        scope: The rows of each model that the source speaks for; of a model that is not
            named all rows.
        step: The number of rows in a batch; None leaves the number to each writer.
        dry_run: Whether nothing is written.
        by_batch: Whether each batch is committed separately.
        deletes: Whether rows that the source lacks are deleted in the end, in the
            transaction of the run.
        skip: Whether rows of frames with lines are skipped when they do not fit.
        stops_at: Returns the line of the first problem of the source, from which on rows
            are only checked; None as long as there is no problem.
        signals: The models whose rows are saved one by one, with signals.
        names_instances: Whether the instances that their table would refuse are named; if
            not, Django or the database raises its own error.
        warn: Receives a remark that everybody should read.
        tell: Receives a remark, such as why a model is written through Django.
        watch: Receives a model and the number of its rows that were just handled.
        journal: Where the run notes the rows that it writes; None: nowhere.
    """

    mode: Mode | None = None
    keys: Mapping[type[Model], tuple[str, ...]] = field(default_factory=dict)
    on_empty: Mapping[type[Model], Mapping[str, OnEmpty]] = field(default_factory=dict)
    distinct: frozenset[type[Model]] = frozenset()
    scope: Mapping[type[Model], Q] = field(default_factory=dict)
    step: int | None = None
    dry_run: bool = False
    by_batch: bool = False
    deletes: bool = False
    skip: bool = False
    stops_at: Callable[[], int | None] = lambda: None
    signals: frozenset[type[Model]] = frozenset()
    names_instances: bool = True
    warn: Callable[[str], None] = lambda _remark: None
    tell: Callable[[str], None] = lambda _remark: None
    watch: Watch = lambda _model, _rows: None
    journal: Journal | None = None


@dataclass(frozen=True)
class TableTarget:
    """The table that the rows of one model go into, and what may be done to the table.

    Attributes:
        model: The model.
        using: The alias of the model's database.
        mode: What the run may do.
        key: The attnames of the natural key; empty if the model has none.
        dry_run: Whether nothing is written.
        signals: Whether each row is saved separately, with its signals.
        on_empty: By attname what an empty cell does, where the field does not become
            empty.
        keeps: The attnames by which other rows of the run refer to these rows.
        scope: The rows of the table that the run sees; None: all rows.
        deletes: Whether rows that the source lacks are deleted in the end.
        journal: Where the rows that are written are noted; None: nowhere.
    """

    model: type[Model]
    using: str
    mode: Mode = Mode.INSERT
    key: tuple[str, ...] = ()
    dry_run: bool = False
    signals: bool = False
    on_empty: Mapping[str, OnEmpty] = field(default_factory=dict)
    keeps: tuple[str, ...] = ()
    scope: Q | None = None
    deletes: bool = False
    journal: Journal | None = None

    @property
    def rows(self) -> QuerySet[Model]:
        """The rows of the table that the run sees."""
        rows: QuerySet[Model] = scoped_rows(self.model, self.scope)
        return rows


def links_of(target: TableTarget, attnames: Iterable[str]) -> list[AnyForeignKey]:
    """Return the foreign keys whose new values a deletion after a dry run asks for."""
    if not target.dry_run or target.mode is not Mode.SYNC:
        return []
    given = set(attnames)
    return [key for key in foreign_keys(target.model) if key.attname in given]


@dataclass(frozen=True)
class Change:
    """One field of one row before and after."""

    key: tuple[object, ...]
    field: str
    old: object
    new: object

    def values(self, key: Sequence[str]) -> Iterator[tuple[str, object]]:
        """Yield all values with their fields, those of the natural key first.

        Args:
            key: The attnames of the natural key; without them, the key is of other fields.
        """
        names = key if len(key) == len(self.key) else [""] * len(self.key)
        yield from zip(names, self.key, strict=True)
        yield from ((self.field, self.old), (self.field, self.new))


class ParentName(str):
    """The words for a parent, which stand in the place of its key."""

    __slots__ = ()


def with_names(
    changes: Sequence[Change],
    target: TableTarget,
    names_of: Callable[[AnyForeignKey, Collection[object]], Mapping[object, str]],
) -> list[Change]:
    """Return changes in which the parents of foreign keys are named.

    Args:
        changes: The changes of rows of a table.
        target: The table.
        names_of: Returns the names of parents, by values of a foreign key.
    """
    keys = {key.attname: key for key in foreign_keys(target.model)}
    asked: dict[str, set[object]] = {}
    for name, value in (pair for each in changes for pair in each.values(target.key)):
        if name in keys and not isinstance(value, NoneType | ParentName | PlannedKey):
            asked.setdefault(name, set()).add(value)
    named = {name: names_of(keys[name], values) for name, values in asked.items()}

    def of(name: str, value: object) -> object:
        words = named.get(name, {}).get(value)
        return value if words is None else ParentName(words)

    found = []
    for each in changes:
        *key, old, new = (of(*pair) for pair in each.values(target.key))
        found.append(Change(tuple(key), each.field, old, new))
    return found


@dataclass
class Outcome:
    """How many rows of one table a run creates, changes and leaves unchanged.

    Attributes:
        new: Rows whose key was not in the table; with ``Mode.UPDATE`` they are counted
            and not created.
        changed: Rows of which at least one field got another value.
        unchanged: Rows that are in the table as they are in the source; not written.
        changed_by_field: For each field, in how many of the changed rows it differs.
        missing: Rows of the table that the source does not have; only with ``Mode.SYNC``.
        examples: The first changes.
        lost: Rows that the database did not write, although it refused none of them.
    """

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    changed_by_field: Counter[str] = field(default_factory=Counter)
    missing: int = 0
    examples: list[Change] = field(default_factory=list)
    lost: int = 0

    def correct(self, mode: Mode, expected: "Outcome", new: int, changed: int) -> None:
        """Count what the database has done, where that is less than was expected.

        Args:
            mode: What the run may do.
            expected: The numbers of rows that were to be created and changed.
            new: How many rows the database has created.
            changed: How many rows the database has changed.
        """
        missing = 0 if mode is Mode.UPDATE else expected.new - new
        unchanged = expected.changed - changed
        self.new -= missing
        self.changed -= unchanged
        self.lost += missing + unchanged

    def add_examples(self, changes: Sequence[Change]) -> None:
        """Add changes to the examples, until there are enough."""
        self.examples += changes[: EXAMPLES - len(self.examples)]


def rows_to_come(target: TableTarget, outcome: Outcome) -> int:
    """Return how many rows a dry run would have created so far."""
    return outcome.new if target.dry_run and target.mode is not Mode.UPDATE else 0


@dataclass(frozen=True)
class Loaded:
    """The result for one model.

    Attributes:
        mode: What the run was allowed to do.
        outcome: The numbers of rows.
        missing: With ``Mode.SYNC`` the primary keys that the bulk did not have.
        problems: The problems of the rows that were skipped.
        links: In a dry run with ``Mode.SYNC``, by attname of the foreign key: the keys
            that new and changed rows would have.
    """

    mode: Mode
    outcome: Outcome
    missing: Sequence[Any]
    problems: pl.DataFrame
    links: Mapping[str, Links] = field(default_factory=dict)


def counted(model: type[Model], number: int) -> str:
    """Return a number of rows in words: ``3,000 products``."""
    meta = model._meta
    noun = meta.verbose_name if number == 1 else meta.verbose_name_plural
    return f"{number:,} {noun}"
