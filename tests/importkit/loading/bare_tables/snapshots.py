"""All that the catalogue of PostgreSQL says of a table, except numbers that nobody sees."""

from typing import Any

from django.db import connection

type Snapshot = dict[str, list[tuple[Any, ...]]]

OF_FILES = "oid,relfilenode,reltuples,relpages,relallvisible,relallfrozen,relfrozenxid,relminmxid"
QUERIES = {
    "relations": f"""
        SELECT to_jsonb(k) - '{{{OF_FILES}}}'::text[] FROM pg_class k
        WHERE oid IN (SELECT oid FROM own) ORDER BY relname""",
    "indexes": """
        SELECT to_jsonb(i) - '{indexrelid,indexprs,indpred}'::text[], indexrelid::regclass::text,
            pg_get_indexdef(indexrelid)
        FROM pg_index i WHERE indrelid = to_regclass(%(table)s) ORDER BY 2""",
    "columns": """
        SELECT attrelid::regclass::text, to_jsonb(a) - '{attrelid}'::text[]
        FROM pg_attribute a WHERE attrelid IN (SELECT oid FROM own) ORDER BY 1, attnum""",
    "constraints": """
        SELECT conname, conrelid::regclass::text, conindid::regclass::text,
            to_jsonb(c) - '{oid,conindid}'::text[], pg_get_constraintdef(oid)
        FROM pg_constraint c
        WHERE to_regclass(%(table)s) IN (conrelid, confrelid) ORDER BY 2, 1""",
    "comments": """
        SELECT pg_describe_object(classoid, objoid, objsubid), description
        FROM pg_description WHERE classoid = 'pg_class'::regclass
        AND objoid IN (SELECT oid FROM own)
        OR classoid = 'pg_constraint'::regclass AND objoid IN (
            SELECT oid FROM pg_constraint WHERE conrelid = to_regclass(%(table)s)
        ) ORDER BY 1""",
    "dependencies": """
        SELECT pg_describe_object(classid, objid, objsubid),
            pg_describe_object(refclassid, refobjid, refobjsubid), deptype
        FROM pg_depend WHERE 'pg_trigger'::regclass NOT IN (classid, refclassid)
        AND ((classid, objid) IN (SELECT * FROM objects)
            OR (refclassid, refobjid) IN (SELECT * FROM objects))
        ORDER BY 1, 2, 3""",
    "triggers": r"""
        SELECT tgrelid::regclass::text, regexp_replace(tgname, '\d+$', ''), tgenabled,
            tgdeferrable, tginitdeferred, tgfoid::regproc::text
        FROM pg_trigger WHERE to_regclass(%(table)s) IN (tgrelid, tgconstrrelid)
        ORDER BY 1, 2, 6, 4, 5, 3""",
    "publications": """
        SELECT to_jsonb(p) - '{oid}'::text[] FROM pg_publication_rel p
        WHERE prrelid = to_regclass(%(table)s) ORDER BY prpubid""",
    "statistics": """
        SELECT stxname, pg_get_statisticsobjdef(oid) FROM pg_statistic_ext
        WHERE stxrelid = to_regclass(%(table)s) ORDER BY 1""",
}
OWN = """
    WITH own AS (
        SELECT to_regclass(%(table)s)::oid AS oid
        UNION SELECT indexrelid FROM pg_index WHERE indrelid = to_regclass(%(table)s)
    ), objects AS (
        SELECT 'pg_class'::regclass::oid, oid FROM own
        UNION SELECT 'pg_constraint'::regclass, oid FROM pg_constraint
        WHERE conrelid = to_regclass(%(table)s)
    )
"""


def snapshot(table: str) -> Snapshot:
    """Return what there is to know of a table with a quoted name."""
    with connection.cursor() as cursor:
        found = {}
        for name, query in QUERIES.items():
            cursor.execute(OWN + query, {"table": table})
            found[name] = list(cursor.fetchall())
        return found


def execute(*sql: str) -> None:
    """Run statements that make or change tables."""
    with connection.cursor() as cursor:
        for one in sql:
            cursor.execute(one)
