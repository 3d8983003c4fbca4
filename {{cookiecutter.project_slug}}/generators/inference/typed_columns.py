"""Columns that have a type in their file (Parquet, workbooks): the type decides."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from generators.inference.column import NUMBERS, Column, Kind
from generators.inference.infer import infer_columns
from generators.inference.rules.numbers import longest
from importkit.errors import SourceError, visible
from importkit.source import LINE, as_text

# The first integer above those that 64 bits, and so a field of a database, hold.
INT64_LIMIT = 2**63


def check_types(df: pl.DataFrame) -> None:
    """Refuse columns whose type has no field.

    Raises:
        SourceError: Some column has such a type.
    """
    schema = df.drop(LINE).schema
    unknown = {n: t for n, t in schema.items() if t != pl.String and not _kind(t)}
    if unknown:
        names = ", ".join(f'"{visible(name)}" ({t})' for name, t in unknown.items())
        raise SourceError(
            f"There are no fields for these columns of the sample: {names}. Leave them "
            "out of it."
        )


def with_text(df: pl.DataFrame, kinds: Mapping[str, Kind]) -> pl.DataFrame:
    """Turn the columns that the user states to be text into text.

    Raises:
        ValueError: The user states another kind for a column that has a type.
    """
    typed = [name for name in kinds if df[name].dtype != pl.String]
    for name in typed:
        if kinds[name] is not Kind.TEXT:
            raise ValueError(
                f'"{visible(name)}" has a type in the sample ({df[name].dtype}), which '
                "--type can only change to text: leave --type out."
            )
    texts = [as_text(df[[name]]).to_series() for name in typed]
    return df.with_columns(texts)


def column_of(values: pl.Series, *, exact: bool) -> Column:
    """Return the column of values that have a type.

    Args:
        values: All or some values of the column, of a type that ``check_types`` accepts.
        exact: Whether floats are binary; False if people typed them, as in a workbook.
    """
    dtype, full = values.dtype, values.drop_nulls()
    kind = _kind(dtype) or Kind.TEXT
    draft = Column(
        header=values.name,
        kind=kind,
        rows=len(values),
        nulls=values.null_count(),
        unique=len(full) > 1 and full.n_unique() == len(full),
        width=0,
        evidence=f"{dtype.base_type()} in the file",
        stated=True,
        zone=isinstance(dtype, pl.Datetime) and dtype.time_zone is not None,
    )
    match kind:
        case Kind.INTEGER:
            return _integer(draft, full)
        case Kind.DECIMAL:
            return _decimal(draft, full)
        case Kind.FLOAT if not exact:
            return _as_written(draft, values)
    return draft


def _kind(dtype: pl.DataType) -> Kind | None:
    if dtype.is_integer():
        return Kind.INTEGER
    if dtype.is_float():
        return Kind.FLOAT
    kinds: dict[type[pl.DataType], Kind] = {
        pl.Decimal: Kind.DECIMAL,
        pl.Boolean: Kind.BOOLEAN,
        pl.Date: Kind.DATE,
        pl.Datetime: Kind.DATETIME,
        pl.Time: Kind.TIME,
    }
    return kinds.get(dtype.base_type())


def _integer(draft: Column, full: pl.Series) -> Column:
    exact = full.cast(pl.Int128)
    bounds = [bound for bound in (exact.min(), exact.max()) if isinstance(bound, int)]
    if not bounds:
        return draft
    low, high = bounds
    if low >= -INT64_LIMIT and high < INT64_LIMIT:
        return replace(draft, minimum=low, maximum=high)
    why = f"{draft.evidence}, more than a field for whole numbers holds"
    width = longest(full.cast(pl.String))
    return replace(draft, kind=Kind.TEXT, width=width, evidence=why)


def _decimal(draft: Column, full: pl.Series) -> Column:
    scale = full.dtype.scale if isinstance(full.dtype, pl.Decimal) else 0
    digits = longest(full.cast(pl.String).str.extract(r"^-?(\d+)"))
    return replace(draft, scale=scale, digits=max(digits, 1))


def _as_written(draft: Column, values: pl.Series) -> Column:
    """Read floats as the decimals that people have typed, since money is not a float."""
    [column] = infer_columns(values.cast(pl.String).to_frame())
    return column if column.kind in NUMBERS else draft
