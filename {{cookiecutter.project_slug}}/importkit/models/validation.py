"""Step 3, transform: what a field demands of its values, as ``full_clean`` does."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from operator import ge, le
from typing import Any

import polars as pl
from django.core import validators
from django.core.exceptions import ValidationError
from django.db.models import Model

from importkit.models.fields import (
    SPECIAL_TEXTS,
    AnyField,
    dtype_of,
    target,
)
from importkit.problems import Code

SHOWN_CHOICES = 5
# Where a field of another package or of a project says itself what is valid.
OWN_WORD = ("clean", "validate", "run_validators")
# What is surely valid, so that only the rest has to be looked at one by one.
SURELY: list[tuple[Callable[[Any], None], str]] = [
    (validators.validate_ipv46_address, ""),  # It has been read as one.
    (validators.validate_slug, r"^[-a-zA-Z0-9_]+$"),
    (
        validators.validate_email,
        r"^[a-zA-Z0-9_]{1,64}(\.[a-zA-Z0-9_]{1,20})?@"
        r"([a-z0-9][a-z0-9-]{0,30}[a-z0-9]\.){1,3}[a-z]{2,20}$",
    ),
    (
        validators.URLValidator(),
        r"^https?://([a-z0-9][a-z0-9-]{0,30}[a-z0-9]\.){1,3}[a-z]{2,20}"
        r"(/[a-zA-Z0-9/._~%=&?-]{0,900})?$",
    ),
]
# What a database that knows only the widest integers demands of all of them.
LIMITS_OF_ALL = (-(2**63), 2**63 - 1)

type Test = Callable[[pl.Series], pl.Series]
type Bound = tuple[str, Callable[[pl.Series, Any], pl.Series]]


def _length(values: pl.Series) -> pl.Series:
    return values.bin.size() if values.dtype == pl.Binary else values.str.len_chars()


LENGTHS: Mapping[type[Any], Bound] = {
    validators.MaxLengthValidator: (
        "longer than {:,} characters",
        lambda values, limit: _length(values) <= limit,
    ),
    validators.MinLengthValidator: (
        "shorter than {:,} characters",
        lambda values, limit: _length(values) >= limit,
    ),
}
VALUES: Mapping[type[Any], Bound] = {
    validators.MinValueValidator: ("is less than {}", ge),
    validators.MaxValueValidator: ("is more than {}", le),
}


@dataclass(frozen=True)
class Demand:
    """What values have to be.

    Attributes:
        code: Of the problem of a value that is not.
        reason: Why it is a problem.
        holds: Says for each value whether it is; null where there is none.
    """

    code: Code
    reason: str
    holds: Test


def may_be_empty(field: AnyField) -> bool:
    """Say whether a row may go without a value: neither table nor model mind."""
    return field.null and (field.blank or not field.editable)


def filled(field: AnyField) -> str:
    """Say of a row without a value that it needs one, and who says so."""
    return "must not be empty" + (" (blank=False)" if field.null else "")


def demands(field: AnyField) -> Iterator[Demand]:
    """Yield what a field demands of values of its type, where that has a vector form.

    Empty text is judged like nothing; see ``is_blank``.
    """
    if dtype_of(field) == pl.String:
        yield Demand(Code.NUL, "holds a NUL character", _without_nul)
    if (limit := _limit_of_column(field)) is not None:
        yield _bound(LENGTHS[validators.MaxLengthValidator], limit, Code.LENGTH)
    if field.choices and field.editable:
        yield Demand(Code.CHOICE, _choice_reason(field), lambda v: _among(field, v))
    for validator in field.validators:
        yield from _vector_form(field, validator) or ()


def messages(model: type[Model], field: AnyField, values: pl.Series) -> pl.Series:
    """Return what the validators without a vector form say, null where they say nothing.

    Each distinct value is looked at once.
    """
    check = _check_of(model, field)
    if check is None:
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(values))
    distinct = values.drop_nulls().unique()
    for sure in _sure_patterns(field):
        distinct = distinct.filter(~distinct.str.contains(sure))
    python = (_python_value(field, value) for value in distinct.to_list())
    said = pl.Series([_message(check, value) for value in python], dtype=pl.String)
    if not said.len() - said.null_count():
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(values))
    # One by one and back: not every type can be joined.
    return values.replace_strict(distinct, said, default=None, return_dtype=pl.String)


def is_blank(field: AnyField, values: pl.Series) -> pl.Series:
    """Say which values are text without a character, or empty JSON, and may not be."""
    if field.blank or not field.editable or values.dtype != pl.String:
        return pl.Series([False]).new_from_index(0, len(values))
    empty = ["", "[]", "{}", '""'] if _is_json(field) else [""]
    return values.is_in(empty).fill_null(value=False)


def _without_nul(values: pl.Series) -> pl.Series:
    return ~values.str.contains("\0", literal=True)


def _limit_of_column(field: AnyField) -> int | None:
    """Return how many characters a column takes; a text column takes any number."""
    is_limited = dtype_of(field) == pl.String and field is target(field)
    kind = field.get_internal_type()
    is_text = is_limited and kind not in (*SPECIAL_TEXTS, "TextField")
    return field.max_length if is_text else None


def _vector_form(field: AnyField, validator: Any) -> list[Demand] | None:
    """Return what one of Django's own validators demands; None of any other."""
    kind = type(validator)
    dtype = dtype_of(field)
    limit: Any = getattr(validator, "limit_value", None)
    limit = limit() if callable(limit) else limit
    if dtype is None:
        return None
    if kind is validators.DecimalValidator:
        return []  # Digits and decimals are looked at where text becomes a number.
    if kind in LENGTHS and dtype in (pl.String, pl.Binary):
        known = kind is validators.MaxLengthValidator and _limit_of_column(field)
        return [] if known == limit else [_bound(LENGTHS[kind], limit, Code.LENGTH)]
    if kind in VALUES and dtype.is_integer() and limit in LIMITS_OF_ALL:
        return []  # The type holds nothing beyond.
    if kind in VALUES and _compares(dtype, limit):
        return [_bound(VALUES[kind], limit, Code.RANGE)]
    return None


