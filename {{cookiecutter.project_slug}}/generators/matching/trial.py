"""A trial: rows are cleaned and held against models as in an import; nothing is written.

All that is wrong with a row is found, also what an import would find only after the row's
first problem is corrected. No table is read, so that missing parents and other problems that
depend on stored rows are not found.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import new_class
from typing import Any, cast

import polars as pl
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from importkit.cleaning import CleaningDF, CleanStream, Masking, clean
from importkit.loading import (
    Mode,
    OnEmpty,
    RowChecks,
    RunOptions,
    TableTarget,
    with_values_beside,
)
from importkit.models import Parents, attname_of, check_columns, relations
from importkit.problems import SCHEMA, Place
from importkit.source import LINE, Frame

type Bulks = Mapping[type[Model], Any]


@dataclass(frozen=True)
class Trial:
    """What an import would find in the rows of a file.

    Attributes:
        rows: How many rows the file has.
        problems: What does not fit, of ``problems.SCHEMA``. Values are whole, to be
            counted and not to be shown; no reason repeats a value. A line below zero
            stands for a row that a command has made without a line.
        left_out: ``line`` and ``reason`` of the rows that cleaning leaves out.
        place: What the lines count.
        unchecked: The models that get instances, which are not checked.
    """

    rows: int
    problems: pl.DataFrame
    left_out: pl.DataFrame
    place: Place
    unchecked: tuple[str, ...]


def try_import(
    rules: type[CleaningDF],
    source: Frame,
    bulks_of: Callable[[Frame], Bulks],
    options: RunOptions,
) -> Trial:
    """Clean rows, and check them against the models that they are for.

    Args:
        rules: The cleaning class.
        source: The rows.
        bulks_of: Makes the bulks of models out of the clean frame, as
            ``get_bulks_by_model`` does.
        options: The natural key of each model that has one, and what empty cells do.
            Stored values are not read: a field that keeps its value counts as one that
            gets the default.

    Raises:
        SourceError: The file cannot be read.
        ConfigurationError: The rules, or the bulks, cannot work.
    """
    cleaned = clean(_keeping_bad_rows(rules), source, skip=True)
    bulks = bulks_of(cleaned.df)
    frames: dict[type[Model], Frame] = {
        model: bulk
        for model, bulk in bulks.items()
        if isinstance(bulk, pl.DataFrame | pl.LazyFrame)
    }
    refused = [
        _refused(model, frames[model], cleaned, rules, options) for model in frames
    ]
    if isinstance(cleaned, CleanStream) and not frames:
        cleaned.df.collect()  # No model has asked for the rows.
    known = cleaned.problems
    found = [known, *(_without_known(some, known) for some in refused)]
    return Trial(
        rows=cleaned.rows,
        problems=_without_values(pl.concat(found)),
        left_out=cleaned.left_out,
        place=cleaned.place,
        unchecked=tuple(model._meta.label for model in bulks if model not in frames),
    )


class _KeepsBadRows(CleaningDF):
    """Cleaning after which rows with problems stay, for models to check them as well.

    A value with a problem is null from there on.
    """

    def _raise_problems(self) -> None:
        """Keep the rows: checks and sums of duplicates take them out otherwise."""

    @classmethod
    def get_personal_cols(cls) -> tuple[str, ...]:
        """Return no column: values are counted here, and none is shown."""
        return ()


def _keeping_bad_rows(rules: type[CleaningDF]) -> type[CleaningDF]:
    made = new_class(
        rules.__name__,
        (_KeepsBadRows, rules),
        exec_body=lambda body: body.update({"__module__": rules.__module__}),
    )
    return cast("type[CleaningDF]", made)


def _refused(
    model: type[Model],
    bulk: Frame,
    cleaned: CleaningDF | CleanStream,
    rules: type[CleaningDF],
    options: RunOptions,
) -> pl.DataFrame:
    """Return what the fields of a model, and its natural key, refuse of a frame."""
    keys = options.keys
    schema = dict(bulk.collect_schema())
    found = relations(model, list(schema), keys)
    looked_up = [column for relation in found for column in relation.columns]
    given = {name: dtype for name, dtype in schema.items() if name not in looked_up}
    links = {relation.field.attname: pl.Null() for relation in found}
    check_columns(model, given | links)
    if {*given} <= {LINE}:  # Links: both sides are in the database, which is not asked.
        return pl.DataFrame(schema=SCHEMA)
    key = tuple(attname_of(model, name) for name in keys.get(model, ()))
    # The key of a parent is in the database, which is not asked.
    key = key if {*key} <= {*given} else ()
    # Cleaning keeps only the first of rows that share a unique subset.
    subsets = rules.get_unique_subsets()
    is_distinct = bulk is cleaned.df and any({*subset} <= {*key} for subset in subsets)
    mode = Mode.UPSERT if key else Mode.INSERT
    filled = {
        attname_of(model, name): OnEmpty.DEFAULT
        for name, what in options.on_empty.get(model, {}).items()
        if what is not OnEmpty.CLEAR
    }
    target = TableTarget(model, DEFAULT_DB_ALIAS, mode, key, on_empty=filled)
    checks = RowChecks(target, (), Parents(), is_distinct=is_distinct, skip=True)
    for batch in _numbered(bulk, cleaned):
        checks.check(with_values_beside(target, batch.drop(looked_up)))
    return checks.finish()


def _numbered(bulk: Frame, cleaned: CleaningDF | CleanStream) -> Iterator[pl.DataFrame]:
    """Yield the rows of a frame, each with a line, or with a number below zero."""
    if isinstance(cleaned, CleaningDF) and bulk is cleaned.df:
        yield cleaned.df.with_columns(cleaned.lines)
        return
    last = 0
    for batch in bulk.lazy().collect_batches(maintain_order=True):
        numbers = pl.Series(LINE, range(last - batch.height, last), pl.Int64)
        yield batch if LINE in batch.columns else batch.with_columns(numbers)
        last -= batch.height


def _without_known(found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the problems with cells, or with keys, of which no problem is known yet."""
    cells = known.select("line", pl.col("column").alias("part"))
    numbered = found.with_row_index()
    parts = numbered.with_columns(pl.col("column").str.split(", ").alias("part"))
    again = parts.explode("part").join(cells, on=["line", "part"], how="semi")
    is_again = pl.col("index").is_in(again["index"].implode())
    return numbered.filter(~is_again).drop("index")


def _without_values(found: pl.DataFrame) -> pl.DataFrame:
    """Return problems of which no reason repeats a value."""
    names = found["column"].unique().to_list()
    return found.with_columns(Masking(names, names).masked(found)["reason"])
