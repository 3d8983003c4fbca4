"""Step 4, load: what a database itself says of a table that rows go into.

The database is asked, not the model: it knows the indexes of unmanaged tables as well, the
collations that its indexes compare by, and the triggers that a plan cannot judge.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from django.db import connections

from importkit.loading.plan import TableTarget

type Query = Callable[[str], list[tuple[Any, ...]]]


@dataclass(frozen=True)
class UniqueKey:
    """What may stand in one row of a table only.

    Attributes:
        name: The name of the index or constraint.
        parts: The SQL of the columns or expressions, as it stands in the table.
        columns: The names of the columns, if no part is an expression.
        condition: The SQL of the rows that the key counts for; empty for all.
        nulls_differ: Whether rows with a null never repeat each other.
        operators: The operators that must not all hold for two rows.
        collations: For each part the words that compare it; empty for those of the column.
        is_deferred: Whether the database checks the key only at the end of a transaction.
    """

    name: str
    parts: tuple[str, ...]
    columns: tuple[str, ...] = ()
    condition: str = ""
    nulls_differ: bool = True
    operators: tuple[str, ...] = ()
    collations: tuple[str, ...] = ()
    is_deferred: bool = False

    @property
    def excludes(self) -> bool:
        """Whether the key compares by other operators than equality."""
        return bool(set(self.operators) - {"="})


@dataclass(frozen=True)
class Check:
    """What must hold for each row.

    Attributes:
        name: The name of the constraint, or its text where it has no name.
        condition: The SQL that must not be false.
    """

    name: str
    condition: str


@dataclass(frozen=True)
class Catalogue:
    """What a table demands of its rows.

    Attributes:
        keys: What may stand in one row only.
        checks: What must hold for each row.
        unjudged: The triggers and rules, whose effect nobody knows before they run.
    """

    keys: Sequence[UniqueKey] = ()
    checks: Sequence[Check] = ()
    unjudged: Sequence[str] = field(default_factory=tuple)


# By alias and table, while catalogues are kept.
_kept: ContextVar[dict[tuple[str, str], Catalogue] | None] = ContextVar(
    "catalogues", default=None
)


@contextmanager
def catalogues_kept() -> Iterator[None]:
    """Ask a database once only for each table, until the block ends."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


def catalogue(target: TableTarget) -> Catalogue:
    """Return what a table demands of its rows, as the database says."""
    kept = _kept.get()
    if kept is None:
        return _asked(target)
    table = (target.using, target.model._meta.db_table)
    if table not in kept:
        kept[table] = _asked(target)
    return kept[table]


