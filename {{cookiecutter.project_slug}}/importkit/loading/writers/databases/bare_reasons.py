"""Step 4, load: why a table of PostgreSQL keeps its indexes while a run fills it."""

# Of these reasons, the first that holds. A trigger may look for rows that an index finds; a
# trigger for changes of tables may refuse them, or tell somebody. Those that note what a run does
# look for nothing.
REASONS = """
SELECT reason FROM pg_class t, LATERAL (VALUES
    (1, 'its table is not an ordinary one', t.relkind <> 'r'),
    (2, 'its table is a part of another one', t.relispartition),
    (3, 'its table inherits from another one, or another one from it', EXISTS (
        SELECT FROM pg_inherits WHERE t.oid IN (inhrelid, inhparent)
    )),
    (4, 'its table belongs to another user of the database',
        NOT pg_has_role(t.relowner, 'USAGE')),
    (5, 'this user of the database may make no indexes in its schema',
        NOT has_schema_privilege(t.relnamespace, 'CREATE')),
    (6, 'its table has row-level security', t.relrowsecurity),
    (7, 'its table has triggers', EXISTS (
        SELECT FROM pg_trigger
        WHERE tgrelid = t.oid AND NOT tgisinternal AND tgenabled <> 'D'
        AND tgname NOT LIKE 'importkit#_journal#_%' ESCAPE '#'
    )),
    (8, 'its table has rules', EXISTS (
        SELECT FROM pg_rewrite WHERE ev_class = t.oid AND ev_enabled <> 'D'
    )),
    (9, 'its table belongs to an extension', EXISTS (
        SELECT FROM pg_depend
        WHERE classid = 'pg_class'::regclass AND objid = t.oid
        AND refclassid = 'pg_extension'::regclass
    )),
    (10, 'its rows refer to each other', EXISTS (
        SELECT FROM pg_constraint
        WHERE contype = 'f' AND conrelid = t.oid AND confrelid = t.oid
    )),
    (11, 'the database has event triggers', EXISTS (
        SELECT FROM pg_event_trigger
        WHERE evtenabled <> 'D' AND evtevent <> 'login'
    ))
) AS r (number, reason, holds)
WHERE t.oid = {table}::regclass AND holds
ORDER BY number LIMIT 1
"""
