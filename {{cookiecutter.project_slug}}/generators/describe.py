"""The schema of a sample: what startimport reads from it, for people and programs."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

import polars as pl

from generators.columns import Column, Kind
from generators.layout import flat
from generators.names import Identifier, Source
from generators.plan import ColumnPlan, Place, Sample, plan_new_model
from generators.said import find_key
from generators.sample import read_sample
from importkit.source import LINE, Dialect

VERSION = 1
# A plan needs a name; nothing of a schema depends on it.
NAME = Identifier("rows")
# So many values are rarely alike by chance.
MANY = 100


@dataclass(frozen=True)
class ColumnSchema:
    """One column of a sample.

    Attributes:
        header: The header as it stands in the file.
        name: The name of its field.
        kind: The kind that all values have.
        nullable: Whether some row holds nothing.
        null_tokens: The words that stand for nothing.
        unique: Whether no value repeats, among at least two.
        width: The characters of the longest text.
        digits: The most digits before a decimal's point.
        scale: The most digits after it.
        field: The Django field that is proposed.
        parser: The call that reads its text; None for the default reading.
        confidence: ``high`` where the values leave no doubt, ``medium`` where they are
            fewer than a hundred, ``low`` where something is guessed or open.
        evidence: Why the column has this kind.
    """

    header: str
    name: str
    kind: Kind
    nullable: bool
    null_tokens: tuple[str, ...]
    unique: bool
    width: int
    digits: int
    scale: int
    field: str
    parser: str | None
    confidence: str
    evidence: str


@dataclass(frozen=True)
class Schema:
    """What a sample is made of: its rows, how it is written, its columns.

    There is no dialect where the sample is not delimited text.
    """

    rows: int
    dialect: Dialect | None
    columns: tuple[ColumnSchema, ...]


def describe(
    path: Path | str,
    types: Sequence[str] = (),
    date_order: str | None = None,
    natural_key: str | None = None,
    encoding: str | None = None,
) -> Schema:
    """Describe a sample as ``startimport`` would read it; write nothing.

    Args:
        path: The file, a URL, or ``-`` for standard input.
        types: What is said of columns, as ``NAME=KIND``.
        date_order: The order of day and month, if it is said: DMY, MDY or YMD.
        natural_key: The columns that no two rows share, with commas.
        encoding: The encoding of the file, if it is known.

    Raises:
        ValueError: Something that is said of columns does not fit them.
        SourceError: The file cannot be read, or holds no rows.
    """
    sample, cells = read_sample(path, encoding, types, date_order)
    return schema_of(sample, cells, natural_key)


def schema_of(
    sample: Sample, cells: pl.DataFrame, natural_key: str | None = None
) -> Schema:
    """Describe a sample that has been read.

    Args:
        sample: The sample.
        cells: Its cells.
        natural_key: The columns that no two rows share, with commas.

    Raises:
        ValueError: They are not known, or rows share them.
    """
    plain = cells.drop(LINE, strict=False)
    key = find_key(natural_key, plain) if natural_key else ()
    place = Place(Source(NAME), NAME, PurePosixPath(NAME), is_new=True)
    plan = plan_new_model(NAME, place, sample, key)
    columns = tuple(map(_described, plan.columns))
    is_text = sample.origin is None or not sample.origin.kind
    dialect = sample.dialect if is_text else None
    return Schema(rows=plan.rows, dialect=dialect, columns=columns)


def as_json(schema: Schema) -> str:
    """Write a schema as JSON, of the version that the guide documents."""
    return json.dumps(
        {"version": VERSION, **asdict(schema)}, indent=2, ensure_ascii=False
    )


def _described(plan: ColumnPlan) -> ColumnSchema:
    column = plan.column
    return ColumnSchema(
        header=column.header,
        name=str(plan.name),
        kind=column.kind,
        nullable=column.nullable,
        null_tokens=column.null_tokens,
        unique=column.unique,
        width=column.width,
        digits=column.digits,
        scale=column.scale,
        field=flat(plan.field).removeprefix("models.") if plan.field else "",
        parser=flat(plan.parser) if plan.parser else None,
        confidence=_confidence(column, plan.guess),
        evidence=column.evidence,
    )


def _confidence(column: Column, guess: str) -> str:
    values = column.rows - column.nulls
    if not values or guess or column.null_tokens or column.formats:
        return "low"
    return "high" if values >= MANY else "medium"
