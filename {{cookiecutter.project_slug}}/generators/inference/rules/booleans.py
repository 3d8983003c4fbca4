"""Rules for booleans: yes and no in several languages, 1 and 0."""

from dataclasses import replace
from itertools import chain

import polars as pl

from generators.inference.column import Column, Kind
from generators.naming import snake

# Words for true and false: first those that an import reads without a parser.
COMMON_PAIRS = (("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n"))
PAIRS = (
    *COMMON_PAIRS,
    *(("ja", "nein"), ("j", "n"), ("wahr", "falsch"), ("oui", "non"), ("o", "n")),
    *(("vrai", "faux"), ("si", "no"), ("sí", "no"), ("s", "n"), ("vero", "falso")),
    *(("verdadero", "falso"), ("verdadeiro", "falso"), ("sim", "não"), ("sim", "nao")),
    *(("ja", "nee"), ("ja", "nej"), ("ja", "nei"), ("tak", "nie"), ("ano", "ne")),
    *(("da", "ne"), ("da", "nu"), ("да", "нет"), ("kyllä", "ei"), ("igen", "nem")),
    *(("evet", "hayır"), ("evet", "hayir"), ("ναι", "όχι"), ("on", "off")),
    *(("áno", "nie"), ("taip", "ne"), ("jā", "nē"), ("jah", "ei"), ("já", "nei")),
    *(("jo", "nej"), ("po", "jo"), ("так", "ні"), ("да", "не"), ("так", "не")),
    *(("sì", "no"), ("bai", "ez"), ("ya", "tidak"), ("có", "không")),
    *(
        ("是", "否"),
        ("はい", "いいえ"),
        ("예", "아니요"),
        ("예", "아니오"),
        ("네", "아니요"),
    ),
    *(("نعم", "لا"), ("بله", "خیر"), ("بلی", "خیر"), ("ہاں", "نہیں"), ("כן", "לא")),
    *(("हाँ", "नहीं"), ("हां", "नहीं"), ("ใช่", "ไม่ใช่")),
    # What spreadsheets write for TRUE and FALSE.
    *(
        ("prawda", "fałsz"),
        ("истина", "ложь"),
        ("pravda", "nepravda"),
        ("igaz", "hamis"),
    ),
    *(("waar", "onwaar"), ("sant", "falskt"), ("sand", "falsk"), ("sann", "usann")),
    *(("tosi", "epätosi"), ("doğru", "yanlış"), ("adevărat", "fals"), ("真", "偽")),
    *(("真", "假"), ("verdader", "fals"), ("αληθες", "ψευδες"), ("αληθές", "ψευδές")),
)
ONE_ZERO = ("1", "0")
# Distinct texts: each of two words in lower case, upper case, title case, and a spare.
MAX_SPELLINGS = 8
WORDS = frozenset(chain(ONE_ZERO, *PAIRS))
FIRST_FLAG_WORDS = "is has can was should allow allows does will"
LAST_FLAG_WORDS = (
    "active archived available blocked deleted disabled discontinued enabled flag "
    "hidden paid published verified visible"
)


def infer_boolean(draft: Column, values: pl.Series) -> Column | None:
    """Infer booleans by the first rule that fits."""
    if values[0].lower() not in WORDS:
        return None
    if values.head(MAX_SPELLINGS + 1).n_unique() > MAX_SPELLINGS:
        return None
    distinct = values.unique()
    if len(distinct) > MAX_SPELLINGS:
        return None
    words = frozenset(distinct.str.to_lowercase())
    return (
        _ones_and_zeros(draft, words)
        or _pair_of_words(draft, words)
        or _one_word_of_a_pair(draft, words)
    )


def names_flag(header: str) -> bool:
    """Return whether a header is that of a flag: "is_open", "Active"."""
    first, *_, last = [*snake(header).split("_")] * 2
    return first in FIRST_FLAG_WORDS.split() or last in LAST_FLAG_WORDS.split()


def _ones_and_zeros(draft: Column, words: frozenset[str]) -> Column | None:
    """Read 1 and 0. Evidence: both occur, and the header is that of a flag."""
    if words != {*ONE_ZERO} or not names_flag(draft.header):
        return None
    return _boolean(draft, ONE_ZERO, "and the name asks yes or no")


def _pair_of_words(draft: Column, words: frozenset[str]) -> Column | None:
    """Read a pair such as yes and no. Evidence: both occur, or true or false does."""
    for pair in PAIRS:
        if words == {*pair} or words <= {"true", "false"}:
            return _boolean(draft, pair)
    return None


def _one_word_of_a_pair(draft: Column, words: frozenset[str]) -> Column | None:
    """Read yes where no is missing. Evidence: the header is that of a flag."""
    for pair in COMMON_PAIRS:
        if words < {*pair} and names_flag(draft.header):
            return _boolean(draft, pair, "and the name asks yes or no")
    return None


def _boolean(draft: Column, pair: tuple[str, str], reason: str = "") -> Column:
    true, false = pair
    own = pair not in (*COMMON_PAIRS, ONE_ZERO)
    total = f"{draft.rows - draft.nulls:,}"
    why = f"{total} of {total} are {true} or {false}"
    return replace(
        draft,
        kind=Kind.BOOLEAN,
        true=(true,) if own else (),
        false=(false,) if own else (),
        evidence=f"{why}, {reason}" if reason else why,
    )