def _bound(words_and_test: Bound, limit: Any, code: Code) -> Demand:
    words, test = words_and_test
    return Demand(code, words.format(limit), lambda values: test(values, limit))


def _compares(dtype: pl.DataType, limit: Any) -> bool:
    """Say whether polars can compare values of a type with a limit."""
    try:
        compared: pl.Series = pl.Series([None], dtype=dtype) >= limit
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        return False
    return compared.dtype == pl.Boolean


def _slow_validators(field: AnyField) -> list[Any]:
    """Return the validators that look at values one by one."""
    return [v for v in field.validators if _vector_form(field, v) is None]


def _choice_reason(field: AnyField) -> str:
    keys = [key for key, _ in field.flatchoices if key not in field.empty_values]
    shown = ", ".join(repr(str(key)) for key in keys[:SHOWN_CHOICES])
    more = len(keys) - SHOWN_CHOICES
    return f"not one of {shown}" + (f" and {more:,} more" if more > 0 else "")


def _among(field: AnyField, values: pl.Series) -> pl.Series:
    """Say which values are choices; empty ones are judged elsewhere."""
    keys = [key for key, _ in field.flatchoices]
    distinct = values.drop_nulls().unique()
    python = (_python_value(field, value) for value in distinct.to_list())
    is_fine = [value in keys or value in field.empty_values for value in python]
    return values.is_in(distinct.filter(pl.Series(is_fine, dtype=pl.Boolean)).implode())


def _check_of(model: type[Model], field: AnyField) -> Callable[[Any], object] | None:
    """Return what raises if a value is not valid, unless vectors say it all."""
    if _has_own_word(field):
        blank_row = model()
        return lambda value: field.clean(value, blank_row)
    slow = _slow_validators(field)
    if not slow:
        return None

    def check(value: Any) -> None:
        if value in field.empty_values:
            return
        for validator in slow:
            validator(value)

    return check


def _has_own_word(field: AnyField) -> bool:
    methods = (getattr(type(field), name) for name in OWN_WORD)
    return any(not m.__module__.startswith("django.db.") for m in methods)


def _sure_patterns(field: AnyField) -> Iterator[str]:
    """Yield a pattern of what is valid, where the only validator is one of Django's."""
    slow = _slow_validators(field)
    if _has_own_word(field) or len(slow) != 1 or dtype_of(field) != pl.String:
        return
    for known, pattern in SURELY:
        if slow[0] == known and vars(slow[0]) == vars(known):
            yield pattern


def _python_value(field: AnyField, value: Any) -> Any:
    """Return what an instance holds for a value of a frame."""
    stored: Any = target(field)
    if _is_json(field):
        return json.loads(value, cls=stored.decoder)
    try:
        return stored.to_python(value)
    except ValidationError:  # To be told by whoever checks it.
        return value


def _is_json(field: AnyField) -> bool:
    return target(field).get_internal_type() == "JSONField"


def _message(check: Callable[[Any], object], value: Any) -> str | None:
    """Return why a value is not valid, in words that are the same for each."""
    try:
        check(value)
    except ValidationError as error:
        told = [_without_value(one) for one in error.error_list]
        return " ".join(dict.fromkeys(told))
    return None


def _without_value(error: ValidationError) -> str:
    """Return a message without the value, which is shown beside it."""
    text = str(error.message)
    if "value" not in (error.params or {}):
        return " ".join(error.messages)
    plain = re.sub(r"\W*%\(value\)[a-z]\W*", " ", text).strip()
    return plain % error.params if error.params else plain
