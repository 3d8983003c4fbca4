"""Foreign keys by what people call the parent: which field of the parent a column holds."""

from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import polars as pl
from django.db.models import ForeignKey, Model

from generators.code import KINDS, AnyField, suits, target_of
from generators.inference import Column, Kind
from generators.matching.filling import FieldPath
from generators.matching.relations.stored import LOOKED_UP, count_stored, is_small
from importkit.errors import visible
from importkit.models import unique_sets

# Fields whose text has a form of its own, so that not every text can be a value.
FORMS = {"UUIDField": Kind.UUID, "GenericIPAddressField": Kind.IP}


type AnyForeignKey = ForeignKey[Any, Any]
type AnyRelation = AnyField  # A foreign key, or a many-to-many field.


class LookUp(NamedTuple):
    """What a column of a foreign key holds.

    Attributes:
        path: The foreign key, with the field of the parent unless that is its key.
        evidence: Why it is this field; empty if nothing is guessed.
    """

    path: FieldPath
    evidence: str = ""


def find_look_up(field: AnyRelation, column: Column, cells: pl.Series) -> LookUp:
    """Find the field of the parent whose values a column holds.

    The parent's own key comes first. Another field is taken if its table has more of the
    values, or if only one other field can hold them.

    Args:
        field: The foreign key.
        column: The column.
        cells: Its cells.

    Raises:
        ValueError: Several fields of the parent may be meant; names the options.
    """
    own = LookUp(FieldPath(field))
    key = key_of(field)
    is_key = holds(key, column)
    if column.nulls == column.rows or (is_key and is_small(column)):
        return own
    found = list(look_ups_of(field, column, is_unique=True))
    if not (is_key or found or _has_keys(key, cells)):
        found = list(look_ups_of(field, column, is_unique=False))
    if not found:
        return own
    hits = {each: _hits(each, cells) for each in found}
    most = max(count for count, _ in hits.values())
    if is_key and most <= _hits(key, cells)[0]:
        return own
    best = [each for each in found if hits[each][0] == most]
    if len(best) == 1 and (most or _is_unique(best[0])):
        return LookUp(FieldPath(field, best[0]), _evidence(best[0], *hits[best[0]]))
    raise ValueError(_question(field, column, best))


def look_ups_of(
    field: AnyRelation, column: Column, *, is_unique: bool
) -> Iterator[AnyField]:
    """Yield the fields of a parent, its key apart, that can hold the values of a column.

    Args:
        field: The foreign key.
        column: The column.
        is_unique: Whether only fields are yielded that no two parents share.
    """
    for other in parent_of(field)._meta.concrete_fields:
        if other.primary_key or other is key_of(field) or other.is_relation:
            continue
        if is_unique and not _is_unique(other):
            continue
        if holds(other, column) and (is_unique or _is_text(other)):
            yield other


def holds(field: AnyField, column: Column) -> bool:
    """Return whether the values of a column can be values by which a row is looked up."""
    name = field.get_internal_type()
    if name in FORMS:
        return FORMS[name] is column.kind
    target = target_of(field, column)
    is_key = KINDS.get(name) in {Kind.TEXT, Kind.INTEGER}
    return is_key and target is not None and suits(column, target.kind)


def distinct(field: AnyField, cells: pl.Series) -> pl.Series:
    """Return the first distinct values of a column, as the field stores them."""
    text = cells.alias("").cast(pl.String).str.strip_chars()
    values = text.filter(text != "").unique(maintain_order=True).head(LOOKED_UP)
    if KINDS.get(field.get_internal_type()) is Kind.INTEGER:
        return values.cast(pl.Int64, strict=False).drop_nulls()
    return values


def foreign_keys_of(model: type[Model]) -> list[AnyForeignKey]:
    """Return the foreign keys of a model, but for the links to its own parent tables."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, ForeignKey) and not field.remote_field.parent_link
    ]


def parent_of(field: AnyField) -> type[Model]:
    """Return the model that a foreign key refers to."""
    parent: Any = field.related_model
    return cast("type[Model]", parent)


def key_of(field: AnyRelation) -> AnyField:
    """Return the field of the parent that a foreign key, or a link, stores."""
    related: Any = field
    return cast("AnyField", related.target_field)


def _has_keys(field: AnyField, cells: pl.Series) -> bool:
    """Return whether some cells are whole numbers, as the key is: others are errors."""
    is_number = KINDS.get(field.get_internal_type()) is Kind.INTEGER
    text = cells.alias("").cast(pl.String).str.strip_chars()
    return is_number and bool(text.str.contains("^[0-9]+$").any())


def _is_unique(field: AnyField) -> bool:
    return {field.attname} in unique_sets(field.model)


def _is_text(field: AnyField) -> bool:
    return field.get_internal_type() in {"CharField", "TextField", "SlugField"}


def _hits(field: AnyField, cells: pl.Series) -> tuple[int, int]:
    values = distinct(field, cells)
    return count_stored(field, values), len(values)


def _evidence(field: AnyField, hits: int, values: int) -> str:
    label = f"{field.model._meta.label}.{field.name}"
    if not hits:
        return f"the only unique field of {field.model._meta.label} that can hold it"
    return f"{hits:,} of {values:,} distinct values looked up are in {label}"


def _question(field: AnyField, column: Column, found: list[AnyField]) -> str:
    header = visible(column.header)
    options = " or ".join(
        f'--field "{header}={FieldPath(field, other).name}"' for other in found
    )
    return (
        f'"{header}" fills "{field.name}", but its values are not the '
        f"keys of {found[0].model._meta.label}, and no field that is unique there has "
        f"them. Correct the values, or state what they are: {options}."
    )
