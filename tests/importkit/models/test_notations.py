"""Arrays, ranges and maps are read in the notation of PostgreSQL and in JSON."""

from typing import Any

import pytest

from importkit.models.values.notations import array_items, map_pairs, range_parts


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("{}", []),
        ("{a,b}", ["a", "b"]),
        (' { a b , "c, d" } ', ["a b", "c, d"]),
        (r'{"a \"q\" \\",NULL,"NULL",null}', ['a "q" \\', None, "NULL", None]),
        ("{{1,2},{3,4}}", [["1", "2"], ["3", "4"]]),
        ('["a", null, 1]', ["a", None, 1]),
        ("[1.50]", ["1.50"]),
    ],
)
def test_an_array_is_read(text: str, items: list[object]) -> None:
    assert array_items(text) == items


@pytest.mark.parametrize(
    "text",
    [
        *("", "a", "a,b", "{", "}", "{a", "{a}}", "{a},b", "{a,}", "{,a}", "{a{b}}"),
        *('{"a}', "{a b\\", "[1", '{"a": 1}', "[0:1]={1,2}"),
    ],
)
def test_another_text_is_no_array(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        array_items(text)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[1,10)", {"lower": "1", "upper": "10", "bounds": "[)"}),
        ("( 1.5 , ]", {"lower": "1.5", "upper": None, "bounds": "(]"}),
        (
            '["2024-01-01 10:00+00",)',
            {"lower": "2024-01-01 10:00+00", "upper": None, "bounds": "[)"},
        ),
        (" Empty", {"empty": True}),
        ('{"lower": 1, "upper": 2.50}', {"lower": 1, "upper": "2.50"}),
    ],
)
def test_a_range_is_read(text: str, parts: dict[str, Any]) -> None:
    assert range_parts(text) == parts


@pytest.mark.parametrize("text", ["", "1-10", "[1]", "[1,2,3]", "{1,2}", "[1,2", "x"])
def test_another_text_is_no_range(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        range_parts(text)


@pytest.mark.parametrize(
    ("text", "pairs"),
    [
        ("", {}),
        ("a=>1", {"a": "1"}),
        (r'"a b"=>"x, \"y\"", c => NULL', {"a b": 'x, "y"', "c": None}),
        ('{"a": null}', {"a": None}),
    ],
)
def test_a_map_is_read(text: str, pairs: dict[str, Any]) -> None:
    assert map_pairs(text) == pairs


@pytest.mark.parametrize("text", ["a", "a=>", "a=>1 b=>2", "a=>1, a=>2", "[1]"])
def test_another_text_is_no_map(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        map_pairs(text)
