"""Ours and the others: a file in, the type of each column out."""

import warnings
from collections.abc import Callable, Mapping
from importlib.metadata import version

import agate
import duckdb
import polars as pl

from benchmarks.inference.answers import Known
from generators.describe import describe

type Tool = Callable[[Known], Mapping[str, str]]

OURS = {"decimal": "number", "float": "number", "text": "string"}
DUCKDB = {
    **dict.fromkeys(("BIGINT", "INTEGER", "HUGEINT"), "integer"),
    **dict.fromkeys(("DOUBLE", "FLOAT"), "number"),
    **{"BOOLEAN": "boolean", "DATE": "date", "TIME": "time", "VARCHAR": "string"},
}
AGATE = {
    "Number": "number",
    "Boolean": "boolean",
    "Date": "date",
    "DateTime": "datetime",
    "TimeDelta": "duration",
    "Text": "string",
}


def ours(known: Known) -> dict[str, str]:
    """Describe a file, dialect and all."""
    schema = describe(known.path)
    return {c.header: OURS.get(c.kind, str(c.kind)) for c in schema.columns}


def by_polars(known: Known) -> dict[str, str]:
    """Let polars look at every row, dates included; it is told the separator."""
    df = pl.read_csv(
        known.path,
        separator=known.separator,
        infer_schema_length=None,
        try_parse_dates=True,
    )
    return {name: _of_polars(dtype) for name, dtype in df.schema.items()}


def by_duckdb(known: Known) -> dict[str, str]:
    """Let DuckDB look at every row; it finds the dialect itself."""
    query = "DESCRIBE SELECT * FROM read_csv($path, sample_size=-1)"
    with duckdb.connect() as connection:
        rows = connection.execute(query, {"path": str(known.path)}).fetchall()
    return {name: _of_duckdb(kind) for name, kind, *_ in rows}


def by_csvkit(known: Known) -> dict[str, str]:
    """Let agate, which types the columns for csvkit, look at every row."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table = agate.Table.from_csv(
            str(known.path), delimiter=known.separator, encoding=known.encoding
        )
    types = zip(table.column_names, table.column_types, strict=True)
    found = {name: AGATE.get(type(kind).__name__, "other") for name, kind in types}
    return {
        name: "integer" if kind == "number" and _is_whole(table, name) else kind
        for name, kind in found.items()
    }


TOOLS: Mapping[str, Tool] = {
    "startimport": ours,
    "polars": by_polars,
    "DuckDB": by_duckdb,
    "csvkit": by_csvkit,
}


def versions() -> dict[str, str]:
    """Return the versions of the other tools."""
    return {name: version(name) for name in ("polars", "duckdb", "csvkit", "agate")}


def _is_whole(table: agate.Table, name: str) -> bool:
    """Say whether numbers, of which agate has but one type, are all whole."""
    numbers = [value for value in table.columns[name].values() if value is not None]
    return all(value == value.to_integral_value() for value in numbers)


def _of_polars(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "integer"
    if dtype.is_numeric():
        return "number"
    names = {pl.Boolean: "boolean", pl.Date: "date", pl.Time: "time"}
    if isinstance(dtype, pl.Datetime):
        return "datetime"
    return names.get(dtype.base_type(), "string")


def _of_duckdb(kind: str) -> str:
    if kind.startswith("TIMESTAMP"):
        return "datetime"
    return "number" if kind.startswith("DECIMAL") else DUCKDB.get(kind, "other")
