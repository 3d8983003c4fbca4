"""The plan of an import: every name and fact that its files print, and nothing else."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from generators.code.expressions import Call, Expression
from generators.code.fields import Target, propose_field, propose_target
from generators.code.invented import Invented, Parent, invent
from generators.code.parsers import find_parser, parser_guess
from generators.inference import BLANKS, Column, natural_key
from generators.naming import (
    Identifier,
    ModelName,
    Source,
    check_class_name,
    class_name,
    identifiers,
    literal,
)
from generators.sample import Origin, Sample
from importkit.source import Dialect


@dataclass(frozen=True)
class Place:
    """The app that an import goes into.

    Attributes:
        module: The app's dotted name.
        label: Its label.
        folder: Its folder, relative to the project.
        is_new: Whether this import makes the app.
        tests_in_package: Whether its tests go into ``tests/``; false where the app has
            a ``tests.py``, which such a package would hide.
    """

    module: Source
    label: Identifier
    folder: PurePosixPath
    is_new: bool
    tests_in_package: bool = True


@dataclass(frozen=True)
class ColumnPlan:
    """One column of an import.

    Attributes:
        column: What the sample shows.
        name: The column of the clean frame, which is the model field's attname.
        constant: The name of its constant in the cleaning class.
        dtype: Its polars type.
        parser: The call that makes its parser; None for the default reading.
        guess: What the parser takes for granted; empty if nothing.
        null_tokens: Words that mean nothing.
        required: Whether a row without a value is refused.
        fill: What takes the place of nothing; None where nothing does.
        field: The field of a new model; None where the model exists.
        invented: A made-up value.
        assumes_zone: Whether its times carry no offset, so that one is assumed.
        length: The longest text that its field takes; None for any.
        doubt: Why the sample's values may not fit the field; empty if they do.
        evidence: Why it is taken for its field where its name does not say so.
    """

    column: Column
    name: Identifier
    constant: Identifier
    dtype: Expression
    parser: Call | None
    guess: Source
    null_tokens: tuple[str, ...]
    required: bool
    fill: Expression | None
    field: Call | None
    invented: Invented
    assumes_zone: bool
    length: int | None = None
    doubt: str = ""
    evidence: str = ""


class Unmatched(NamedTuple):
    """A column of the sample that fills no field.

    Attributes:
        header: Its header.
        reason: Why it fills none.
        candidates: The fields that may be meant, the nearest first, each with why.
    """

    header: str
    reason: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportPlan:
    """An import.

    Attributes:
        name: Its name, as in ``import_products``.
        place: The app that it goes into.
        model: The model that it fills.
        model_label: What people call the model: shop.Product.
        is_new_model: Whether the model is written, too.
        dialect: How the file is written.
        columns: Its columns, in file order.
        keys: Sets of columns that no two rows share.
        key_is_guess: Whether the sample alone says so.
        parents: The rows that a made-up row points to.
        unmatched: The columns that fill no field.
        misfits: Which rows of the sample the model does not take, and why, as lines.
        notes: What is odd about the sample, in words.
        origin: What the sample is; None for a plain delimited file.
    """

    name: Identifier
    place: Place
    model: ModelName
    model_label: str
    is_new_model: bool
    dialect: Dialect
    columns: tuple[ColumnPlan, ...]
    keys: tuple[tuple[Identifier, ...], ...]
    key_is_guess: bool = False
    parents: tuple[Parent, ...] = ()
    unmatched: tuple[Unmatched, ...] = ()
    misfits: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    origin: Origin | None = None

    @property
    def words(self) -> Source:
        """The import's name as prose."""
        return Source(self.name.replace("_", " "))

    @property
    def rows(self) -> int:
        """The number of rows of the sample."""
        return self.columns[0].column.rows

    @property
    def cleaning_class(self) -> Identifier:
        """The name of the cleaning class."""
        return Identifier(f"{self.model.name}CleaningDF")

    @property
    def key_columns(self) -> tuple[Identifier, ...]:
        """The columns of all keys, one after the other."""
        return tuple(name for key in self.keys for name in key)


def plan_new_model(
    name: Identifier,
    place: Place,
    sample: Sample,
    model: str | None = None,
) -> ImportPlan:
    """Plan an import with a model of its own.

    Args:
        name: The import's name.
        place: Its app.
        sample: What the columns are made from.
        model: The model's name; made from the import's name if not given.

    Raises:
        ValueError: The model's name cannot be one.
    """
    guess = None if sample.key else natural_key(sample.columns)
    headers = [guess.header] if guess else list(sample.key)
    names = identifiers(column.header for column in sample.columns)
    columns = tuple(
        _column(column, own, unique=headers == [column.header])
        for column, own in zip(sample.columns, names, strict=True)
    )
    named = {column.column.header: column.name for column in columns}
    class_ = check_class_name(model or class_name(name))
    return ImportPlan(
        name=name,
        place=place,
        model=ModelName(class_, Source(f"{place.module}.models")),
        model_label=f"{place.label}.{class_}",
        is_new_model=True,
        dialect=sample.dialect,
        columns=columns,
        keys=(tuple(named[header] for header in headers),) if headers else (),
        key_is_guess=guess is not None,
        notes=sample.notes,
        origin=sample.origin,
    )


def assumes_zone(column: Column, target: Target) -> bool:
    """Say whether times are taken for those of a zone that they do not name."""
    return target.zone is not None and not column.zone


def constant_name(name: str) -> Identifier:
    """Return the name of a column's constant in the cleaning class."""
    return Identifier(f"{name.upper()}_COL")


def _column(column: Column, name: Identifier, *, unique: bool) -> ColumnPlan:
    target = propose_target(column)
    filled = target.kind in BLANKS and column.nullable and not unique
    parser = find_parser(column, target.kind)
    return ColumnPlan(
        column=column,
        name=name,
        constant=constant_name(name),
        dtype=target.dtype,
        parser=parser,
        guess=parser_guess(column, parser),
        null_tokens=column.null_tokens,
        required=not column.nullable,
        fill=literal("") if filled else None,
        field=propose_field(column, name, target, unique=unique),
        invented=invent(name, target, column),
        assumes_zone=assumes_zone(column, target),
        length=target.length,
    )
