"""A trial: a file goes through the rules of an import and its models; nothing is written.

It needs no database, so that what depends on rows in tables is not looked at.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from types import new_class
from typing import Any, cast

import polars as pl
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Model

from generators.drift.existing_import import Standing
from importkit import problems
from importkit.cleaning import CleaningDF, CleanStream, Masking, clean
from importkit.loading import Mode, ORMWriter, RowChecks, TableTarget
from importkit.models import Parents, attname_of, check_columns, relations
from importkit.problems import Place
from importkit.source import LINE, Frame


@dataclass(frozen=True)
class Trial:
    """What an import would make of a file.

    Attributes:
        rows: How many rows the file has.
        problems: What does not fit, of ``problems.SCHEMA``. Values are whole, to be
            counted and not to be shown; no reason repeats one. A line below zero is
            that of a row that the command has made without one.
        left_out: ``line`` and ``reason`` of rows that rules leave out.
        place: What the lines count.
        unseen: The models whose rows are made as instances: not looked at.
    """

    rows: int
    problems: pl.DataFrame
    left_out: pl.DataFrame
    place: Place
    unseen: tuple[str, ...]


def try_out(
    standing: Standing,
    frame: Frame,
    renames: Mapping[str, str],
    absent: Mapping[str, str],
) -> Trial:
    """Run the rules of an import over a file, with all that is wrong in each row.

    Args:
        standing: The import.
        frame: The file as it is read.
        renames: Headers of the file with those that they stand in for.
        absent: Columns that the file lacks, with their headers: they are empty, and
            nothing is said of that.

    Raises:
        SourceError: The file cannot be read.
        ConfigurationError: The rules, or the bulks, cannot work.
    """
    empty = [pl.lit(None, pl.String).alias(header) for header in absent.values()]
    complete = frame.rename(dict(renames)).with_columns(empty)
    cleaned = clean(_tolerant(standing.rules, absent), complete, skip=True)
    bulks = standing.command.get_bulks_by_model(cleaned.df)
    frames: dict[type[Model], Frame] = {
        model: bulk
        for model, bulk in bulks.items()
        if isinstance(bulk, pl.DataFrame | pl.LazyFrame)
    }
    unfit = [_unfit(standing, model, bulk, cleaned) for model, bulk in frames.items()]
    if isinstance(cleaned, CleanStream) and not frames:
        cleaned.df.collect()  # Nobody else has asked for the rows.
    own = cleaned.problems
    others = pl.concat([pl.DataFrame(schema=problems.SCHEMA), *unfit])
    others = others.filter(~pl.col("column").is_in([*absent]))
    return Trial(
        rows=cleaned.rows,
        problems=_without_values(pl.concat([own, _news(others, own)])),
        left_out=cleaned.left_out,
        place=cleaned.place,
        unseen=tuple(model._meta.label for model in bulks if model not in frames),
    )


def _tolerant(rules: type[CleaningDF], absent: Collection[str]) -> type[CleaningDF]:
    """Return rules that keep a row with a problem, for what else is wrong with it.

    A value that does not fit is nothing from there on.
    """
    required = tuple(name for name in rules.get_no_null_cols() if name not in absent)
    changed: dict[str, Any] = {
        "__module__": rules.__module__,
        "_raise_problems": lambda _self: None,
        "get_no_null_cols": classmethod(lambda _cls: required),
        # Values are compared here, and none is shown.
        "get_personal_cols": classmethod(lambda _cls: ()),
    }
    return cast(
        "type[CleaningDF]",
        new_class(
            rules.__name__, (rules,), exec_body=lambda body: body.update(changed)
        ),
    )


def _unfit(
    standing: Standing,
    model: type[Model],
    bulk: Frame,
    cleaned: CleaningDF | CleanStream,
) -> pl.DataFrame:
    """Return what the fields of a model, and its natural key, refuse of a frame."""
    keys = standing.command.get_natural_keys()
    schema = dict(bulk.collect_schema())
    found = relations(model, list(schema), keys)
    looked_up = [column for relation in found for column in relation.columns]
    given = {name: dtype for name, dtype in schema.items() if name not in looked_up}
    links = {relation.field.attname: pl.Null() for relation in found}
    check_columns(model, given | links)
    key = tuple(attname_of(model, name) for name in keys.get(model, ()))
    # What a parent has for a key is in the database.
    key = key if {*key} <= {*given} else ()
    target = TableTarget(
        model, DEFAULT_DB_ALIAS, Mode.UPSERT if key else Mode.INSERT, key
    )
    subsets = standing.rules.get_unique_subsets()
    # Of rows alike cleaning has left the first.
    is_distinct = bulk is cleaned.df and any({*subset} <= {*key} for subset in subsets)
    checks = RowChecks(target, (), Parents(), is_distinct=is_distinct, skip=True)
    for batch in _batches(bulk, cleaned):
        rows = batch.drop(looked_up)
        checks.prepare(rows, [], [], ORMWriter(target), is_written=False)
    return checks.finish()


def _batches(bulk: Frame, cleaned: CleaningDF | CleanStream) -> Iterator[pl.DataFrame]:
    """Yield the rows of a frame, each with a line, or with a number below zero."""
    if isinstance(cleaned, CleaningDF) and bulk is cleaned.df:
        yield cleaned.df.with_columns(cleaned.lines)
        return
    last = 0
    for batch in bulk.lazy().collect_batches(maintain_order=True):
        numbers = pl.Series(LINE, range(last - batch.height, last), pl.Int64)
        yield batch if LINE in batch.columns else batch.with_columns(numbers)
        last -= batch.height


def _news(found: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Return the problems with cells, or with keys, of which none is known yet."""
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
