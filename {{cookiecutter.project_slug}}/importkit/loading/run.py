"""Step 4, load: the bulks of a run, parents first, in one transaction."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from functools import partial
from itertools import product

import polars as pl
from django.db import router, transaction
from django.db.models import Model

from importkit import problems
from importkit.errors import CleaningError, ConfigurationError
from importkit.loading.pipeline import ROWS, FrameLoad
from importkit.loading.plan import (
    Loaded,
    Mode,
    Rules,
    Target,
)
from importkit.loading.writers.choice import (
    is_empty,
    loader_for,
    reason_for_orm,
    tuned,
)
from importkit.loading.writers.direct import DirectWriter
from importkit.loading.writers.interface import Writer
from importkit.loading.writers.merging import MergingWriter
from importkit.loading.writers.orm import ORMWriter
from importkit.models import (
    AnyForeignKey,
    ModelClass,
    Parents,
    Relation,
    all_rows,
    atomic_for,
    attname_of,
    check_columns,
    concrete,
    field_of,
    foreign_keys,
    in_steps,
    instance_levels,
    instances_of,
    refers_to,
    refuse_unsaved,
    relations,
    series_of,
    topological_sort_models,
    unsaved_parent,
    without_query_log,
)
from importkit.source import LINE, Frame

INSTANCES = 5_000  # Where what each step costs by itself is little.

type Bulk = Iterable[Model] | Frame
type Postponed = dict[tuple[ModelClass, str], list[tuple[Model, Model]]]


def load(bulks: Mapping[ModelClass, Bulk], rules: Rules) -> dict[ModelClass, Loaded]:
    """Write the bulks of several models, parents first.

    Instances may refer to others that the same run creates; a generator is read one
    step at a time, except for a model that refers to itself. Where models refer to
    each other, the foreign keys that may be null are filled in at the end.

    Args:
        bulks: Per model new instances, or a frame; for its columns see ``checks``
            and ``relations``.
        rules: How to write them.

    Returns:
        What became of them, in the order of the bulks.

    Raises:
        ConfigurationError: The models need each other, a bulk does not fit its model,
            or a mode needs a natural key that a model does not have.
        CleaningError: Rows of a frame do not fit; names them all.
    """
    run = _Run(bulks, rules)
    loaded: dict[ModelClass, Loaded] = {}
    whole = nullcontext() if rules.by_batch else atomic_for(run.models)
    aliases = dict.fromkeys(map(router.db_for_write, run.models))
    with without_query_log(aliases), tuned(aliases), whole:
        for position, model in enumerate(run.models):
            loaded[model] = run.load(model, run.models[position:])
        run.fill_in()
    return {model: loaded[model] for model in bulks}


class _Run:
    """What the models of one run share."""

    def __init__(self, bulks: Mapping[ModelClass, Bulk], rules: Rules) -> None:
        self._rules = rules
        self._parents = Parents()
        self._postponed: Postponed = defaultdict(list)
        self._frames: dict[ModelClass, Frame] = {}
        self._instances: dict[ModelClass, Iterable[Model]] = {}
        for model, bulk in bulks.items():
            if isinstance(bulk, pl.DataFrame | pl.LazyFrame):
                self._frames[model] = bulk
            else:
                self._instances[model] = bulk
        self._relations = {
            model: relations(model, frame.collect_schema().names(), rules.keys)
            for model, frame in self._frames.items()
        }
        self.models = topological_sort_models(bulks)
        self._targets = {model: self._target(model) for model in self.models}
        for model, frame in self._frames.items():
            _check(self._targets[model], frame, self._relations[model])

    def load(self, model: ModelClass, later: Sequence[ModelClass]) -> Loaded:
        """Write the bulk of one model, before those of later ones."""
        target = self._targets[model]
        wrong = pl.DataFrame(schema=problems.SCHEMA)
        if model in self._frames:
            writer = self._frame_writer(target)
            wrong = self._load_frame(target, writer)
        else:
            writer = ORMWriter(target)
            self._tell_reason(target)
            self._load_instances(target, writer, later)
        with self._transaction(target):
            writer.finish()
        self._parents.add_planned(model, writer.planned)
        return Loaded(target.mode, writer.outcome, writer.missing, wrong)

    def fill_in(self) -> None:
        """Write the keys that were postponed, now that all parents exist."""
        if self._rules.dry_run:
            return
        for (model, name), pairs in self._postponed.items():
            for chunk in in_steps(pairs, self._step(INSTANCES)):
                for row, parent in chunk:
                    setattr(row, name, parent)
                rows = [row for row, _ in chunk]
                refuse_unsaved(model, rows)
                with self._transaction(self._targets[model]):
                    all_rows(model).bulk_update(rows, [name])

    def _step(self, default: int) -> int:
        return default if self._rules.step is None else self._rules.step

    def _target(self, model: ModelClass) -> Target:
        key = tuple(attname_of(model, name) for name in self._rules.keys.get(model, ()))
        mode = self._rules.mode or (Mode.UPSERT if key else Mode.INSERT)
        if mode is not Mode.INSERT and not key:
            raise ConfigurationError(
                f"{mode.value} finds the rows of {model._meta.label} by their natural "
                "key: state it in get_natural_keys."
            )
        keeps = [
            name
            for found in self._relations.values()
            for relation in found
            if concrete(relation.parent) is concrete(model)
            for name in relation.lookups
        ]
        return Target(
            model=model,
            using=router.db_for_write(model),
            mode=mode,
            key=key,
            dry_run=self._rules.dry_run,
            signals=model in self._rules.signals,
            keeps=() if mode is Mode.UPDATE else tuple(dict.fromkeys(keeps)),
        )

    def _frame_writer(self, target: Target) -> Writer:
        if self._tell_reason(target):
            return ORMWriter(target)
        loader = loader_for(target)
        if target.mode is not Mode.UPDATE and is_empty(target):
            return DirectWriter(loader, target)
        if target.mode is not Mode.INSERT:
            return MergingWriter(loader, target)
        return DirectWriter(loader, target)

    def _tell_reason(self, target: Target) -> bool:
        """Say why rows go through Django, if they do."""
        if reason := reason_for_orm(target):
            label = target.model._meta.label
            self._rules.tell(f"{label} is written through Django: {reason}.")
        return bool(reason)

    def _load_frame(self, target: Target, writer: Writer) -> pl.DataFrame:
        frame = self._frames[target.model]
        way = FrameLoad(
            target=target,
            relations=self._relations[target.model],
            parents=self._parents,
            step=self._step(ROWS),
            is_distinct=target.model in self._rules.distinct,
            # Without lines nobody could tell which rows were skipped.
            skip=self._rules.skip and LINE in frame.collect_schema(),
            stops_at=self._rules.stops_at,
            transaction=partial(self._transaction, target),
            watch=partial(self._rules.watch, target.model),
        )
        try:
            return way.write(frame, writer)
        except CleaningError as error:
            if way.skip == self._rules.skip:
                raise
            raise CleaningError(
                str(error),
                error.problems,
                error.place,
                f"\nThe frame for {target.model._meta.label} has no {LINE}, so that its "
                "rows cannot be skipped. Read with scan_csv, and keep that column.",
            ) from error

    def _load_instances(
        self, target: Target, writer: ORMWriter, later: Sequence[ModelClass]
    ) -> None:
        model = target.model
        cut = [
            key
            for key in foreign_keys(model)
            if key.null and any(refers_to(key, other) for other in later)
        ]
        for level in instance_levels(
            model, instances_of(model, self._instances[model])
        ):
            for chunk in in_steps(level, self._step(INSTANCES)):
                if self._rules.stops_at() is not None:
                    continue  # The source is read on, for all that is wrong with it.
                _postpone(chunk, cut, self._postponed)
                with self._transaction(target):
                    new = writer.write_instances(chunk)
                self._plan(target, writer, new)
                self._rules.watch(model, len(chunk))
                # The next step is read while these names still hold the last one.
                del chunk, new

    def _plan(self, target: Target, writer: ORMWriter, rows: Sequence[Model]) -> None:
        """Remember what a dry run would have created, for frames that look it up."""
        if target.dry_run and target.keeps:
            columns = (
                series_of(
                    field_of(target.model, name), name, [getattr(r, name) for r in rows]
                )
                for name in target.keeps
            )
            writer.planned.append(pl.DataFrame(columns))

    @contextmanager
    def _transaction(self, target: Target) -> Iterator[None]:
        """Open the transaction of a batch, where each has its own."""
        if not self._rules.by_batch:
            yield
            return
        with transaction.atomic(using=target.using):
            yield


def _check(target: Target, frame: Frame, found: Sequence[Relation]) -> None:
    """Refuse a frame that does not fit its model, before anything is written."""
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


def _postpone(
    rows: Iterable[Model], keys: Sequence[AnyForeignKey], postponed: Postponed
) -> None:
    """Empty the keys whose parents are created later, and remember what they held."""
    for row, key in product(rows, keys):
        if (parent := unsaved_parent(row, key)) is not None:
            postponed[type(row), key.name].append((row, parent))
            setattr(row, key.name, None)
