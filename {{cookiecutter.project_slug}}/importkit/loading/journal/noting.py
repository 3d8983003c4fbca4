"""Step 4, load: the database itself notes each row that a run creates, changes or deletes.

Triggers that live as long as the transaction note the rows, however they are written: with
COPY, by merging, through Django, or by a cascade. Nothing can be forgotten that way, and what
is rolled back is not noted. SQLite has triggers of one connection, which nobody else sees. On
PostgreSQL one statement notes all rows of another one.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connections

from importkit.errors import ConfigurationError
from importkit.loading.database_errors import is_locked, is_transient, sentence
from importkit.loading.journal.images import EXACT, Images, images_of, literal
from importkit.loading.journal.tables import by_database, written_by
from importkit.loading.writers.locks import one_at_a_time
from importkit.models import ModelClass

PREFIX = "importkit_journal"
# By kind of row: the event, and what a statement of PostgreSQL hands to its trigger.
EVENTS = {
    "c": ("INSERT", "NEW TABLE AS importkit_new"),
    "u": ("UPDATE", "OLD TABLE AS importkit_old NEW TABLE AS importkit_new"),
    "d": ("DELETE", "OLD TABLE AS importkit_old"),
}
# Settings without which a join of a trigger could take for ever.
SETTINGS = {**EXACT, "enable_hashjoin": "on", "enable_mergejoin": "on"}
# What is checked at the end of the transaction: as long as it is pending, no trigger can go.
DEFERRED = """
SELECT DISTINCT format('%%I.%%I', n.nspname, c.conname)
FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
WHERE c.condeferred AND (c.conrelid = ANY(%s::regclass[]) OR c.confrelid = ANY(%s::regclass[]))
"""


# The trigger that notes the changes of a table.
OF_UPDATES = f"""
SELECT name, sql FROM sqlite_temp_master
WHERE type = 'trigger' AND tbl_name = ? AND name LIKE '{PREFIX}%u'
"""


@dataclass(frozen=True)
class Changes:
    """What a statement changes.

    Attributes:
        rows: What follows ``FROM`` to select the rows ``t`` of the table, each with the row
            ``r`` that it becomes.
        tests: The quoted columns that the statement sets, and the test whether a row differs.
    """

    rows: str
    tests: Mapping[str, str]


@dataclass(frozen=True)
class Journal:
    """Where a run notes what it does to rows.

    Attributes:
        table: The table of the notes, in each database that the run writes to. It has the
            columns ``run``, ``label``, ``key``, ``kind``, ``before`` and ``after``.
        run: The number of the run.
    """

    table: str
    run: int


def refuse_to_note(models: Iterable[ModelClass]) -> None:
    """Raise if the database of a model cannot note what a run does.

    Raises:
        ConfigurationError: It is neither SQLite nor PostgreSQL.
    """
    for using, own in by_database(written_by(models)).items():
        connection: Any = connections[using]
        if connection.vendor not in ("sqlite", "postgresql"):
            raise ConfigurationError(
                f"keeps_undo: {connection.display_name} cannot note the rows that a run "
                f"writes to {own[0]._meta.label} in the transaction of the run. Set keeps_undo "
                "to 0, or keep the table in PostgreSQL or SQLite."
            )


@contextmanager
def noted(
    models: Iterable[ModelClass],
    journal: Journal | None,
    warn: Callable[[str], None] = lambda _remark: None,
) -> Iterator[None]:
    """Note what is done to the tables of models, within an open transaction.

    Args:
        models: The models.
        journal: Where it is noted; None: nowhere.
        warn: Receives a remark, before it waits for another import.
    """
    if journal is None:
        yield
        return
    # Before the triggers, which lock the tables: an import that has this lock, and waits for
    # that of a table, would wait for ever.
    one_at_a_time(written_by(models), warn)
    with ExitStack() as stack:
        for using, own in by_database(written_by(models)).items():
            if not connections[using].in_atomic_block:
                continue  # The triggers would stay; and the run does not write there.
            watch = _sqlite if connections[using].vendor == "sqlite" else _postgres
            stack.enter_context(watch(using, own, journal))
        yield


@contextmanager
def _sqlite(
    using: str, models: Sequence[ModelClass], journal: Journal
) -> Iterator[None]:
    connection: Any = connections[using]
    execute: Callable[[str], Any] = connection.connection.execute
    names = []
    with connection.wrap_database_errors:
        for place, model in enumerate(models):
            images = images_of(model, using)
            for kind in EVENTS:
                name = f"temp.{PREFIX}_{place}_{kind}"
                execute(f"DROP TRIGGER IF EXISTS {name}")
                execute(_sqlite_trigger(name, kind, model, images, journal))
                names.append(name)
    yield
    with connection.wrap_database_errors:
        for name in names:
            execute(f"DROP TRIGGER IF EXISTS {name}")


def _sqlite_trigger(
    name: str, kind: str, model: ModelClass, images: Images, journal: Journal
) -> str:
    row = "old" if kind == "d" else "new"
    before = after = "NULL"
    if kind == "u":
        before, after = images.changes("old", "new")
    elif kind == "c":
        after = images.whole(row)
    else:
        before = images.whole(row)
    return (
        f"CREATE TRIGGER {name} AFTER {EVENTS[kind][0]} ON main.{images.table} BEGIN "
        f"{_insert(journal)} SELECT {journal.run}, {literal(model._meta.label)}, "
        f"{images.key(row)}, '{kind}', {before}, {after}; END"
    )


@contextmanager
def _postgres(
    using: str, models: Sequence[ModelClass], journal: Journal
) -> Iterator[None]:
    tables = []
    with connections[using].cursor() as cursor:
        for place, model in enumerate(models):
            images = images_of(model, using)
            tables.append(images.table)
            try:
                for kind in EVENTS:
                    for statement in _postgres_trigger(
                        f"{PREFIX}_{place}_{kind}", kind, model, images, journal
                    ):
                        cursor.execute(statement)
            except DatabaseError as error:
                if is_locked(error) or is_transient(error):
                    raise
                raise ConfigurationError(
                    f"keeps_undo: PostgreSQL cannot note the rows of "
                    f"{model._meta.label}: {sentence(error).splitlines()[0]}. A run that can "
                    "be undone needs a table of its own user, or set keeps_undo to 0."
                ) from error
    yield
    with connections[using].cursor() as cursor:
        cursor.execute(DEFERRED, [tables, tables])
        names = ", ".join(name for (name,) in cursor.fetchall())
        if names:
            cursor.execute(f"SET CONSTRAINTS {names} IMMEDIATE")
        for place, table in enumerate(tables):
            for kind in EVENTS:
                name = f"{PREFIX}_{place}_{kind}"
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION pg_temp.{name}()")
        if names:
            cursor.execute(f"SET CONSTRAINTS {names} DEFERRED")


def _postgres_trigger(
    name: str, kind: str, model: ModelClass, images: Images, journal: Journal
) -> list[str]:
    event, handed = EVENTS[kind]
    row, before, after = "o", "NULL", "NULL"
    tables = "importkit_old o"
    if kind == "u":
        same = (f"o.{key.quoted} = n.{key.quoted}" for key in images.keys)
        tables = f"importkit_old o JOIN importkit_new n ON {' AND '.join(same)}"
        before, after = images.changes("o", "n")
    elif kind == "c":
        row, tables, after = "n", "importkit_new n", images.whole("n")
    else:
        before = images.whole("o")
    rows = (
        f"SELECT {images.key(row)} AS key, {before} AS before, {after} AS after "
        f"FROM {tables}"
    )
    statement = (
        f"{_insert(journal)} SELECT {journal.run}, {literal(model._meta.label)}, "
        f"key, '{kind}', before, after FROM ({rows}) AS importkit_rows;"
    )
    settings = " ".join(f"SET {name} = '{value}'" for name, value in SETTINGS.items())
    return [
        f"CREATE OR REPLACE FUNCTION pg_temp.{name}() RETURNS trigger LANGUAGE plpgsql "
        f"{settings} AS $importkit$ BEGIN {statement} RETURN NULL; END $importkit$",
        f"CREATE TRIGGER {name} AFTER {event} ON {images.table} REFERENCING {handed} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION pg_temp.{name}()",
    ]


def _insert(journal: Journal) -> str:
    return f'INSERT INTO "{journal.table}" (run, label, key, kind, before, after)'


@contextmanager
def noted_at_once(
    model: ModelClass, using: str, journal: Journal | None, changes: Changes
) -> Iterator[None]:
    """Note the changes that a statement is about to make, where that is quicker.

    SQLite runs a trigger for each row, and takes longer to compare two rows than to read
    what a merge has found out about them.

    Args:
        model: The model of the rows.
        using: The alias of its database.
        journal: Where the changes are noted; None: nowhere.
        changes: What the statement changes.
    """
    connection: Any = connections[using]
    if journal is None or connection.vendor != "sqlite" or not changes.tests:
        yield
        return
    execute: Callable[..., Any] = connection.connection.execute
    images = images_of(model, using)
    before, after = images.changes("t", "r", changes.tests)
    with connection.wrap_database_errors:
        [(name, trigger)] = execute(OF_UPDATES, [model._meta.db_table])
        execute(f"DROP TRIGGER temp.{name}")
        execute(
            f"{_insert(journal)} SELECT {journal.run}, {literal(model._meta.label)}, "
            f"{images.key('t')}, 'u', {before}, {after} FROM {changes.rows}"
        )
    yield
    with connection.wrap_database_errors:
        execute(trigger.replace("CREATE TRIGGER", "CREATE TEMP TRIGGER", 1))
