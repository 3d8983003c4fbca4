"""Foreign keys are offered: columns of a new model that may point to other models."""

from collections.abc import Iterator, Sequence

import polars as pl
from django.apps import apps
from django.db.models import Model

from generators.code import KINDS, AnyField
from generators.inference import KEY_KINDS, TEXTS, Column, Kind
from generators.matching.relations.stored import LOOKED_UP, count_stored, is_small
from generators.naming import is_inside, normal, project_folder, snake
from importkit import guides
from importkit.errors import visible

# Models of the project that are looked at: each may ask the database once a column.
MOST_MODELS = 50
# Last words of headers that name a parent before them: store_id, "Store no".
SUFFIXES = ("id", "code", "key", "no", "nr", "number", "slug", "sku")


def notes_on_parents(columns: Sequence[Column], rows: pl.DataFrame) -> Iterator[str]:
    """Yield notes on columns that may be foreign keys to models of the project.

    A column is offered where it has the name of the model, or where a unique field of
    the model has all of its values, of which the first are looked up.

    Args:
        columns: The columns of a new model.
        rows: The sample's rows.
    """
    root = project_folder()
    own = [
        model for model in apps.get_models() if is_inside(model._meta.app_label, root)
    ]
    for column in columns:
        if column.kind not in KEY_KINDS or column.unique:
            continue
        values = _distinct(rows[column.header], column)
        # Of many models, one that the column names is looked at all the same.
        named = [model for model in own if _is_name_of(column.header, model)]
        for model in dict.fromkeys([*named, *own[:MOST_MODELS]]):
            if note := _note_on_parent(column, values, model):
                where = guides.FOREIGN_KEYS
                yield f'"{visible(column.header)}" {note}: {where}'
                break


def _note_on_parent(column: Column, values: pl.Series, model: type[Model]) -> str:
    is_named = _is_name_of(column.header, model)
    for field in model._meta.concrete_fields:
        if not field.unique or not suits_key(field, column):
            continue
        if not is_named and (field.primary_key or is_small(column) or len(values) < 2):
            continue
        label = f"{model._meta.label}.{field.name}"
        hits = count_stored(field, values) if len(values) else 0
        if hits and (is_named or hits == len(values)):
            return f"may point to {label}, {hits:,} of {len(values):,} values are there"
        if is_named and not field.primary_key:
            return f"may point to {label}, by name"
    return ""


def _is_name_of(header: str, model: type[Model]) -> bool:
    words = snake(header).split("_")
    names = {normal(model.__name__), normal(str(model._meta.verbose_name))}
    if words[-1] in SUFFIXES and len(words) > 1:
        words.pop()
    return normal("".join(words)) in names


def suits_key(field: AnyField, column: Column) -> bool:
    """Return whether the values of a column can be looked up in a unique field."""
    own = {"UUIDField": Kind.UUID, "GenericIPAddressField": Kind.IP}
    name = field.get_internal_type()
    kind = own.get(name) or KINDS.get(name)
    return kind is column.kind or (kind is Kind.TEXT and column.kind in TEXTS)


def _distinct(cells: pl.Series, column: Column) -> pl.Series:
    text = cells.alias("").cast(pl.String).str.strip_chars()
    values = text.filter(text != "").unique(maintain_order=True).head(LOOKED_UP)
    if column.kind is Kind.INTEGER:
        return values.cast(pl.Int64, strict=False).drop_nulls()
    return values
