"""Characters that no one sees, and the normal forms of Unicode."""

from typing import Literal
from unicodedata import normalize

import polars as pl
import pytest

from importkit.errors import SourceError
from tests.importkit.rules import rules

type Form = Literal["NFC", "NFD"]

JOINED = "می\u200cخواهم"  # A joiner is part of the spelling of Persian.


@pytest.mark.parametrize(
    "mark", list("\ufeff\u200b\u200e\u200f\u202a\u202c\u2060\u2066\u2069\u00ad\u061c")
)
def test_invisible_characters_are_left_out_of_keys_and_of_what_is_read(
    mark: str,
) -> None:
    cls = rules(
        {"key": pl.String, "n": pl.Int64, "day": pl.Date, "text": pl.String},
        unique_subsets=(("key",),),
    )

    clean = cls(
        {
            "key": [f"A{mark}1", f"{mark} B"],
            "n": [f"{mark}1{mark}2", f"3{mark}"],
            "day": [f"2026-01-0{mark}1", f"2026-01-02 {mark}"],
            "text": [f"{mark} a{mark}b {mark}", mark],
        }
    )

    assert clean.df["key"].to_list() == ["A1", "B"]
    assert clean.df["n"].to_list() == [12, 3]
    assert clean.df["day"].cast(pl.String).to_list() == ["2026-01-01", "2026-01-02"]
    assert clean.df["text"].to_list() == [f"a{mark}b", None]


def test_a_joiner_inside_of_a_word_or_a_picture_stays_in_a_key() -> None:
    family = "\U0001f468\u200d\U0001f469"
    cls = rules({"key": pl.String}, unique_subsets=(("key",),))

    clean = cls({"key": [JOINED, family, "A\u200d1", "\u200cB"]})

    assert clean.df["key"].to_list() == [JOINED, family, "A1", "B"]


def test_verbatim_columns_keep_invisible_characters() -> None:
    cls = rules({"text": pl.String}, verbatim_cols=("text",))

    assert cls({"text": ["\u200fa"]}).df["text"].to_list() == ["\u200fa"]


@pytest.mark.parametrize(("form", "left"), [("NFC", 1), (None, 2)])
def test_keys_are_compared_in_one_normal_form(form: str | None, left: int) -> None:
    cls = rules({"key": pl.String}, unique_subsets=(("key",),), normal_form=form)

    clean = cls({"key": ["Größe", normalize("NFD", "Größe")]})

    assert clean.df.height == left


@pytest.mark.parametrize("ours", ["NFC", "NFD"])
@pytest.mark.parametrize("theirs", ["NFC", "NFD"])
def test_headers_match_in_any_normal_form(ours: Form, theirs: Form) -> None:
    name = "Ångström é"
    cls = rules({"size": pl.Int64}, rename_map={normalize(ours, name): "size"})

    clean = cls({normalize(theirs, f"\ufeff{name}"): ["1"]})

    assert clean.df["size"].to_list() == [1]


def test_two_headers_that_look_alike_are_told_without_showing_one_twice() -> None:
    cls = rules({"size": pl.Int64}, rename_map={"Größe": "size"})
    alike = normalize("NFD", "Größe")

    with pytest.raises(SourceError) as error:
        cls({alike: ["1"], "Größe\u200b": ["2"]})

    assert "did you mean" not in str(error.value)
    assert "looks the same" in str(error.value)
