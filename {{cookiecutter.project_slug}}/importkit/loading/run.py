"""Step 4, load: the bulks of a run are written, parents first, in one transaction."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial

import polars as pl
from django.core.exceptions import ValidationError
from django.db import DatabaseError, router, transaction
from django.db.models import Value

from importkit import problems
from importkit.errors import CleaningError, ConfigurationError
from importkit.loading.bulks import Bulk, left_out
from importkit.loading.empty_cells import by_attname
from importkit.loading.instances.late_keys import LateKeys, write_late
from importkit.loading.instances.links import Links
from importkit.loading.instances.writing import InstanceWriting
from importkit.loading.journal import noted
from importkit.loading.pipeline import ROWS, AnyWriter, FramePipeline
from importkit.loading.plan import (
    Loaded,
    Mode,
    Outcome,
    RunOptions,
    TableTarget,
    rows_to_come,
    with_names,
)
from importkit.loading.through_django.demands import demands_of
from importkit.loading.through_django.orm import ORMWriter
from importkit.loading.unguarded_keys import warning_of_key, warning_of_no_key
from importkit.loading.writers.catalogue import catalogues_kept, not_judged
from importkit.loading.writers.choice import (
    builds_indexes_at_the_end,
    loader_for,
    lost_rows,
    reason_for_orm,
    stays_empty,
    tuned,
)
from importkit.loading.writers.databases.mariadb import (
    refuse_tables_without_transactions,
)
from importkit.loading.writers.direct import (
    BareWriter,
    DirectWriter,
    NeedsIndexesError,
)
from importkit.loading.writers.locks import one_at_a_time
from importkit.loading.writers.merging import MergingWriter
from importkit.models import (
    ModelClass,
    Parents,
    Relation,
    all_rows,
    atomic_for,
    attname_of,
    check_columns,
    concrete,
    foreign_keys,
    in_steps,
    relations,
    topological_sort_models,
    with_names_of_parents,
    without_query_log,
)
from importkit.source import LINE, Frame

INSTANCES = 5_000  # Instances in a batch: the fixed cost of a batch is small by then.

type Relations = Mapping[ModelClass, Sequence[Relation]]


def load(
    bulks: Mapping[ModelClass, Bulk], options: RunOptions
) -> dict[ModelClass, Loaded]:
    """Write the bulks of several models, parents first.

    Instances may refer to others that the same run creates. A generator is read one
    batch at a time, unless the model refers to itself. Where models refer to each other,
    the foreign keys that may be null are filled in at the end.

    Args:
        bulks: For each model new instances or a frame. The columns of a frame are those
            that ``check_columns`` and ``relations`` of ``importkit.models`` accept.
        options: How the bulks are written.

    Returns:
        The result for each model, in the order of the bulks.

    Raises:
        ConfigurationError: The models need each other, a bulk does not fit its model,
            or a mode needs a natural key that a model does not have.
        CleaningError: Rows of a frame do not fit. The error names all of them.
    """
    tables = _tables(bulks, options)
    run = _Run(options)
    models = [table.target.model for table in tables]
    refuse_tables_without_transactions(models)
    loaded: dict[ModelClass, Loaded] = {}
    writes = not options.dry_run
    is_whole = not (options.by_batch and writes)
    whole = atomic_for(models, writes=writes) if is_whole else nullcontext()
    aliases = dict.fromkeys(map(router.db_for_write, models))
    with without_query_log(aliases), tuned(aliases), whole, catalogues_kept():
        if is_whole and writes:
            merged = [
                t.target.model for t in tables if t.target.mode is not Mode.INSERT
            ]
            one_at_a_time(merged, options.warn)
        for position, table in enumerate(tables):
            loaded[table.target.model] = run.load(table, models[position:])
        run.fill_in()
        for table in tables:
            run.name_parents(table.target, loaded[table.target.model].outcome)
        run.tell_of_hidden_parents()
    return {model: loaded[model] for model in bulks}


# Before anything is written: what goes where.


@dataclass(frozen=True)
class _Table:
    """One bulk of a run, and the table that it goes into.

    Attributes:
        target: The table.
        bulk: The rows.
        relations: The foreign keys that a frame gives by natural keys.
    """

    target: TableTarget
    bulk: Bulk
    relations: Sequence[Relation] = ()


def _tables(bulks: Mapping[ModelClass, Bulk], options: RunOptions) -> list[_Table]:
    """Return the tables of a run, parents first; refuse bulks that do not fit."""
    found = {
        model: relations(model, bulk.collect_schema().names(), options.keys)
        for model, bulk in bulks.items()
        if isinstance(bulk, pl.DataFrame | pl.LazyFrame)
    }
    models = topological_sort_models(bulks)
    targets = {model: _target(model, options, found, models) for model in models}
    for model, bulk in bulks.items():
        if isinstance(bulk, pl.DataFrame | pl.LazyFrame):
            _check(targets[model], bulk, found[model])
    return [_Table(targets[m], bulks[m], found.get(m, ())) for m in models]


def _target(
    model: ModelClass,
    options: RunOptions,
    found: Relations,
    models: Sequence[ModelClass],
) -> TableTarget:
    key = tuple(attname_of(model, name) for name in options.keys.get(model, ()))
    mode = options.mode or (Mode.UPSERT if key else Mode.INSERT)
    if mode is not Mode.INSERT and not key:
        raise ConfigurationError(
            f"{mode.value} finds the rows of {model._meta.label} by their natural "
            "key: state it in get_natural_keys."
        )
    keeps = [
        name
        for relation in (each for all_found in found.values() for each in all_found)
        if concrete(relation.parent) is concrete(model)
        for name in relation.lookups
    ]
    keeps += [
        key.target_field.attname
        for other in models
        for key in foreign_keys(other)
        if concrete(key.related_model) is concrete(model)
    ]
    return TableTarget(
        model=model,
        using=router.db_for_write(model),
        mode=mode,
        key=key,
        dry_run=options.dry_run,
        signals=model in options.signals,
        on_empty=by_attname(model, options.on_empty.get(model, {})),
        scope=options.scope.get(model),
        deletes=options.deletes and not options.by_batch,
        journal=options.journal,
        keeps=() if mode is Mode.UPDATE else tuple(dict.fromkeys(keeps)),
    )


def _check(target: TableTarget, frame: Frame, found: Sequence[Relation]) -> None:
    """Raise if a frame does not fit its model, or has no natural key."""
    schema = dict(frame.collect_schema())
    for relation in found:
        for column in relation.columns:
            del schema[column]
        schema[relation.field.attname] = pl.Null()
    check_columns(target.model, schema, complete=target.mode is not Mode.UPDATE)
    if absent := [name for name in target.key if name not in schema]:
        raise ConfigurationError(
            f"The frame for {target.model._meta.label} lacks a part of its natural "
            f"key: {', '.join(absent)}."
        )


def _look_for_columns(target: TableTarget) -> None:
    """Have the database look for all columns that a run would write.

    Raises:
        DatabaseError: The table, or a column of it, is not there.
    """
    rows = all_rows(target.model).alias(importkit_one=Value(1))
    list(rows.filter(importkit_one=0))


# Writing.


class _Run:
    """Writes the tables of one run, which share parents and postponed keys."""

    def __init__(self, options: RunOptions) -> None:
        self._options = options
        self._parents = Parents(options.scope)
        self._links = Links()
        self._late = LateKeys(self._links)

    def load(self, table: _Table, later: Sequence[ModelClass]) -> Loaded:
        """Write the bulk of one table, before those of later models."""
        target, bulk = table.target, table.bulk
        if target.dry_run:
            _look_for_columns(target)
        if remark := warning_of_key(target):
            self._options.warn(remark)
        if self._options.mode is None and (remark := warning_of_no_key(target)):
            self._options.warn(remark)
        wrong = pl.DataFrame(schema=problems.SCHEMA)
        reason = reason_for_orm(target)
        if reason:
            label = target.model._meta.label
            self._options.tell(f"{label} is written through Django: {reason}.")
        if not target.signals and (missed := left_out(target.model)):
            label = target.model._meta.label
            self._options.warn(
                f"{label} has {missed}: an import does not call it. Name {label} in "
                "get_models_with_signals to have each row saved by itself."
            )
        is_frame = isinstance(bulk, pl.DataFrame | pl.LazyFrame)
        through_django = bool(reason) or not is_frame
        unjudged: Sequence[str] = ()
        if through_django and target.dry_run:
            unjudged = demands_of(target, ()).unjudged
        if remark := not_judged(target, unjudged):
            self._options.warn(remark)
        if (
            target.dry_run
            and target.scope is not None
            and self._has_new_parents(target)
        ):
            self._options.warn(
                f"{target.model._meta.label}: this dry run does not know whether rows with a "
                "parent that is to come would be in the scope of the import (get_scope)."
            )
        writer: AnyWriter
        if isinstance(bulk, pl.DataFrame | pl.LazyFrame):
            writer, wrong = self._write_frame(table, bulk, through_django=bool(reason))
        else:
            writer = ORMWriter(target)
            InstanceWriting(
                target=target,
                writer=writer,
                links=self._links,
                late=self._late,
                later=later,
                to_come=self._parents.to_come,
                step=self._step(INSTANCES),
                names_rows=self._options.names_instances,
                stops_at=self._options.stops_at,
                transaction=partial(self._transaction, target),
                watch=partial(self._options.watch, target.model),
            ).write(bulk)
        with self._transaction(target):
            writer.finish()
        self.name_parents(target, writer.outcome)
        number = rows_to_come(target, writer.outcome)
        self._parents.add_planned(target.model, writer.planned, number)
        if writer.outcome.lost:
            self._options.warn(lost_rows(target, writer.outcome))
        return Loaded(target.mode, writer.outcome, writer.missing, wrong, writer.links)

    def name_parents(self, target: TableTarget, outcome: Outcome) -> None:
        """Name the parents in the changes that a dry run shows."""
        if target.dry_run:
            names_of = partial(self._parents.names, keys=self._options.keys)
            outcome.examples = with_names(outcome.examples, target, names_of)

    def _has_new_parents(self, target: TableTarget) -> bool:
        """Return whether a dry run would have created parents of a table's rows by now."""
        parents = {concrete(key.related_model) for key in foreign_keys(target.model)}
        return bool(parents & set(map(concrete, self._parents.planned)))

    def tell_of_hidden_parents(self) -> None:
        """Tell how many rows refer to rows that are, for example, marked as deleted."""
        for model, number in self._parents.hidden.items():
            label = model._meta.label
            self._options.warn(
                f"{number:,} {'row refers' if number == 1 else 'rows refer'} to rows of "
                f"{label} that its default manager hides, for example because they are "
                "marked as deleted. State in get_scope which rows may be parents."
            )

    def fill_in(self) -> None:
        """Write the keys that were postponed, now that all parents exist."""
        for target, late in self._late.settled():
            for chunk in in_steps(late, self._step(INSTANCES)):
                with self._transaction(target):
                    write_late(target, chunk)

    def _write_frame(
        self, table: _Table, frame: Frame, *, through_django: bool
    ) -> tuple[AnyWriter, pl.DataFrame]:
        """Write the rows of a frame; again, with the indexes, if that fails without them.

        Returns:
            What has written them, and the problems of the rows that were skipped.
        """
        target = table.target
        writer = ORMWriter(target) if through_django else self._fast_writer(target)
        hidden = self._parents.hidden.copy()
        try:
            return writer, self._write_rows(target, frame, table.relations, writer)
        except NeedsIndexesError as error:
            label = target.model._meta.label
            self._options.tell(f"{label} is written again, with its indexes: {error}.")
        self._parents.hidden = hidden
        writer = DirectWriter(loader_for(target), target)
        return writer, self._write_rows(target, frame, table.relations, writer)

    def _write_rows(
        self,
        target: TableTarget,
        frame: Frame,
        found: Sequence[Relation],
        writer: AnyWriter,
    ) -> pl.DataFrame:
        """Write the rows of a frame; return the problems of the rows that were skipped."""
        pipeline = FramePipeline(
            target=target,
            relations=found,
            parents=self._parents,
            step=self._step(ROWS),
            is_distinct=target.model in self._options.distinct,
            # Without lines nobody could tell which rows were skipped.
            skip=self._options.skip and LINE in frame.collect_schema(),
            stops_at=self._options.stops_at,
            transaction=partial(self._transaction, target),
            by_batch=self._options.by_batch and not target.dry_run,
            warn=self._options.warn,
            watch=partial(self._options.watch, target.model),
            tell=self._options.tell,
        )
        try:
            return self._with_parents(pipeline.write(frame, writer), found)
        except CleaningError as error:
            if error.problems is not None:
                error.problems = self._with_parents(error.problems, found)
            if pipeline.skip == self._options.skip:
                raise
            raise CleaningError(
                str(error),
                error.problems,
                error.place,
                f"\nThe frame for {target.model._meta.label} has no {LINE}, so that its "
                "rows cannot be skipped. Read with scan_csv, and keep that column.",
            ) from error

    def _with_parents(
        self, wrong: pl.DataFrame, found: Sequence[Relation]
    ) -> pl.DataFrame:
        """Return problems that name parents as the frame does."""
        names_of = partial(self._parents.names, keys=self._options.keys)
        try:
            keys = [relation.field for relation in found]
            return with_names_of_parents(wrong, keys, names_of)
        except (DatabaseError, ValidationError):
            return wrong  # After an error, some databases answer no more questions.

    def _fast_writer(self, target: TableTarget) -> MergingWriter | DirectWriter:
        """Return the writer that uses the loader of the database."""
        loader = loader_for(target)
        # Between two batches others may write to a table that was empty.
        by_batch = self._options.by_batch and not target.dry_run
        if target.mode is Mode.INSERT or (
            target.mode is not Mode.UPDATE and not by_batch and stays_empty(target)
        ):
            is_bare = builds_indexes_at_the_end(target) and not by_batch
            return (BareWriter if is_bare else DirectWriter)(loader, target)
        return MergingWriter(loader, target)

    def _step(self, default: int) -> int:
        return default if self._options.step is None else self._options.step

    @contextmanager
    def _transaction(self, target: TableTarget) -> Iterator[None]:
        """Open the transaction of a batch, if each batch is committed separately."""
        if not self._options.by_batch or self._options.dry_run:
            yield
            return
        with transaction.atomic(using=target.using):
            one_at_a_time([target.model], self._options.warn)
            with noted([target.model], self._options.journal):
                yield
