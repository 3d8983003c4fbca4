"""A rehearsal: the sample is cleaned and checked as its import will do it, unwritten."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import polars as pl
from django.db import Error as DatabaseError
from django.db.models import Model

from generators.code import ColumnPlan, dtype_of, value_of
from importkit import problems
from importkit.cleaning import CleaningDF, DType, Parser
from importkit.errors import ConfigurationError, visible
from importkit.models import fit
from importkit.source import LINE

# More rows would not tell more, and take longer than a person likes to wait.
MOST_ROWS = 10_000
SHOWN = 12
# What a model's own defaults and validators may lead to.
UNKNOWN = (ConfigurationError, DatabaseError)
AGAIN = "as in an earlier row"
REMEDIES = {
    **{code.value: code.remedy for code in problems.Code},
    problems.Code.DUPLICATE.value: "Only the first is imported: correct the others, or remove them.",
    problems.Code.UNREADABLE.value: (
        "Correct it, widen the field, or declare how it is read in get_col_parser_map."
    ),
}


class Rehearsal(NamedTuple):
    """What an import would make of rows.

    Attributes:
        df: The rows in the types of the fields; null where a value does not fit.
        problems: What the import would reject or leave out, of ``problems.SCHEMA``.
        place: What its lines count.
    """

    df: pl.DataFrame
    problems: pl.DataFrame
    place: problems.Place


def describe_misfits(
    model: type[Model],
    columns: Sequence[ColumnPlan],
    keys: Sequence[Sequence[str]],
    cells: pl.DataFrame,
) -> Iterator[str]:
    """Yield the lines that say where a sample does not fit a model, and why.

    Values are counted, never shown. Nothing is said of a sample that fits.

    Args:
        model: The model.
        columns: The columns that fill its fields.
        keys: The sets of columns that no two rows share.
        cells: The sample's rows, with ``_line`` where they have lines.
    """
    rows = cells.head(MOST_ROWS)
    try:
        seen = rehearse(model, columns, keys, rows)
    except UNKNOWN as error:
        yield f"Whether its values fit {model._meta.label} is not known: {error}"
        return
    if seen.problems.is_empty():
        return
    bad = seen.problems["line"].n_unique()
    many = f"{rows.height:,} row{'' if rows.height == 1 else 's'} looked at"
    yield f"Of the {many}, {bad:,} would not be imported into {model._meta.label}:"
    headers = {
        str(column.name): f'"{visible(column.column.header)}"' for column in columns
    }
    causes = problems.causes(seen.problems)
    for cause in causes[:SHOWN]:
        names = [headers[name] for name in cause.column.split(", ")]
        count = f"{cause.rows:,} row{'' if cause.rows == 1 else 's'}"
        where = _listed(cause, seen.place)
        yield f"   {', '.join(names)}: {cause.reason} [{cause.code}], {count}, {where}"
        yield f"      {REMEDIES[cause.code]}"
    if (more := len(causes) - SHOWN) > 0:
        yield f"   ... and {more:,} more cause{'' if more == 1 else 's'}"


def rehearse(
    model: type[Model],
    columns: Sequence[ColumnPlan],
    keys: Sequence[Sequence[str]],
    cells: pl.DataFrame,
) -> Rehearsal:
    """Clean and check rows as an import into a model does, but look at all that is wrong.

    Args:
        model: The model.
        columns: The columns that fill its fields.
        keys: The sets of columns that no two rows share.
        cells: The rows, with ``_line`` where they have lines.
    """
    # Series, not names: to polars, a header such as "^x$" is a pattern.
    named = [cells[column.column.header].alias(column.name) for column in columns]
    lines = [cells[LINE]] if LINE in cells.columns else []
    cleaned = _rules(columns, keys)(pl.DataFrame([*lines, *named]))
    df = cleaned.df.with_columns(cleaned.lines)
    fitting, unfit = fit(model, df)
    # What did not read is null by now, and has been told as what it is.
    unfit = unfit.join(cleaned.problems, on=["line", "column"], how="anti")
    repeats = [_repeats(cleaned.left_out, key) for key in keys]
    found = pl.concat([cleaned.problems, unfit, *repeats])
    return Rehearsal(fitting, found, cleaned.place)


def _rules(
    columns: Sequence[ColumnPlan], keys: Sequence[Sequence[str]]
) -> type[CleaningDF]:
    """Return the class that a plan prints, which keeps the rows that do not fit."""

    class Rules(CleaningDF):
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

        def check(self) -> None:
            """Keep what is wrong; the model has to look at these rows, too."""
            self.check_no_null_cols()
            self.check_no_nan()
            self.check_no_controls()

    return Rules


def _repeats(left_out: pl.DataFrame, key: Sequence[str]) -> pl.DataFrame:
    """Return the rows that repeat a key as problems."""
    names = ", ".join(key)
    return left_out.filter(reason=f"{names} {AGAIN}").select(
        "line",
        pl.lit(names).alias("column"),
        pl.lit(None, pl.String).alias("value"),
        pl.lit(problems.Code.DUPLICATE).alias("code"),
        pl.lit(AGAIN).alias("reason"),
    )


def _listed(cause: problems.Cause, place: problems.Place) -> str:
    shown = problems.listed(cause.lines, place)
    more = cause.rows - len(cause.lines)
    return f"{shown} and {more:,} more" if more else shown
