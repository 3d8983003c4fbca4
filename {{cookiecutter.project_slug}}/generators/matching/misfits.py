"""Where a sample does not fit a model that exists: causes, rows and lines, never values."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import polars as pl
from django.db import Error as DatabaseError
from django.db.models import Model

from generators.code import ColumnPlan, ImportPlan, dtype_of, value_of
from generators.matching.cautions.cleared_fields import told_of_cleared_fields
from generators.matching.cautions.unguarded_keys import advice_on_key, unguarded_keys
from generators.matching.rehearsal import Rehearsal, rehearse, why_not_rehearsed
from generators.matching.trial import try_import
from importkit import problems
from importkit.cleaning import CleaningDF, DType, Parser
from importkit.errors import ConfigurationError, visible
from importkit.loading import OnEmpty, RunOptions
from importkit.source import LINE

# Rows of a sample that are checked: more rows seldom have other causes, and take seconds.
MOST_ROWS = 10_000
# Causes that are listed; the others are counted.
SHOWN = 12
# What the defaults and validators of a model may raise, which are code of the project.
UNCHECKABLE = (ConfigurationError, DatabaseError)
AGAIN = "as in an earlier row"
REMEDIES = {
    **{code.value: code.remedy for code in problems.Code},
    problems.Code.DUPLICATE.value: "Only the first of these rows is imported: correct or remove the others.",
    problems.Code.UNREADABLE.value: (
        "Correct it, widen the field, or declare how it is read in get_col_parser_map."
    ),
}


class Forecast(NamedTuple):
    """What is said of an import before it is written.

    Attributes:
        lines: What an import of the sample would do and warn of, and which rows it refuses.
        advice: What the user has to add by hand, as paragraphs.
    """

    lines: tuple[str, ...]
    advice: tuple[str, ...]


def forecast(
    model: type[Model], plan: ImportPlan, file: Path | None, cells: pl.DataFrame
) -> Forecast:
    """Say what an import of the sample would do, before it is written.

    Args:
        model: The model.
        plan: The plan of the import.
        file: The sample; None where only the cells can be imported.
        cells: The sample's rows, with their lines.
    """
    if why := why_not_rehearsed(model):
        gaps = unguarded_keys({model: plan.natural_key})
        misfits = describe_misfits(model, plan.columns, plan.keys, cells)
        warnings = [f"{gap.finding} {gap.remedy}" for gap in gaps]
        lines = (why, *_warnings(warnings), *misfits)
    else:
        run = rehearse(plan, file, cells)
        gaps = unguarded_keys(run.keys)
        cleared = told_of_cleared_fields(model, plan)
        lines = (*_told(run, model, plan), *cleared, *_warnings(run.warnings))
    return Forecast(lines, tuple(advice_on_key(gap, plan.place) for gap in gaps))


def _warnings(warnings: Sequence[str]) -> Iterator[str]:
    if warnings:
        yield "Each import warns:"
        yield from (f"   {warning}" for warning in warnings)


def _told(run: Rehearsal, model: type[Model], plan: ImportPlan) -> Iterator[str]:
    """Yield what a rehearsal did, and which rows it refused."""
    if run.refusal:
        yield f"A dry run of this import ends with an error: {run.refusal}"
        return
    if run.counts:
        yield f"A dry run of this import: {run.counts}."
    repeats = [_repeats(run.left_out, key) for key in plan.keys]
    found = pl.concat([run.problems, *repeats])
    yield from _described(
        found, plan.columns, model, run.report["rows_read"], run.place
    )


def describe_misfits(
    model: type[Model],
    columns: Sequence[ColumnPlan],
    keys: Sequence[Sequence[str]],
    cells: pl.DataFrame,
) -> Iterator[str]:
    """Yield lines that say where a sample does not fit a model; none for one that fits.

    No table is read.

    Args:
        model: The model.
        columns: The columns that fill its fields.
        keys: The sets of columns that no two rows share.
        cells: The sample's rows, with ``_line`` where they have lines.
    """
    own = [column for column in columns if not column.is_link]
    rows = named_after_fields(own, cells.head(MOST_ROWS))
    rules = cleaning_class(own, keys)
    kept: dict[str, OnEmpty] = {
        column.name: OnEmpty.KEEP for column in own if column.keeps
    }
    options = RunOptions(on_empty={model: kept})
    try:
        trial = try_import(rules, rows, lambda df: {model: df}, options)
    except UNCHECKABLE as error:
        yield f"The values could not be checked against {model._meta.label}: {error}"
        return
    repeats = [_repeats(trial.left_out, key) for key in keys]
    found = pl.concat([trial.problems, *repeats])
    yield from _described(found, columns, model, trial.rows, trial.place)


def _described(
    found: pl.DataFrame,
    columns: Sequence[ColumnPlan],
    model: type[Model],
    rows: int,
    place: problems.Place,
) -> Iterator[str]:
    if found.is_empty():
        return
    bad = found["line"].n_unique()
    verb = "was" if rows == 1 else "were"
    yield (
        f"Of the {_rows(rows)} that {verb} checked, {bad:,} would not be imported into "
        f"{model._meta.label}:"
    )
    yield from _causes(found, columns, place)


def _causes(
    found: pl.DataFrame, columns: Sequence[ColumnPlan], place: problems.Place
) -> Iterator[str]:
    headers: dict[str, str] = {}
    for column in columns:
        header = f'"{visible(column.column.header)}"'
        for name in (column.name, column.relation, f"{column.relation}_id"):
            headers.setdefault(str(name), header)
    causes = problems.causes(found)
    for cause in causes[:SHOWN]:
        names = ", ".join(headers.get(name, name) for name in cause.column.split(", "))
        where = problems.listed(cause.lines, place)
        if more := cause.rows - len(cause.lines):
            where += f" and {more:,} more"
        yield f"   {names}: {cause.reason} [{cause.code}], {_rows(cause.rows)}, {where}"
        yield f"      {REMEDIES.get(cause.code, '')}".rstrip()
    if (more := len(causes) - SHOWN) > 0:
        yield f"   ... and {more:,} more cause{'' if more == 1 else 's'}"


def _rows(number: int) -> str:
    return f"{number:,} row{'' if number == 1 else 's'}"


def named_after_fields(
    columns: Sequence[ColumnPlan], cells: pl.DataFrame
) -> pl.DataFrame:
    """Return the columns of a plan under the names of their fields, and ``_line``."""
    # Series, not names: to polars, a header such as "^x$" is a pattern.
    named = [cells[column.column.header].alias(column.name) for column in columns]
    lines = [cells[LINE]] if LINE in cells.columns else []
    return pl.DataFrame([*lines, *named])


def cleaning_class(
    columns: Sequence[ColumnPlan], keys: Sequence[Sequence[str]]
) -> type[CleaningDF]:
    """Return the cleaning class that is printed for these columns.

    Args:
        columns: The columns, under the names of their fields.
        keys: The sets of columns that no two rows share.
    """

    class PlannedCleaningDF(CleaningDF):
        @classmethod
        def get_col_dtype_map(cls) -> Mapping[str, DType]:
            return {column.name: dtype_of(column.dtype) for column in columns}

        @classmethod
        def get_col_parser_map(cls) -> Mapping[str, Parser]:
            return {c.name: value_of(c.parser) for c in columns if c.parser}

        @classmethod
        def get_null_tokens(cls) -> Mapping[str, tuple[str, ...]]:
            return {column.name: column.null_tokens for column in columns}

        @classmethod
        def get_no_null_cols(cls) -> tuple[str, ...]:
            return tuple(column.name for column in columns if column.required)

        @classmethod
        def get_fill_null_map(cls) -> dict[str, Any]:
            return {c.name: value_of(c.fill) for c in columns if c.fill is not None}

        @classmethod
        def get_unique_subsets(cls) -> tuple[tuple[str, ...], ...]:
            return tuple(map(tuple, keys))

    return PlannedCleaningDF


def _repeats(left_out: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return as problems the rows that cleaning leaves out because they repeat a key."""
    names = ", ".join(key)
    return left_out.filter(reason=f"{names} {AGAIN}").select(
        "line",
        pl.lit(names).alias("column"),
        pl.lit(None, pl.String).alias("value"),
        pl.lit(problems.Code.DUPLICATE).alias("code"),
        pl.lit(AGAIN).alias("reason"),
    )
