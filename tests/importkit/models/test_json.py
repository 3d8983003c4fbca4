"""JSON is read strictly: what would be lost, or is no JSON, does not fit."""

import pytest

from importkit.models.fields import strict_json


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ('"5"', "5"),
        ("true", True),
        ("null", None),
        ('{"a": [1.5, {"b": null}]}', {"a": [1.5, {"b": None}]}),
    ],
)
def test_a_scalar_keeps_its_type(text: str, value: object) -> None:
    assert strict_json(text) == value


@pytest.mark.parametrize(
    "text",
    [
        *("plain", "['x']", "[1,]", '{"k": 1', "NaN", "[Infinity]", "", "{k: 1}"),
        *('{"a": 1, "a": 2}', "0.1234567890123456789", "1e400"),
    ],
)
def test_what_is_not_json_or_would_lose_something_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        strict_json(text)
