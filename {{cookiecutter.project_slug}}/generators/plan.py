"""The plan of an import: every name and fact that its files print, and nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.db.models import Model

from generators.fields import (
    AnyField,
    Target,
    propose_field,
    propose_target,
    target_of,
)
from generators.infer import Column, Kind, natural_key
from generators.invent import Invented, invent, invent_for_field
from generators.layout import Call, Expression
from generators.matching import match, plain_default, unique_sets
from generators.names import Identifier, Source, class_name, identifiers, literal
from generators.parents import (
    Parent,
    find_parents,
    is_own,
    manager_of,
    model_source,
    stays_empty,
)
from generators.parsers import find_parser, suits
from generators.place import Place, check_class_name
from importkit.source import Dialect

EMPTY = Invented("", Source("None"), Source("None"))


@dataclass(frozen=True)
class ColumnPlan:
    """One column of an import.

    Attributes:
        column: What the sample shows.
        name: The column of the clean frame, which is the model field's attname.
        constant: The name of its constant in the cleaning class.
        dtype: Its polars type.
        parser: The call that makes its parser; None for the default reading.
        null_tokens: Words that mean nothing.
        required: Whether a row without a value is refused.
        fill: What takes the place of nothing; None where nothing does.
        field: The field of a new model; None where the model exists.
        invented: A made-up value.
        assumes_zone: Whether its times carry no offset, so that one is assumed.
        doubt: Why the sample's values may not fit the field; empty if they do.
    """

    column: Column
    name: Identifier
    constant: Identifier
    dtype: Expression
    parser: Call | None
    null_tokens: tuple[str, ...]
    required: bool
    fill: Expression | None
    field: Call | None
    invented: Invented
    assumes_zone: bool
    doubt: str = ""


@dataclass(frozen=True)
class ImportPlan:
    """An import.

    Attributes:
        name: Its name, as in ``import_products``.
        place: The app that it goes into.
        model: The model that it fills.
        model_module: The module to import the model from.
        manager: The manager to read it with.
        model_label: What people call the model: shop.Product.
        is_new_model: Whether the model is written, too.
        is_own_model: Whether it is one of the project, not of an installed package.
        dialect: How the file is written.
        rows: How many rows the sample has.
        columns: Its columns, in file order.
        keys: Sets of columns that no two rows share.
        key_is_guess: Whether the sample alone says so.
        parents: The rows that a made-up row points to.
        unmatched: Headers that fill no field, each with the reason.
    """

    name: Identifier
    place: Place
    model: Identifier
    model_module: Source
    manager: Identifier
    model_label: str
    is_new_model: bool
    is_own_model: bool
    dialect: Dialect
    rows: int
    columns: tuple[ColumnPlan, ...]
    keys: tuple[tuple[Identifier, ...], ...]
    key_is_guess: bool = False
    parents: tuple[Parent, ...] = ()
    unmatched: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Sample:
    """What was read: how the file is written, and its columns."""

    dialect: Dialect
    columns: tuple[Column, ...]

    @property
    def rows(self) -> int:
        """The number of rows."""
        return self.columns[0].rows


def plan_new_model(
    name: Identifier,
    place: Place,
    sample: Sample,
    key: Sequence[str] = (),
    model: str | None = None,
) -> ImportPlan:
    """Plan an import with a model of its own.

    Args:
        name: The import's name.
        place: Its app.
        sample: What the columns are made from.
        key: The headers of a natural key; without any, one is looked for.
        model: The model's name; made from the import's name if not given.

    Raises:
        ValueError: The model's name cannot be one.
    """
    guess = None if key else natural_key(sample.columns)
    headers = [guess.header] if guess else list(key)
    names = identifiers(column.header for column in sample.columns)
    columns = tuple(
        _new_column(column, own, unique=headers == [column.header])
        for column, own in zip(sample.columns, names, strict=True)
    )
    named = {column.column.header: column.name for column in columns}
    class_ = check_class_name(model or class_name(name))
    return ImportPlan(
        name=name,
        place=place,
        model=class_,
        model_module=Source(f"{place.module}.models"),
        manager=Identifier("objects"),
        model_label=f"{place.label}.{class_}",
        is_new_model=True,
        is_own_model=True,
        dialect=sample.dialect,
        rows=sample.rows,
        columns=columns,
        keys=(tuple(named[header] for header in headers),) if headers else (),
        key_is_guess=guess is not None,
    )


def plan_existing_model(
    name: Identifier,
    place: Place,
    sample: Sample,
    model: type[Model],
    key: Sequence[str] = (),
) -> ImportPlan:
    """Plan an import into an existing model, which is the contract.

    Args:
        name: The import's name.
        place: Its app.
        sample: Which supplies the headers and how values are written, no more.
        model: The model.
        key: The headers of a natural key besides the model's own.

    Raises:
        ValueError: The model cannot be filled from these columns.
    """
    found = match(sample.columns, model)
    columns = _numbered(
        [_existing_column(column, field, model) for column, field in found.pairs]
    )
    named = {column.column.header: column.name for column in columns}
    lost = [f'"{header}"' for header in key if header not in named]
    if lost:
        raise ValueError(f"The natural key {', '.join(lost)} fills no field.")
    fields = [field for _, field in found.pairs]
    filled = [field for field in fields if not stays_empty(field, model)]
    keys = [
        tuple(map(Identifier, group))
        for group in unique_sets(model, [column.name for column in columns])
    ]
    given = tuple(named[header] for header in key)
    class_, module = model_source(model)
    return ImportPlan(
        name=name,
        place=place,
        model=check_class_name(class_),
        model_module=module,
        manager=manager_of(model),
        model_label=model._meta.label,
        is_new_model=False,
        is_own_model=is_own(model),
        dialect=sample.dialect,
        rows=sample.rows,
        columns=columns,
        keys=tuple(unique for unique in dict.fromkeys([given, *keys]) if unique),
        parents=find_parents(model, filled, _plain(sample.columns[0])),
        unmatched=found.unmatched,
    )


def _new_column(column: Column, name: Identifier, *, unique: bool) -> ColumnPlan:
    target = propose_target(column)
    filled = target.kind is Kind.TEXT and column.nullable and not unique
    return ColumnPlan(
        column=column,
        name=name,
        constant=Identifier(f"{name.upper()}_COL"),
        dtype=target.dtype,
        parser=find_parser(column, target.kind),
        null_tokens=column.null_tokens,
        required=not column.nullable,
        fill=literal("") if filled else None,
        field=propose_field(column, target, unique=unique),
        invented=invent(name, target, column),
        assumes_zone=_assumes_zone(column, target),
    )


def _existing_column(column: Column, field: AnyField, model: type[Model]) -> ColumnPlan:
    target = target_of(field, column)
    fits = target is not None and suits(column, target.kind)
    written = column if fits else _plain(column)
    invented = invent_for_field(field, written)
    if target is None or invented is None:
        raise TypeError(f"{field} was matched, but a CSV cannot fill it.")
    fill = plain_default(field)
    return ColumnPlan(
        column=column,
        name=Identifier(field.attname),
        constant=Identifier(f"{field.attname.upper()}_COL"),
        dtype=target.dtype,
        parser=find_parser(written, target.kind),
        null_tokens=() if target.kind is Kind.TEXT else column.null_tokens,
        required=not field.null and fill is None,
        fill=fill,
        field=None,
        invented=EMPTY if stays_empty(field, model) else invented,
        assumes_zone=_assumes_zone(written, target),
        doubt=_doubt(column, field, target),
    )


def _assumes_zone(column: Column, target: Target) -> bool:
    return target.zone is not None and not column.zone


def _doubt(column: Column, field: AnyField, target: Target) -> str:
    if not suits(column, target.kind):
        return f"{column.kind} in the sample, but the field takes {target.kind}"
    if target.length is not None and column.width > target.length:
        return f"up to {column.width} characters, but the field takes {target.length}"
    if not field.null and plain_default(field) is None and column.nullable:
        return f"empty in {column.nulls} rows, but the field takes no null"
    return ""


def _plain(column: Column) -> Column:
    """Return a column that is written in the default notation."""
    return replace(
        column,
        kind=Kind.TEXT,
        decimal=".",
        thousands="",
        format=None,
        true=(),
        false=(),
        null_tokens=(),
        zone=False,
    )


def _numbered(columns: Sequence[ColumnPlan]) -> tuple[ColumnPlan, ...]:
    """Tell constants apart where fields differ only in upper and lower case."""
    seen = [column.constant for column in columns]
    return tuple(
        column
        if seen.count(column.constant) == 1
        else replace(column, constant=Identifier(f"{column.constant}_{position}"))
        for position, column in enumerate(columns, start=1)
    )
