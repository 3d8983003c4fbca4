"""Where a sample does not fit a model that exists: causes, rows and lines, never values."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl
from django.db import Error as DatabaseError
from django.db import connections, router
from django.db.models import Model

from generators.code import ColumnPlan, dtype_of, inexact_decimals, value_of
from generators.matching.trial import Trial, try_import
from importkit import problems
from importkit.cleaning import CleaningDF, DType, Parser
from importkit.errors import ConfigurationError, visible
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


def describe_misfits(
    model: type[Model],
    columns: Sequence[ColumnPlan],
    keys: Sequence[Sequence[str]],
    cells: pl.DataFrame,
) -> Iterator[str]:
    """Yield lines that say where a sample does not fit a model; none for one that fits.

    Args:
        model: The model.
        columns: The columns that fill its fields.
        keys: The sets of columns that no two rows share.
        cells: The sample's rows, with ``_line`` where they have lines.
    """
    connection = connections[router.db_for_write(model)]
    for column in inexact_decimals(columns, cells, connection.vendor):
        yield (
            f'"{visible(column.column.header)}" has decimals of more digits than '
            f"{connection.display_name} keeps: the import refuses them."
        )
    rows = named_after_fields(columns, cells.head(MOST_ROWS))
    rules = cleaning_class(columns, keys)
    try:
        trial = try_import(rules, rows, lambda df: {model: df}, {})
    except UNCHECKABLE as error:
        yield f"The values could not be checked against {model._meta.label}: {error}"
        return
    repeats = [_repeats(trial.left_out, key) for key in keys]
    found = pl.concat([trial.problems, *repeats])
    if found.is_empty():
        return
    bad = found["line"].n_unique()
    verb = "was" if trial.rows == 1 else "were"
    yield (
        f"Of the {_rows(trial.rows)} that {verb} checked, {bad:,} would not be imported into "
        f"{model._meta.label}:"
    )
    yield from _causes(found, columns, trial)


def _causes(
    found: pl.DataFrame, columns: Sequence[ColumnPlan], trial: Trial
) -> Iterator[str]:
    headers = {
        str(column.name): f'"{visible(column.column.header)}"' for column in columns
    }
    causes = problems.causes(found)
    for cause in causes[:SHOWN]:
        names = ", ".join(headers[name] for name in cause.column.split(", "))
        where = problems.listed(cause.lines, trial.place)
        if more := cause.rows - len(cause.lines):
            where += f" and {more:,} more"
        yield f"   {names}: {cause.reason} [{cause.code}], {_rows(cause.rows)}, {where}"
        yield f"      {REMEDIES[cause.code]}"
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
