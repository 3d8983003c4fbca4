"""Step 3, transform: the rows of a frame as instances of a model."""

from collections.abc import Iterable, Iterator

import polars as pl
from django.db.models import NOT_PROVIDED, AutoField, Field, Model

from importkit.errors import CleaningError, ConfigurationError, did_you_mean

type Bulk = Iterable[Model] | pl.DataFrame
type AnyField = Field[object, object]


def instances(model: type[Model], bulk: Bulk) -> Iterable[Model]:
    """Return the instances of a bulk, made one by one if it is a frame.

    Raises:
        ConfigurationError: The frame's columns are not fields of the model, or a field
            that needs a value has no column; names them all.
        CleaningError: A column has nulls that its field does not take.
    """
    if not isinstance(bulk, pl.DataFrame):
        return bulk
    _check_columns(model, bulk)
    _check_nulls(model, bulk)
    return _from_rows(model, bulk)


def _from_rows(model: type[Model], df: pl.DataFrame) -> Iterator[Model]:
    for row in df.iter_rows(named=True):
        yield model(**row)


def _check_columns(model: type[Model], df: pl.DataFrame) -> None:
    fields = {field.attname: field for field in _writable_fields(model)}
    unknown = [
        f'"{name}" is not a field{did_you_mean(name, fields)}'
        for name in df.columns
        if name not in fields
    ]
    missing = [
        f'"{name}" needs a value but has no column'
        for name, field in fields.items()
        if name not in df.columns and _needs_value(field)
    ]
    if unknown or missing:
        raise ConfigurationError(
            f"The frame for {model._meta.label} does not fit: "
            f"{'; '.join(unknown + missing)}. Rename, drop or add columns in "
            "get_bulks_by_model."
        )


def _check_nulls(model: type[Model], df: pl.DataFrame) -> None:
    required = [field.attname for field in _writable_fields(model) if not field.null]
    nulls = df.select(name for name in df.columns if name in required).null_count()
    wrong = [f'"{name}" has {n:,}' for name, n in nulls.row(0, named=True).items() if n]
    if wrong:
        raise CleaningError(
            f"{model._meta.label} takes no null where the frame has some: "
            f"{', '.join(wrong)}. Require the column in get_no_null_cols, fill it in "
            "get_fill_null_map, or give the field null=True."
        )


def _writable_fields(model: type[Model]) -> list[AnyField]:
    fields: list[AnyField] = list(model._meta.concrete_fields)
    return [field for field in fields if not field.generated]


def _needs_value(field: AnyField) -> bool:
    has_default = field.has_default() or field.db_default is not NOT_PROVIDED
    filled_by_django = isinstance(field, AutoField) or _sets_itself(field)
    may_be_empty = field.blank and field.empty_strings_allowed
    return not (field.null or has_default or filled_by_django or may_be_empty)


def _sets_itself(field: AnyField) -> bool:
    return bool(
        getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)
    )
