"""The plan of an import: every name and fact that its files print."""

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import NamedTuple

from generators.code.bulks import Link, MadeParent
from generators.code.expressions import Call, Expression
from generators.code.fields import Target, propose_field, propose_target
from generators.code.guesses import notes_on_guesses
from generators.code.invented import Invented
from generators.code.invented.rows import Parent
from generators.code.invented.values import invent
from generators.code.parsers import find_parser, parser_guess
from generators.inference import EMPTY_AS_TEXT, Column, Kind, natural_key
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
from importkit.secret_names import names_secret
from importkit.source import Dialect, Format

# Kinds of columns that are about a secret: whether there is one, and since when.
NEVER_SECRET = frozenset(
    {Kind.BOOLEAN, Kind.DATE, Kind.DATETIME, Kind.TIME, Kind.DURATION}
)


@dataclass(frozen=True)
class Place:
    """The app that an import goes into.

    Attributes:
        module: The app's dotted name.
        label: Its label.
        folder: Its folder, relative to the project.
        is_new: Whether startimport creates the app.
        tests_in_package: Whether tests go into ``tests/``; False where the app has a
            module ``tests.py``, which such a package would hide.
        packages: The folders of packages above it that startimport creates as well.
    """

    module: Source
    label: Identifier
    folder: PurePosixPath
    is_new: bool
    tests_in_package: bool = True
    packages: tuple[PurePosixPath, ...] = ()


@dataclass(frozen=True)
class ColumnPlan:
    """One column of an import.

    Attributes:
        column: What startimport knows of the column from the sample.
        name: The name in the clean frame, which is the attname of the model's field.
        dtype: The polars dtype, as source.
        parser: The call that makes the parser; None for the default reading.
        guess: What the parser assumes that the sample does not prove; may be empty.
        null_tokens: The null words.
        required: Whether a row with an empty cell is rejected.
        fill: The value of empty cells, as source; None where they stay null.
        field: The field of a new model; None where the model exists.
        invented: The value in the row of the tests, and another for further rows.
        assumes_zone: Whether times have no offset, so that a time zone is assumed.
        length: The characters of the longest text that the field accepts; None for any.
        doubt: Why the values may not fit an existing field; empty if they do.
        evidence: Why the column fills its field, where the names do not say so.
        relation: The foreign key whose parent is looked up by the column; None where the
            column is a field of the model itself.
        is_link: Whether the relation is many-to-many, so that the column is not one of
            the model's frame.
        keeps: Whether an empty cell leaves a stored row as it is, and gives a new row the
            default of the field.
    """

    column: Column
    name: Identifier
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
    relation: Identifier | None = None
    is_link: bool = False
    keeps: bool = False

    @property
    def is_secret(self) -> bool:
        """Whether the values are secrets, as the names say, so that none is shown."""
        named = names_secret(self.column.header) or names_secret(self.name)
        return named and self.column.kind not in NEVER_SECRET

    @property
    def is_text(self) -> bool:
        """Whether Django reads the values as text, and not as objects."""
        is_other = self.column.kind in {Kind.UUID, Kind.JSON}
        return str(self.dtype) == "pl.String" and not is_other


class Unmatched(NamedTuple):
    """A column of the sample that fills no field.

    Attributes:
        header: Its header.
        reason: Why it fills no field.
        candidates: The fields that may be meant, the nearest first, each with a reason.
    """

    header: str
    reason: str
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class ImportPlan:
    """An import.

    Attributes:
        name: Its name: products.
        place: The app that it goes into.
        model: The model that it fills.
        model_label: The label of the model: shop.Product.
        is_new_model: Whether startimport writes the model.
        dialect: The dialect of the file.
        columns: Its columns, in the order of the file.
        keys: Sets of columns whose values never repeat together, the natural key first.
        key_is_guess: Whether only the sample is evidence for the natural key.
        parents: The rows that the row of the tests points to.
        unmatched: The columns that fill no field.
        misfits: Which rows of the sample the model does not accept, and why, as lines.
        notes: What is unusual about the sample, as sentences.
        origin: Where the rows come from; None for a plain delimited file.
        totals: How many rows of the sample look like totals.
        made: The parents whose missing rows the import creates.
        links: The many-to-many fields that columns fill.
        advice: What the user has to add by hand, as paragraphs.
        unique_sets: Sets of columns that an existing model keeps unique, also where the
            sample shows that they are no keys.
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
    totals: int = 0
    made: tuple[MadeParent, ...] = ()
    links: tuple[Link, ...] = ()
    advice: tuple[str, ...] = ()
    unique_sets: tuple[tuple[Identifier, ...], ...] = ()

    @property
    def words(self) -> Source:
        """The import's name as words."""
        return Source(self.name.replace("_", " "))

    @property
    def format(self) -> Format:
        """The format of the file."""
        return self.origin.format if self.origin else Format.DELIMITED

    @property
    def is_of_sheet(self) -> bool:
        """Whether the rows come from a sheet of a workbook."""
        return self.format is Format.WORKBOOK

    @property
    def rows(self) -> int:
        """The number of rows of the sample."""
        return self.columns[0].column.rows

    @property
    def cleaning_class(self) -> Identifier:
        """The name of the cleaning class."""
        return Identifier(f"{self.model.name}CleaningDF")

    @property
    def natural_key(self) -> tuple[Identifier, ...]:
        """The fields of the natural key; a foreign key stands for its look-ups."""
        fields = {
            column.name: column.relation or column.name for column in self.columns
        }
        return tuple(dict.fromkeys(fields[name] for name in (*self.keys, ())[0]))

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
        sample: The sample.
        model: The model's name; made from the import's name if not given.

    Raises:
        ValueError: The model's name is not valid, or is taken.
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
        notes=(*sample.notes, *notes_on_guesses(sample.columns, is_new=True)),
        origin=sample.origin,
        totals=len(sample.totals),
    )


def assumes_zone(column: Column, target: Target) -> bool:
    """Return whether a time zone is assumed for times without one."""
    return target.zone is not None and not column.zone


def _column(column: Column, name: Identifier, *, unique: bool) -> ColumnPlan:
    target = propose_target(column)
    filled = target.kind in EMPTY_AS_TEXT and column.nullable and not unique
    parser = find_parser(column, target.kind)
    return ColumnPlan(
        column=column,
        name=name,
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
