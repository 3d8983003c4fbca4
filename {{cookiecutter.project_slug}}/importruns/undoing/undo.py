"""Undo a run: one transaction, children first, and nobody's later changes are lost."""

from contextlib import ExitStack

from django.db import DatabaseError, transaction

from importkit.errors import ImportKitError
from importkit.loading import exact_texts, keep_others_out, one_at_a_time, sentence
from importkit.models import ModelClass
from importkit.problems import Masking
from importruns.locks import is_alive
from importruns.models import ImportRun, RowChange, Status
from importruns.undoing.applying import apply
from importruns.undoing.checks import (
    keep_changed,
    keep_what_hangs_together,
    unique_values,
)
from importruns.undoing.counting import counted
from importruns.undoing.masking import masking_of
from importruns.undoing.prune import aliases_with_changes, has_noted, prune
from importruns.undoing.tables import SQL, touched_by, touched_models
from importruns.undoing.told import UndoError, Undone, UndoneTable

EXAMPLES = 10  # The kept rows of a table that are listed.
NOTHING = (
    "Run {run} has noted no rows, so that it cannot be undone: only the last runs of a "
    "command with keeps_undo can be, and only if they wrote something."
)


class _DryRun(Exception):  # noqa: N818  it is no error
    """Rolls back what a dry run has done."""


def undo(run: int, *, dry_run: bool = False, examples: int = EXAMPLES) -> Undone:
    """Undo a run, and note in the ledger that it is undone.

    Args:
        run: The number of the run.
        dry_run: Whether all of it is rolled back in the end.
        examples: How many of the rows that are kept are listed for each table.

    Raises:
        UndoError: As ``take_back``.
    """
    runs = ImportRun.objects.filter(pk=run)
    record = runs.first()
    if record is not None and record.status == Status.UNDONE:
        raise UndoError(f"Run {run} is undone already.")
    if record is not None and record.status == Status.RUNNING and is_alive(record):
        raise UndoError(f"Run {run} is still running.")
    masking = masking_of(record.command if record else None)
    undone = take_back(run, masking, dry_run=dry_run, examples=examples)
    if not dry_run:
        runs.update(status=Status.UNDONE)
    return undone


def take_back(
    run: int, masking: Masking, *, dry_run: bool = False, examples: int = EXAMPLES
) -> Undone:
    """Take back what a run did to rows, where nobody has changed them since.

    Created rows are deleted, changed columns get their former values, and deleted rows are
    there again with their keys. A row that somebody has changed since is kept as a whole, and
    so is a row without which another one would break.

    Args:
        run: The number of the run.
        masking: Which values of the rows that are kept are hidden.
        dry_run: Whether all of it is rolled back in the end.
        examples: How many of the rows that are kept are listed for each table.

    Raises:
        UndoError: The run has noted no rows, a later run has written to its tables, a model
            has changed since, or the database refuses. Nothing was changed.
    """
    tables: list[UndoneTable] = []
    try:
        with ExitStack() as stack:
            aliases = list(aliases_with_changes())
            for alias in aliases:
                stack.enter_context(transaction.atomic(using=alias))
            found = [alias for alias in aliases if has_noted(run, alias)]
            if not found:
                raise UndoError(NOTHING.format(run=run))
            for alias in found:
                _refuse_later_runs(run, alias)
            for alias in found:
                tables += _undo(run, SQL(alias), masking, examples)
            prune([run])
            if dry_run:
                raise _DryRun
    except _DryRun:
        pass
    except UndoError:
        raise
    except (DatabaseError, ImportKitError) as error:
        raise UndoError(
            f"Run {run} cannot be undone: {sentence(error).splitlines()[0]}. Nothing was "
            "changed."
        ) from error
    return Undone(run, dry_run, tables)


def _refuse_later_runs(run: int, alias: str) -> None:
    notes = RowChange.objects.using(alias)
    own = notes.filter(run=run)
    last = own.latest("id").pk
    labels = own.values_list("label", flat=True).distinct()
    # By when they wrote, not by their numbers: a run with a lower one may have waited.
    since = notes.filter(pk__gt=last, label__in=list(labels))
    later = since.order_by("-pk").first()
    if later is not None:
        raise UndoError(
            f"Run {later.run} has written to {later.label} after run {run}. Undo run "
            f"{later.run} first: the newest run goes first."
        )


def _undo(run: int, sql: SQL, masking: Masking, examples: int) -> list[UndoneTable]:
    """Undo a run in one database."""
    models = touched_models(run, sql)
    _keep_others_out(models, sql)
    with exact_texts(sql.using):
        found = [
            touched_by(run, model, sql, place) for place, model in enumerate(models)
        ]
        tables = {touched.model: touched for touched in found}
        for touched in found:
            keep_changed(touched)
        uniques = unique_values(tables)
        keep_what_hangs_together(tables, uniques)
        told = [counted(touched, masking, examples) for touched in found]
        apply(tables, uniques)
        for name in (*(unique.name for unique in uniques), *(t.name for t in found)):
            sql.execute(f"DROP TABLE {name}")
    if not sql.is_sqlite:
        # Now, not at the end: only here can the refusal be told.
        sql.execute("SET CONSTRAINTS ALL IMMEDIATE")
        sql.execute("SET CONSTRAINTS ALL DEFERRED")
    return told[::-1]


def _keep_others_out(models: list[ModelClass], sql: SQL) -> None:
    """Let nobody else write to the tables until the transaction ends."""
    if sql.is_sqlite:
        # The first write takes the one lock of all writers.
        sql.execute(f'DELETE FROM "{RowChange._meta.db_table}" WHERE 1 = 0')
        return
    one_at_a_time(models, lambda _remark: None)
    for table in sorted(model._meta.db_table for model in models):
        keep_others_out(sql.using, sql.connection.ops.quote_name(table))
    sql.execute("SET CONSTRAINTS ALL DEFERRED")
