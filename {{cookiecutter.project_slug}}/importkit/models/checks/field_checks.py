"""Step 3, transform: the values that a field refuses, as ``full_clean`` refuses them.

A field refuses values by its length, its choices and its validators. Checks that have a
vector form look at a whole column; the other validators look at each distinct value once.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import ge, le, or_
from typing import Any

import polars as pl
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.hashers import (
    UNUSABLE_PASSWORD_PREFIX,
    get_hashers_by_algorithm,
)
from django.core import validators
from django.core.exceptions import ValidationError
from django.db.models import FileField, Model
from django.utils.choices import CallableChoiceIterator

from importkit.models.fields import SPECIAL_TEXTS, AnyField, dtype_of, value_field
from importkit.models.values.composites import is_composite
from importkit.problems import Code, Reason

SHOWN_CHOICES = 5  # The choices that a reason lists; the rest are counted.
# The methods with which a field of another package, or of a project, may decide what is
# valid.
VALIDATING_METHODS = ("clean", "validate", "run_validators")
# For some validators of Django a pattern that only valid texts match, so that the
# validator need look only at the texts that do not match.
VALID_PATTERNS: list[tuple[Callable[[Any], None], str]] = [
    (validators.validate_ipv46_address, ""),  # The text was read as an address before.
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
EXACT_DIGITS = 15  # SQLite stores decimals as floats, which keep so many digits.
# The limits that Django demands of every integer field on a database, such as SQLite,
# that stores all integers in 64 bits.
LIMITS_OF_ALL = (-(2**63), 2**63 - 1)

# Names of files that lead out of a folder: absolute ones, of Windows too, and those that go up.
OUTSIDE = r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)"

type Test = Callable[[pl.Series], pl.Series]
type Bound = tuple[Reason, Callable[[pl.Series, Any], pl.Series]]


def _length(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Binary:
        return values.bin.size()
    return values.cast(pl.String).str.len_chars()


def _is_within(values: pl.Series, limit: Any) -> pl.Series:
    """Return which values are not longer than a limit; most need no count of characters."""
    if values.dtype == pl.String:
        in_bytes: pl.Series = values.str.len_bytes() <= limit
        if in_bytes.all():  # Nulls are ignored.
            return in_bytes
    in_characters: pl.Series = _length(values) <= limit
    return in_characters


LENGTHS: Mapping[type[Any], Bound] = {
    validators.MaxLengthValidator: (
        Reason.LONGER,
        _is_within,
    ),
    validators.MinLengthValidator: (
        Reason.SHORTER,
        lambda values, limit: _length(values) >= limit,
    ),
}
VALUES: Mapping[type[Any], Bound] = {
    validators.MinValueValidator: (Reason.LESS, ge),
    validators.MaxValueValidator: (Reason.MORE, le),
}


@dataclass(frozen=True)
class VectorCheck:
    """A check of all values of a column at once.

    Attributes:
        code: The code of the problem when a value fails.
        reason: The reason of that problem.
        holds: Returns for each value whether it passes; null where there is no value.
    """

    code: Code
    reason: str
    holds: Test


def may_be_empty(field: AnyField) -> bool:
    """Return whether a row needs no value: neither the table nor the model demands one."""
    return field.null and (field.blank or not field.editable)


def empty_reason(field: AnyField) -> str:
    """Return why a row without a value is a problem: the table or ``blank=False``."""
    return "must not be empty" + (" (blank=False)" if field.null else "")


def vector_checks(field: AnyField, vendor: str) -> Iterator[VectorCheck]:
    """Yield the checks of a field that have a vector form.

    Empty text is left to ``is_blank``.

    Args:
        field: The field.
        vendor: The database, as Django names it.
    """
    yield from _checks_of_any_row(field, vendor)
    if is_password(field):
        yield VectorCheck(Code.UNREADABLE, Reason.NOT_HASHED.text, are_hashed)
    if field.choices and field.editable:
        yield VectorCheck(
            Code.CHOICE, _choice_reason(field), lambda v: _among(field, v)
        )
    if isinstance(field, FileField):
        yield VectorCheck(
            Code.INVALID, "names a file outside of the storage", _inside_storage
        )
    for validator in field.validators:
        yield from _vector_form(field, validator) or ()


def _checks_of_any_row(field: AnyField, vendor: str) -> Iterator[VectorCheck]:
    if vendor == "sqlite" and _may_be_inexact(dtype_of(field)):
        yield VectorCheck(Code.RANGE, Reason.INEXACT.of(EXACT_DIGITS), _is_exact)
    if dtype_of(field) == pl.String:
        holds = _without_escaped_nul if _is_json(field) else _without_nul
        yield VectorCheck(Code.NUL, "holds a NUL character", holds)
    if (limit := _limit_of_column(field)) is not None:
        yield _bound(LENGTHS[validators.MaxLengthValidator], limit, Code.LENGTH)


def table_checks(field: AnyField, vendor: str) -> Iterator[VectorCheck]:
    """Yield the checks that tables make themselves, on one database or another.

    No table looks at passwords, but whoever has one that is not hashed cannot log in.

    Args:
        field: The field.
        vendor: The database, as Django names it.
    """
    yield from _checks_of_any_row(field, vendor)
    if is_password(field):
        yield VectorCheck(
            Code.UNREADABLE, Reason.NOT_HASHED.text, lambda v: are_hashed(v) | (v == "")
        )
    dtype = dtype_of(field)
    is_number = dtype is not None and dtype.is_integer() and field is value_field(field)
    if is_number and field.get_internal_type().startswith("Positive"):
        yield _bound(VALUES[validators.MinValueValidator], 0, Code.RANGE)


def runs_code_of_project(field: AnyField) -> bool:
    """Return whether the checks of a field run code that is not Django's.

    Such code may query the database, so that it has to run where Django would run it.
    """
    choices: Any = field.choices
    return (
        _validates_itself(field)
        or isinstance(choices, CallableChoiceIterator)
        or any(
            callable(getattr(validator, "limit_value", None))
            or not getattr(validator, "__module__", "").startswith("django.")
            for validator in field.validators
        )
    )


def validator_messages(
    model: type[Model], field: AnyField, values: pl.Series
) -> pl.Series:
    """Return the messages of the validators without a vector form, null for valid values.

    Each distinct value is checked once.
    """
    check = _check_of(model, field)
    if check is None:
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(values))
    distinct = values.drop_nulls().unique()
    for pattern in _valid_patterns(field):
        distinct = distinct.filter(~distinct.str.contains(pattern))
    python = (_python_value(field, value) for value in distinct.to_list())
    texts = pl.Series([_message(check, value) for value in python], dtype=pl.String)
    if texts.null_count() == texts.len():
        return pl.Series([None], dtype=pl.String).new_from_index(0, len(values))
    # Replaced, not joined: polars cannot join on values of every type.
    return values.replace_strict(distinct, texts, default=None, return_dtype=pl.String)


def is_password(field: AnyField) -> bool:
    """Return whether a field holds the hashes of passwords with which users log in."""
    return field.name == "password" and issubclass(field.model, AbstractBaseUser)


def are_hashed(values: pl.Series) -> pl.Series:
    """Return which values are hashes of a known algorithm, or say that none may log in."""
    known = [f"{name}$" for name in get_hashers_by_algorithm()]
    starts = [
        values.str.starts_with(start) for start in (*known, UNUSABLE_PASSWORD_PREFIX)
    ]
    return reduce(or_, starts)


def is_blank(field: AnyField, values: pl.Series) -> pl.Series:
    """Return which values are empty text, or empty JSON, that the field does not allow."""
    if field.blank or not field.editable or values.dtype != pl.String:
        return pl.Series([False]).new_from_index(0, len(values))
    if _is_json(field) or is_composite(field):
        return values.is_in(["", "[]", "{}", '""']).fill_null(value=False)
    return (values == "").fill_null(value=False)


def significant_digits(numbers: pl.Series) -> pl.Series:
    """Count the digits of decimals, without zeros at their ends: three in 0.01250."""
    digits = numbers.cast(pl.String).str.replace_all("[^0-9]", "")
    return digits.str.strip_chars("0").str.len_chars()


def _may_be_inexact(dtype: pl.DataType | None) -> bool:
    return (getattr(dtype, "precision", None) or 0) > EXACT_DIGITS


def _is_exact(values: pl.Series) -> pl.Series:
    """Return which decimals SQLite keeps as they are; look closer at large ones only."""
    scale = getattr(values.dtype, "scale", 0)
    limit = pl.Series([10**EXACT_DIGITS]).cast(pl.Int128)
    digits = values.cast(pl.Decimal(38, scale)).to_physical().abs()
    is_exact: pl.Series = digits < limit[0]
    if not is_exact.all():
        is_exact |= significant_digits(values) <= EXACT_DIGITS
    return is_exact


def _inside_storage(values: pl.Series) -> pl.Series:
    """Return which names of files a storage would make itself: relative, without ``..``."""
    if values.dtype != pl.String:
        return pl.Series([True]).new_from_index(0, len(values))
    return ~values.str.contains(OUTSIDE)


def _without_nul(values: pl.Series) -> pl.Series:
    return ~values.str.contains("\0", literal=True)


def _without_escaped_nul(texts: pl.Series) -> pl.Series:
    """Return which texts of JSON hold no NUL; a backslash may be escaped itself."""
    return ~texts.str.contains(r"(^|[^\\])(\\\\)*\\u0000")


def _limit_of_column(field: AnyField) -> int | None:
    """Return the most characters that the column takes; None if there is no limit."""
    kind = field.get_internal_type()
    is_limited = dtype_of(field) == pl.String and kind not in (
        *SPECIAL_TEXTS,
        "TextField",
    )
    is_own = field is value_field(field)
    is_limited |= isinstance(field, FileField)  # Its text is the name of a file.
    return field.max_length if is_limited and is_own else None


def _vector_form(field: AnyField, validator: Any) -> list[VectorCheck] | None:
    """Return the checks that replace a validator of Django; None if there are none."""
    kind = type(validator)
    dtype = dtype_of(field)
    limit: Any = getattr(validator, "limit_value", None)
    limit = limit() if callable(limit) else limit
    if dtype is None:
        return None
    if kind is validators.DecimalValidator:
        return []  # Digits and decimals are checked where text becomes a number.
    if kind in LENGTHS and dtype in (pl.String, pl.Binary):
        known = kind is validators.MaxLengthValidator and _limit_of_column(field)
        return [] if known == limit else [_bound(LENGTHS[kind], limit, Code.LENGTH)]
    if kind in VALUES and dtype.is_integer() and limit in LIMITS_OF_ALL:
        return []  # The type holds no value beyond the limit.
    if kind in VALUES and _compares(dtype, limit):
        return [_bound(VALUES[kind], limit, Code.RANGE)]
    return None


def _bound(words_and_test: Bound, limit: Any, code: Code) -> VectorCheck:
    reason, test = words_and_test
    text = reason.of(f"{limit:,}" if code is Code.LENGTH else limit)
    return VectorCheck(code, text, lambda values: test(values, limit))


def _compares(dtype: pl.DataType, limit: Any) -> bool:
    """Return whether polars can compare values of a type with a limit."""
    try:
        compared: pl.Series = pl.Series([None], dtype=dtype) >= limit
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError):
        return False
    return compared.dtype == pl.Boolean


def _slow_validators(field: AnyField) -> list[Any]:
    """Return the validators that have no vector form."""
    return [v for v in field.validators if _vector_form(field, v) is None]


def _choice_reason(field: AnyField) -> str:
    keys = [key for key, _ in field.flatchoices if key not in field.empty_values]
    shown = ", ".join(repr(str(key)) for key in keys[:SHOWN_CHOICES])
    more = len(keys) - SHOWN_CHOICES
    listed = shown + (f" and {more:,} more" if more > 0 else "")
    return Reason.NO_CHOICE.of(listed)


def _among(field: AnyField, values: pl.Series) -> pl.Series:
    """Return which values are choices; empty values are left to ``is_blank``."""
    keys = [key for key, _ in field.flatchoices]
    distinct = values.drop_nulls().unique()
    python = (_python_value(field, value) for value in distinct.to_list())
    is_fine = [value in keys or value in field.empty_values for value in python]
    return values.is_in(distinct.filter(pl.Series(is_fine, dtype=pl.Boolean)).implode())


def _check_of(model: type[Model], field: AnyField) -> Callable[[Any], object] | None:
    """Return a function that raises for a value that is not valid; None if not needed."""
    if _validates_itself(field):
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


def _validates_itself(field: AnyField) -> bool:
    methods = (getattr(type(field), name) for name in VALIDATING_METHODS)
    return any(not m.__module__.startswith("django.db.") for m in methods)


def _valid_patterns(field: AnyField) -> Iterator[str]:
    """Yield the pattern of valid texts, if the only slow validator is one of Django's."""
    slow = _slow_validators(field)
    if _validates_itself(field) or len(slow) != 1 or dtype_of(field) != pl.String:
        return
    for known, pattern in VALID_PATTERNS:
        if slow[0] == known and vars(slow[0]) == vars(known):
            yield pattern


def _python_value(field: AnyField, value: Any) -> Any:
    """Return the value that an instance holds for a value of a frame."""
    stored: Any = value_field(field)
    if _is_json(field):
        return json.loads(value, cls=stored.decoder)
    try:
        return stored.to_python(value)
    except ValidationError:  # The check reports it.
        return value


def _is_json(field: AnyField) -> bool:
    return value_field(field).get_internal_type() == "JSONField"


def _message(check: Callable[[Any], object], value: Any) -> str | None:
    """Return why a value is not valid, without the value; None if it is valid."""
    try:
        check(value)
    except ValidationError as error:
        texts = [_without_value(one) for one in error.error_list]
        return " ".join(dict.fromkeys(texts))
    return None


def _without_value(error: ValidationError) -> str:
    """Return a message without the value: the report shows the value beside the message."""
    text = str(error.message)
    if "value" not in (error.params or {}):
        return " ".join(error.messages)
    plain = re.sub(r"\W*%\(value\)[a-z]\W*", " ", text).strip()
    return plain % error.params if error.params else plain