def _asked(target: TableTarget) -> Catalogue:
    connection = connections[target.using]
    reader = READERS.get(connection.vendor)
    if reader is None:
        return Catalogue()

    def query(sql: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return list(cursor.fetchall())

    return reader(target.model._meta.db_table, query)


def not_judged(target: TableTarget, unjudged: Sequence[str]) -> str:
    """Return a remark on what a dry run cannot know of a table; empty if it knows all.

    Args:
        target: The table.
        unjudged: What the dry run does not judge, in words, besides triggers and rules.
    """
    if not target.dry_run:
        return ""
    unjudged = [*catalogue(target).unjudged, *unjudged]
    if not unjudged:
        return ""
    listed = ", ".join(unjudged)
    return (
        f"{target.model._meta.label}: this dry run does not know what {listed} of the table "
        "will do, so that the run may write or refuse other rows."
    )


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


# PostgreSQL.


# In one statement, since the database may be far away. Of each index: its parts as SQL, its
# columns, its condition, whether nulls differ (PostgreSQL 14 has no such column), the
# operators with which rows exclude each other, and whether it is deferred.
POSTGRES = """
SELECT 'key', k.relname::text, coalesce(c.conname, k.relname)::text,
       array(SELECT pg_get_indexdef(i.indexrelid, n, true)
             FROM generate_series(1, i.indnkeyatts) n ORDER BY n),
       array(SELECT a.attname::text FROM generate_series(1, i.indnkeyatts) n
             JOIN pg_attribute a ON a.attrelid = i.indrelid
             AND a.attnum = i.indkey[n - 1] ORDER BY n),
       coalesce(pg_get_expr(i.indpred, i.indrelid), ''),
       NOT coalesce((to_jsonb(i) ->> 'indnullsnotdistinct')::boolean, false),
       array(SELECT o.oprname::text FROM unnest(c.conexclop) WITH ORDINALITY x(op, n)
             JOIN pg_operator o ON o.oid = x.op ORDER BY x.n),
       NOT i.indimmediate
FROM pg_index i JOIN pg_class k ON k.oid = i.indexrelid
LEFT JOIN pg_constraint c ON c.conindid = i.indexrelid
     AND c.conrelid = i.indrelid AND c.contype IN ('p', 'u', 'x')
WHERE i.indrelid = to_regclass({table}) AND (i.indisunique OR i.indisexclusion)
UNION ALL SELECT 'check', conname::text, conname::text, '{{}}', '{{}}',
       pg_get_expr(conbin, conrelid), true, '{{}}', false FROM pg_constraint
WHERE conrelid = to_regclass({table}) AND contype = 'c'
UNION ALL SELECT 'unjudged', '', 'the trigger "' || tgname || '"', '{{}}', '{{}}',
       '', true, '{{}}', false FROM pg_trigger
WHERE tgrelid = to_regclass({table}) AND NOT tgisinternal AND tgenabled <> 'D'
UNION ALL SELECT 'unjudged', '', 'the rule "' || rulename || '"', '{{}}', '{{}}',
       '', true, '{{}}', false FROM pg_rewrite
WHERE ev_class = to_regclass({table}) AND rulename <> '_RETURN' ORDER BY 1, 2, 3
"""


def _of_postgres(table: str, query: Query) -> Catalogue:
    quoted = _literal('"' + table.replace('"', '""') + '"')
    found: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for kind, _, *row in query(POSTGRES.format(table=quoted)):
        found[kind].append(tuple(row))
    return Catalogue(
        [
            UniqueKey(
                name=name,
                parts=tuple(parts),
                columns=() if len(columns) < len(parts) else tuple(columns),
                condition=condition,
                nulls_differ=nulls_differ,
                operators=tuple(operators) or ("=",) * len(parts),
                collations=("",) * len(parts),
                is_deferred=is_deferred,
            )
            for name, parts, columns, condition, nulls_differ, operators, is_deferred in (
                found["key"]
            )
        ],
        [Check(name, condition) for name, _, _, condition, *_ in found["check"]],
        [words for words, *_ in found["unjudged"]],
    )


# SQLite.


def _of_sqlite(table: str, query: Query) -> Catalogue:
    name = _literal(table)
    ddl: dict[str, str | None] = dict(
        query(f"SELECT name, sql FROM sqlite_master WHERE tbl_name = {name}")
    )
    indexes = query(
        f'SELECT name, partial FROM pragma_index_list({name}) WHERE "unique" '
        "ORDER BY name"
    )
    keys = [_sqlite_key(index, ddl.get(index) or "", query) for index, _ in indexes]
    alone = query(f"SELECT name FROM pragma_table_info({name}) WHERE pk")
    if len(alone) == 1:  # The key of a table of numbers has no index of its own.
        [(column,)] = alone
        quoted = '"' + column.replace('"', '""') + '"'
        own = UniqueKey("PRIMARY KEY", (quoted,), (column,), "", True, ("=",), ("",))
        keys = [own, *(key for key in keys if key.columns != (column,))]
    triggers = query(
        "SELECT 'the trigger \"' || name || '\"' FROM sqlite_master "
        f"WHERE type = 'trigger' AND tbl_name = {name} ORDER BY 1"
    )
    return Catalogue(
        keys,
        [*_sqlite_checks(ddl.get(table) or "")],
        [text for (text,) in triggers],
    )


def _sqlite_key(index: str, ddl: str, query: Query) -> UniqueKey:
    rows = query(
        f"SELECT name, coll FROM pragma_index_xinfo({_literal(index)}) "
        "WHERE key ORDER BY seqno"
    )
    parts, condition = _of_index(ddl)
    columns = tuple(name for name, _ in rows)
    if None in columns:
        columns = ()
    quoted = tuple('"' + str(name).replace('"', '""') + '"' for name in columns)
    collations = tuple(
        "" if coll in (None, "BINARY") else f' COLLATE "{coll}"' for _, coll in rows
    )
    return UniqueKey(
        index,
        quoted or tuple(re.sub(r"\s+(ASC|DESC)$", "", part) for part in parts),
        columns,
        condition,
        True,
        ("=",) * len(rows),
        collations,
    )


def _of_index(ddl: str) -> tuple[list[str], str]:
    """Return the parts of an index and its condition, as its statement has them."""
    start = ddl.find("(", _after_name(ddl))
    if start < 0:
        return [], ""
    end = _closing(ddl, start)
    _, _, condition = ddl[end:].partition("WHERE ")
    return list(_split(ddl[start + 1 : end])), condition.strip()


def _after_name(ddl: str) -> int:
    """Return where the name of the table of an index ends."""
    found = re.search(r"\sON\s+(\"(?:[^\"]|\"\")*\"|\w+)", ddl, re.IGNORECASE)
    return found.end() if found else len(ddl)


def _sqlite_checks(ddl: str) -> Iterator[Check]:
    """Yield the checks in the statement that created a table."""
    pattern = r"(?:CONSTRAINT\s+(\"(?:[^\"]|\"\")*\"|\w+)\s+)?\bCHECK\s*(\()"
    plain = "".join(
        "_" * len(part) if part.startswith("'") else part
        for part in re.split(r"('(?:[^']|'')*')", ddl)
    )
    for found in re.finditer(pattern, plain, re.IGNORECASE):
        start = found.start(2)
        condition = ddl[start + 1 : _closing(ddl, start)]
        name = (found.group(1) or condition).strip('"')
        yield Check(name, condition)


def _closing(text: str, start: int) -> int:
    """Return the place of the parenthesis that closes the one at a place."""
    depth, quote = 0, ""
    for place in range(start, len(text)):
        sign = text[place]
        if quote:
            quote = "" if sign == quote else quote
        elif sign in "'\"":
            quote = sign
        elif sign in "()":
            depth += 1 if sign == "(" else -1
            if not depth:
                return place
    return len(text)


def _split(text: str) -> Iterator[str]:
    """Yield the parts of a list that are separated by commas outside of parentheses."""
    start = place = 0
    while place < len(text):
        if text[place] == "(":
            place = _closing(text, place)
        elif text[place] in "'\"":
            place = text.find(text[place], place + 1)
        elif text[place] == ",":
            yield text[start:place].strip()
            start = place + 1
        place += 1
    yield text[start:].strip()


# MariaDB and MySQL.


def _of_mysql(table: str, query: Query) -> Catalogue:
    name = _literal(table)
    triggers = query(
        "SELECT trigger_name FROM information_schema.triggers "
        "WHERE event_object_schema = DATABASE() "
        f"AND event_object_table = {name} ORDER BY 1"
    )
    parts: dict[str, list[tuple[str, int | None]]] = defaultdict(list)
    for index, column, length in query(
        "SELECT index_name, column_name, sub_part FROM information_schema.statistics "
        f"WHERE table_schema = DATABASE() AND table_name = {name} AND non_unique = 0 "
        "ORDER BY index_name, seq_in_index"
    ):
        parts[index].append((column, length))
    checks = query(
        "SELECT constraint_name, check_clause FROM information_schema.check_constraints "
        f"WHERE constraint_schema = DATABASE() AND table_name = {name} ORDER BY 1"
    )
    return Catalogue(
        [_mysql_key(index, columns) for index, columns in parts.items()],
        [Check(*row) for row in checks],
        [f'the trigger "{name}"' for (name,) in triggers],
    )


def _mysql_key(name: str, columns: Sequence[tuple[str, int | None]]) -> UniqueKey:
    """Return a key; one of the first characters of a text only has no parts."""
    names = tuple(column for column, length in columns if column and not length)
    if len(names) < len(columns):
        return UniqueKey(name, ())
    equal = ("=",) * len(names)
    return UniqueKey(name, names, names, "", True, equal, ("",) * len(names))


READERS: Mapping[str, Callable[[str, Query], Catalogue]] = {
    "mysql": _of_mysql,
    "postgresql": _of_postgres,
    "sqlite": _of_sqlite,
}
