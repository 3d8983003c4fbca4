"""The schema of a sample, for programs: its dialect and its columns."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path, PurePosixPath

from generators.code import ColumnPlan, Place, plan_new_model
from generators.inference import MANY_VALUES, Column, Kind
from generators.naming import Identifier, Source
from generators.sample import Sample, Statements, read_sample
from importkit.source import Dialect

VERSION = 1
# A plan needs a name, on which no part of a schema depends.
NAME = Identifier("rows")


@dataclass(frozen=True)
class ColumnSchema:
    """One column of a sample.

    Attributes:
        header: The header in the file.
        name: The name of its field.
        kind: The kind that all values have.
        nullable: Whether a cell is empty.
        null_tokens: The null words.
        unique: Whether no value repeats; False for fewer than two values.
        width: The length of the longest text, in characters.
        digits: The most digits before the decimal point.
        scale: The most digits after the decimal point.
        field: The Django field of a new model.
        parser: The parser that reads the text; None for the default one.
        confidence: ``high`` where the values leave no doubt, ``medium`` where they are
            fewer than a hundred, ``low`` where something is guessed or not known.
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
    """The size, the dialect and the columns of a sample.

    Attributes:
        rows: How many rows were read.
        counted: How many of these rows the evidence counts; the other rows fit it.
        dialect: The dialect; None if the sample is neither delimited text nor a sheet.
        natural_key: The headers of the natural key, stated or guessed; empty without.
        notes: What is unusual, and which keys are proposed, in words.
        columns: The columns, in the order of the file.
    """

    rows: int
    counted: int
    dialect: Dialect | None
    natural_key: tuple[str, ...]
    notes: tuple[str, ...]
    columns: tuple[ColumnSchema, ...]


def describe(path: Path | str, stated: Statements | None = None) -> Schema:
    """Describe a sample as ``startimport`` would read it; write nothing.

    Args:
        path: The file, a URL, or ``-`` for standard input.
        stated: What the user states of the sample.

    Raises:
        ValueError: What the user states does not fit the file.
        SourceError: The file cannot be read, or holds no rows.
    """
    return schema_of(read_sample(path, stated)[0])


def schema_of(sample: Sample) -> Schema:
    """Describe a sample that has been read."""
    place = Place(Source(NAME), NAME, PurePosixPath(NAME), is_new=True)
    plan = plan_new_model(NAME, place, sample)
    columns = tuple(map(_described, plan.columns))
    origin = sample.origin
    has_dialect = origin is None or origin.is_workbook or not origin.kind
    dialect = sample.dialect if has_dialect else None
    named = {column.name: column.column.header for column in plan.columns}
    key = tuple(named[name] for name in plan.key_columns)
    return Schema(plan.rows, sample.counted, dialect, key, plan.notes, columns)


def as_json(schema: Schema) -> str:
    """Return a schema as JSON, in the version that the guide documents."""
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
        field=str(plan.field).removeprefix("models.") if plan.field else "",
        parser=str(plan.parser) if plan.parser else None,
        confidence=_confidence(column, plan.guess),
        evidence=column.evidence,
    )


def _confidence(column: Column, guess: str) -> str:
    values = column.rows - column.nulls
    if not values or guess or column.null_tokens or column.formats:
        return "low"
    return "high" if values >= MANY_VALUES else "medium"
