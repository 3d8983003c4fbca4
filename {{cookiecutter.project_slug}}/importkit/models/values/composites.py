"""Step 3, transform: fields of PostgreSQL whose values have parts: arrays, ranges, maps.

In a checked frame such a value is the text with which Django serializes it, so that the
field's ``to_python`` reads it. A list, or a text in one of the ``notations``, becomes one.
"""

import datetime
import json
from collections.abc import Iterator, Mapping
from types import SimpleNamespace
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import CharField
from django.utils import timezone

from importkit.models.values.notations import array_items, map_pairs, range_parts
from importkit.problems import Code

RANGES = (
    "IntegerRangeField",
    "BigIntegerRangeField",
    "DecimalRangeField",
    "DateRangeField",
    "DateTimeRangeField",
)
NOUNS = {
    "ArrayField": "an array of the field's items",
    "HStoreField": "a map of texts",
    **dict.fromkeys(RANGES, "a range of the field's values"),
}
# Ranges of these have a next value: PostgreSQL stores [1,3] as [1,4).
STEPS: dict[str, Any] = {
    "IntegerRangeField": 1,
    "BigIntegerRangeField": 1,
    "DateRangeField": datetime.timedelta(days=1),
}
CODES: Mapping[str | None, Code] = {
    "max_length": Code.LENGTH,
    "min_length": Code.LENGTH,
    "max_value": Code.RANGE,
    "min_value": Code.RANGE,
    "max_digits": Code.RANGE,
    "max_decimal_places": Code.RANGE,
    "max_whole_digits": Code.RANGE,
    "invalid_choice": Code.CHOICE,
    "null": Code.EMPTY,
    "blank": Code.EMPTY,
}


def is_composite(field: Any) -> bool:
    """Return whether the values of a field have parts."""
    return field.get_internal_type() in NOUNS


def composite_text(field: Any, value: object) -> str | None:
    """Return the text of a value that an instance or a frame has; None stays None.

    Raises:
        ValueError: The field cannot read the value.
    """
    if value is None:
        return None
    try:
        return _serialized(field, _python_value(field, value))
    except (ValidationError, TypeError, AttributeError, ArithmeticError) as error:
        raise ValueError(str(error)) from error
    except RecursionError as error:
        raise ValueError("too many brackets") from error


def first_problem(field: Any, value: object) -> tuple[Code, str] | None:
    """Return what is wrong with a value of a field, as ``full_clean`` sees it."""
    try:
        for place, (name, stored, item) in enumerate(_leaves(field, value), 1):
            if (wrong := _wrong_item(stored, item)) is not None:
                code, text = wrong
                return code, f"{name or f'item {place}'}: {text}"
        field.clean(value, field.model())
    except ValidationError as error:
        return CODES.get(_code(error), Code.INVALID), " ".join(error.messages)
    return None


def _wrong_item(field: Any, value: object) -> tuple[Code, str] | None:
    if isinstance(value, str) and "\0" in value:
        return Code.NUL, "holds a NUL character"
    try:
        field.validate(value, None)
        if value is not None:
            field.run_validators(value)
    except ValidationError as error:
        code = CODES.get(_code(error), Code.INVALID)
        if code == Code.CHOICE:
            return code, "not one of the choices"
        return code, " ".join(error.messages)
    return None


def _code(error: ValidationError) -> str | None:
    code = error.error_list[0].code
    return str(code) if code else None


def _leaves(field: Any, value: Any) -> Iterator[tuple[str, Any, object]]:
    """Yield the parts of a value, those of inner arrays, too: name, field and value."""
    kind = field.get_internal_type()
    if kind == "HStoreField":
        texts = [text for pair in value.items() for text in pair]
        yield from (("", CharField(null=True, blank=True), text) for text in texts)
    elif kind in RANGES:
        ends = (("start", value.lower), ("end", value.upper))
        yield from ((n, field.base_field, end) for n, end in ends if end is not None)
    else:
        for item in value:
            if item is not None and is_composite(field.base_field):
                yield from _leaves(field.base_field, item)
            else:
                yield "", field.base_field, item


# Reading.


def _python_value(field: Any, value: Any) -> Any:
    kind = field.get_internal_type()
    if kind == "ArrayField":
        items = array_items(value) if isinstance(value, str) else list(value)
        return [_item(field.base_field, item) for item in items]
    if kind == "HStoreField":
        pairs = map_pairs(value) if isinstance(value, str) else dict(value)
        return {str(key): _map_value(known) for key, known in pairs.items()}
    return _range(field, value)


def _map_value(value: object) -> str | None:
    if isinstance(value, dict | list):
        raise ValueError("a map in a map")
    return None if value is None else str(value)


def _item(field: Any, value: Any) -> Any:
    """Return an item in the Python type of its field; raise where it would change."""
    if value is None:
        return None
    if is_composite(field):
        return _python_value(field, value)
    kind = field.get_internal_type()
    if isinstance(value, bool) != (kind == "BooleanField") and not isinstance(
        value, str
    ):
        raise ValueError("true and false are no other values")
    if isinstance(value, dict | list) and kind != "JSONField":
        raise ValueError("an array in the place of an item")
    read = field.to_python(value)
    if isinstance(value, float) and isinstance(read, int) and read != value:
        raise ValueError("a fraction in the place of a whole number")
    if (
        isinstance(read, datetime.datetime)
        and settings.USE_TZ
        and timezone.is_naive(read)
    ):
        return timezone.make_aware(read)
    return read


def _range(field: Any, value: Any) -> Any:
    """Return a range in the one form in which PostgreSQL stores it."""
    if isinstance(value, str):
        value = range_parts(value)
    elif isinstance(value, list | tuple):
        lower, upper = value
        value = {"lower": lower, "upper": upper}
    elif not isinstance(value, dict):
        value = (
            {"empty": True}
            if value.isempty
            else {"lower": value.lower, "upper": value.upper, "bounds": value.bounds}
        )
    if value.get("empty"):
        return field.range_type(empty=True)
    lower, upper = (_item(field.base_field, value.get(n)) for n in ("lower", "upper"))
    start, end = value.get("bounds") or "[)"
    if start not in "[(" or end not in "])":
        raise ValueError("no bounds")
    if None not in (lower, upper) and lower > upper:
        raise ValueError("the end is before the start")
    if step := STEPS.get(field.get_internal_type()):
        if lower is not None and start == "(":
            lower, start = lower + step, "["
        if upper is not None and end == "]":
            upper, end = upper + step, ")"
    start, end = "(" if lower is None else start, ")" if upper is None else end
    if None not in (lower, upper) and (
        lower > upper or (lower == upper and start + end != "[]")
    ):
        return field.range_type(empty=True)
    return field.range_type(lower, upper, start + end)


def _serialized(field: Any, value: Any) -> str:
    if field.get_internal_type() == "HStoreField":
        return json.dumps(value, ensure_ascii=False, sort_keys=True)
    return str(field.value_to_string(SimpleNamespace(**{field.attname: value})))
