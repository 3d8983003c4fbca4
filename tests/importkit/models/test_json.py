"""JSON is read strictly: what would be lost, or is no JSON, does not fit."""

import polars as pl
import pytest

from importkit.models.checks.frame_checks import fit
from importkit.models.values.fitting import strict_json
from tests.importkit.shop.imports import Import, run
from tests.importkit.shop.models import Demanding, Everything


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


@pytest.mark.django_db
def test_a_cell_is_the_json_that_it_holds() -> None:
    texts = ["5", "true", " null ", '"x"', '{"a": [1]}', None]
    df = pl.DataFrame({"code": list("abcdef"), "data": texts})
    command = Import({Everything: df}, {Everything: ("code",)})

    run(command)
    again = run(command)

    stored = Everything.objects.order_by("code").values_list("data", flat=True)
    assert list(stored) == [5, True, None, "x", {"a": [1]}, None]
    assert "6 unchanged" in again


def test_null_is_no_value_for_a_field_that_needs_one() -> None:
    _, found = fit(Demanding, pl.DataFrame({"data": ["null"], "_line": [2]}))

    assert found.select("code", "reason").rows() == [("empty", "must not be empty")]
