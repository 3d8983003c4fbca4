"""Step 3, transform: the frames, and the cells, that do not fit a model.

A frame is refused as a whole, before anything is written, if its columns are not fields of
the model in types that these take. Its cells are refused one by one: by the types of the
columns, by the fields (``field_checks``) and by the constraints (``constraints``).
"""

from collections.abc import Collection, Iterator, Mapping

import polars as pl
from django.db import connections, router
from django.db.models import Model
from django.utils import timezone

from importkit import problems
from importkit.cleaning import expected
from importkit.errors import ConfigurationError
from importkit.models.checks.constraints import broken_constraints
from importkit.models.checks.field_checks import (
    empty_reason,
    is_blank,
    may_be_empty,
    validator_messages,
    vector_checks,
)
from importkit.models.checks.unknown_columns import names_meant
from importkit.models.fields import (
    AnyField,
    dtype_of,
    field_of,
    needs_value,
    sets_itself,
    value_field,
    writable_fields,
)
from importkit.models.values import composites
from importkit.models.values.composites import first_problem, is_composite
from importkit.models.values.fitting import (
    beside,
    fit_values,
    is_empty_cell,
    without_json_null,
)
from importkit.source import LINE

TEXT = (pl.String, pl.Categorical, pl.Enum)
NOUNS = {
    "UUIDField": "a UUID",
    "GenericIPAddressField": "an IP address",
    "JSONField": "JSON",
    **composites.NOUNS,
}
# The types of a frame that fields take beside text.
OTHER_TYPES: Mapping[str, tuple[type[pl.DataType], ...]] = {
    "UUIDField": (pl.Object,),
    "ArrayField": (pl.List, pl.Array, pl.Object),
    "HStoreField": (pl.Struct, pl.Object),
    **dict.fromkeys(composites.RANGES, (pl.Object,)),
}


def check_columns(
    model: type[Model],
    schema: Mapping[str, pl.DataType],
    *,
    complete: bool = True,
) -> None:
    """Raise if the columns of a frame are not the fields of a model.

    Args:
        model: The model.
        schema: The names and types of the frame's columns.
        complete: Whether every field that needs a value must have a column.

    Raises:
        ConfigurationError: Columns are unknown, are missing, or have a type that their
            field does not take. The message names all of them.
    """
    fields = {field.attname: field for field in writable_fields(model)}
    computed = {f.name for f in model._meta.concrete_fields if f.generated}
    wrong = [
        f'"{name}" is computed by the database, so it cannot have a column'
        if name in computed
        else _complaint(model, name, dtype, fields)
        for name, dtype in schema.items()
        if name != LINE
    ]
    missing = [
        f'"{name}" needs a value but has no column'
        for name, field in fields.items()
        if complete and name not in schema and needs_value(field)
    ]
    if found := [text for text in wrong if text] + missing:
        raise ConfigurationError(
            f"The frame for {model._meta.label} does not fit: {'; '.join(found)}. "
            "Rename columns in get_rename_map; drop, cast or add them in get_bulks_by_model."
        )


