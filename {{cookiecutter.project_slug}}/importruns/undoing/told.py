"""What undoing a run did, or would do, as values that a command or a page shows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from importkit.errors import ImportKitError


class UndoError(ImportKitError):
    """A run cannot be undone; nothing was changed."""


class Reason(StrEnum):
    """Why a row is kept as it is."""

    GONE = "somebody has deleted the row since"
    EDITED = "somebody has changed the row since"
    REFERRED = "other rows refer to the row"
    PARENT = "the row that it referred to is not there"
    KEY = "another row has its key"
    UNIQUE = "another row has a value that must be unique"
    PART = "the other part of the row, in another table, is kept"


@dataclass(frozen=True)
class Difference:
    """A column of a row that is kept.

    Attributes:
        column: The name of the column.
        written: What the run wrote, as a text of the database; None: null.
        now: What the row has now.
    """

    column: str
    written: str | None
    now: str | None


@dataclass(frozen=True)
class Kept:
    """A row that is kept as it is.

    Attributes:
        label: The label of the model.
        key: The primary key of the row.
        reason: Why the row is kept.
        differences: Where somebody has changed the row: each column that differs.
    """

    label: str
    key: str
    reason: Reason
    differences: Sequence[Difference] = ()


@dataclass(frozen=True)
class UndoneTable:
    """What became of the rows of one table.

    Attributes:
        label: The label of the model.
        taken_back: How many created rows are deleted.
        restored: How many changed rows have their former values again.
        put_back: How many deleted rows are there again.
        kept: How many rows are kept as they are, by reason.
        examples: The first of these rows.
    """

    label: str
    taken_back: int = 0
    restored: int = 0
    put_back: int = 0
    kept: Mapping[Reason, int] = field(default_factory=dict)
    examples: Sequence[Kept] = ()


@dataclass(frozen=True)
class Undone:
    """What undoing a run did.

    Attributes:
        run: The number of the run.
        dry_run: Whether nothing was written.
        tables: What became of the rows of each table, children first.
    """

    run: int
    dry_run: bool
    tables: Sequence[UndoneTable]

    @property
    def kept(self) -> int:
        """The number of rows that are kept as they are."""
        return sum(sum(table.kept.values()) for table in self.tables)
