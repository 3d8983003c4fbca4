"""Keys: which columns may tell rows apart, and which may point to rows of a model."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

import polars as pl
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from generators.columns import MANY, TEXTS, Column, Kind
from generators.fields import KINDS, AnyField
from generators.infer import KEY_KINDS, names_key, natural_key
from generators.names import is_inside, normal, snake
from generators.values import LOOKED_UP, count_stored, is_small
from importkit.errors import visible

# Words of columns that tell rows apart only together with another.
PARTS = "date day item line month period place pos position row store version year"
MOST_PAIRS = 6
MOST_MODELS = 50
SUFFIXES = ("id", "code", "key", "no", "nr", "number", "slug", "sku")


def likely_pairs(columns: Mapping[int, Column]) -> list[tuple[int, int]]:
    """Return the pairs of columns that may be a key, by their names and places.

    Evidence: no column alone is one; both are never empty, and one at least has the name
    of a key, the other that of a part of one, or a kind that is.

    Args:
        columns: The columns by their places.
    """
    if natural_key(tuple(columns.values())):
        return []
    places = [place for place, column in columns.items() if _may_be_part(column)]
    pairs = [
        pair
        for pair in combinations(places, 2)
        if any(names_key(columns[place].header) for place in pair)
    ]
    return pairs[:MOST_PAIRS]


def notes_on_keys(
    columns: Sequence[Column], repeats: Mapping[tuple[str, ...], int]
) -> Iterator[str]:
    """Offer sets of columns as the natural key, where none is found by name.

    Args:
        columns: The columns.
        repeats: For sets of headers, how many rows repeat an earlier one.
    """
    if natural_key(tuple(columns)) or not columns or columns[0].rows < MANY:
        return
    rows = f"{columns[0].rows:,} rows"
    for column in columns:
        if column.unique and not column.nullable and column.kind in KEY_KINDS:
            name = f'"{visible(column.header)}"'
            yield f"key? no two of {rows} share {name}; --natural-key makes it one"
            return
    for headers in repeats:
        if len(headers) > 1 and not repeats[headers]:
            names = " and ".join(f'"{visible(header)}"' for header in headers)
            yield f"key? no two of {rows} share {names}; --natural-key makes them one"
            return


def notes_on_parents(columns: Sequence[Column], rows: pl.DataFrame) -> Iterator[str]:
    """Offer foreign keys to the project's models: columns of values of their unique fields.

    Evidence: the name of the column is that of the model, and its table has some of the
    values or none at all; or the table has all values, of which some are looked up.

    Args:
        columns: The columns of a new model.
        rows: The sample's rows.
    """
    root = Path(settings.BASE_DIR)
    own = [
        model for model in apps.get_models() if is_inside(model._meta.app_label, root)
    ]
    for column in columns:
        if column.kind not in KEY_KINDS or column.unique:
            continue
        values = _distinct(rows[column.header], column)
        for model in own[:MOST_MODELS]:
            if note := _pointed_at(column, values, model):
                yield f'"{visible(column.header)}" {note}'
                break


def _pointed_at(column: Column, values: pl.Series, model: type[Model]) -> str:
    is_named = _names(column.header, model)
    for field in model._meta.concrete_fields:
        if not field.unique or not suits_key(field, column):
            continue
        if not is_named and (field.primary_key or is_small(column) or len(values) < 2):
            continue
        label = f"{model._meta.label}.{field.name}"
        hits = count_stored(field, values) if len(values) else 0
        if hits and (is_named or hits == len(values)):
            return f"may point to {label}: {hits:,} of {len(values):,} values are there"
        if is_named and not field.primary_key:
            return f"may point to {label}, by name"
    return ""


def _names(header: str, model: type[Model]) -> bool:
    words = snake(header).split("_")
    names = {normal(model.__name__), normal(str(model._meta.verbose_name))}
    if words[-1] in SUFFIXES and len(words) > 1:
        words.pop()
    return normal("".join(words)) in names


def suits_key(field: AnyField, column: Column) -> bool:
    """Say whether a unique field can be asked for the values of a column."""
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


def _may_be_part(column: Column) -> bool:
    """Say whether a column may tell rows apart together with another."""
    if column.nullable or not column.rows:
        return False
    words: Collection[str] = snake(column.header).split("_")
    is_part = not {*words}.isdisjoint(PARTS.split())
    is_day = column.kind in {Kind.DATE, Kind.DATETIME}
    named = names_key(column.header) and column.kind in KEY_KINDS
    return is_day or named or (is_part and column.kind in KEY_KINDS)