def fit(
    model: type[Model], df: pl.DataFrame, resolved: Collection[str] = ()
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Convert a frame to the types of a model's fields, and check its values.

    Args:
        model: The model.
        df: A frame that ``check_columns`` accepts, with ``_line``. Where a column has one
            with values for its empty cells beside it, these are filled, unchecked.
        resolved: Foreign keys that were looked up: the look-up has reported their nulls.

    Returns:
        The columns of fields, with null where a value does not fit, and the problems, of
        ``problems.SCHEMA``.
    """
    fields = [f for f in writable_fields(model) if f.attname in df.columns]
    df = df.with_columns(without_json_null(f, df[f.attname]) for f in fields)
    fitted = pl.DataFrame([fit_values(field, df[field.attname]) for field in fields])
    filled = {
        name: is_empty_cell(field_of(model, name), df[name])
        & df[beside(name)].is_not_null()
        for name in fitted.columns
        if beside(name) in df.columns
    }
    found = [
        _without(wrong, df[LINE], filled.get(field.attname))
        for field in fields
        if field.attname not in resolved
        for wrong in _problems(
            model, field, df[field.attname], fitted[field.attname], df[LINE]
        )
    ]
    fitted = fitted.with_columns(
        df[beside(name)].zip_with(cells, fitted[name]).alias(name)
        for name, cells in filled.items()
    )
    found += broken_constraints(model, fitted, df[LINE])
    return fitted, pl.concat([pl.DataFrame(schema=problems.SCHEMA), *found])


def _without(
    wrong: pl.DataFrame, lines: pl.Series, filled: pl.Series | None
) -> pl.DataFrame:
    """Return the problems of a column, except those of cells that are filled."""
    if filled is None or wrong.is_empty():
        return wrong
    return wrong.filter(~pl.col("line").is_in(lines.filter(filled).implode()))


def _complaint(
    model: type[Model], name: str, dtype: pl.DataType, fields: dict[str, AnyField]
) -> str:
    field = fields.get(name)
    if field is None:
        return f'"{name}" is not a field{names_meant(model, name, dtype, _takes_type)}'
    if sets_itself(field):
        return f'"{name}" takes the time at which a row is written, so it cannot have a column'
    wanted = dtype_of(field)
    if wanted is None or _takes_type(field, dtype):
        return ""
    return f'"{name}" is {dtype}, but its field takes {_takes(field, wanted)}'


def _takes_type(field: AnyField, dtype: pl.DataType) -> bool:
    wanted = dtype_of(field)
    return dtype == pl.Null or wanted is None or _accepts(field, wanted, dtype)


def _accepts(field: AnyField, wanted: pl.DataType, dtype: pl.DataType) -> bool:
    """Return whether a field takes values of a type."""
    kind = value_field(field).get_internal_type()
    if kind == "JSONField":
        return True
    if isinstance(wanted, pl.String):
        return isinstance(dtype, (*TEXT, *OTHER_TYPES.get(kind, ())))
    if wanted.is_decimal():
        return dtype.is_decimal() or dtype.is_integer()
    if wanted.is_float():
        return dtype.is_numeric()
    if wanted.is_integer():
        return dtype.is_integer()
    return dtype.base_type() == wanted.base_type()


def _takes(field: AnyField, wanted: pl.DataType) -> str:
    if is_composite(value_field(field)):
        return f"text or {NOUNS[value_field(field).get_internal_type()]}"
    return "whole numbers" if wanted.is_integer() else str(wanted)


def _problems(
    model: type[Model],
    field: AnyField,
    given: pl.Series,
    fitted: pl.Series,
    lines: pl.Series,
) -> Iterator[pl.DataFrame]:
    """Yield the problems of one column."""
    values = (_in_words(given) if given.dtype.is_nested() else given).to_frame()
    if fitted.null_count() > given.null_count():
        lost = fitted.is_null() & given.is_not_null()
        yield problems.of_rows(
            values,
            lines,
            lost,
            problems.Code.UNREADABLE,
            _unreadable_reason(field, given.dtype),
        )
    if not may_be_empty(field) and given.null_count():
        yield problems.of_rows(
            values, lines, given.is_null(), problems.Code.EMPTY, empty_reason(field)
        )
    blank = is_blank(field, fitted)
    if blank.any():
        yield problems.of_rows(
            values, lines, blank, problems.Code.EMPTY, empty_reason(field)
        )
    vendor = connections[router.db_for_write(model)].vendor
    for check in vector_checks(field, vendor):
        right = check.holds(fitted)
        if not right.all():  # Nulls are ignored.
            wrong = (fitted.is_not_null() & ~right & ~blank).fill_null(value=False)
            yield problems.of_rows(values, lines, wrong, check.code, check.reason)
    if is_composite(value_field(field)):
        yield from problems_of_parts(value_field(field), values, fitted, lines)
        return
    texts = validator_messages(model, field, fitted)
    if texts.null_count() < texts.len():
        wrong = texts.is_not_null()
        yield problems.of_rows(
            values, lines, wrong, problems.Code.INVALID, texts.filter(wrong)
        )


def _in_words(values: pl.Series) -> pl.Series:
    texts = [None if value is None else str(value) for value in values.to_list()]
    return pl.Series(values.name, texts, pl.String)


def problems_of_parts(
    field: AnyField, values: pl.DataFrame, fitted: pl.Series, lines: pl.Series
) -> Iterator[pl.DataFrame]:
    """Yield the problems of arrays, ranges and maps; each distinct value is checked once.

    Args:
        field: The field.
        values: The values, as a problem shows them.
        fitted: Their texts, as ``composite_text`` writes them.
        lines: The line of each row.
    """
    found = {
        text: first_problem(field, field.to_python(text))
        for text in fitted.drop_nulls().unique()
    }
    wrong = [found[text] if text is not None else None for text in fitted]
    for code in dict.fromkeys(each[0] for each in wrong if each):
        rows = pl.Series([each is not None and each[0] == code for each in wrong])
        reasons = pl.Series([each[1] for each in wrong if each and each[0] == code])
        yield problems.of_rows(values, lines, rows, code, reasons)


def _unreadable_reason(field: AnyField, given: pl.DataType) -> str:
    wanted = dtype_of(field)
    if noun := NOUNS.get(value_field(field).get_internal_type()):
        return f"not {noun}"
    if (
        isinstance(wanted, pl.Datetime)
        and isinstance(given, pl.Datetime)
        and (given.time_zone is None) != (wanted.time_zone is None)
    ):
        return problems.Reason.NOT_ONCE.of(timezone.get_current_timezone_name())
    return f"not {expected(wanted)}" if wanted else "not a value of the field"
