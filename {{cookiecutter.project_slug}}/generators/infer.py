"""Columns: the text of a sample becomes typed columns, each with its evidence."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import NamedTuple

import polars as pl
from polars import selectors as cs

from generators.columns import Column, Kind
from generators.moments import DATE_LIKE, TIME_LIKE, infer_moment
from generators.names import snake
from generators.numerals import NUMBER_LIKE, infer_number, longest, may_be_grouped
from importkit.source import LINE

# Words for nothing among numbers or dates. In text they may well be values: NA is a
# continent and the country code of Namibia.
NULL_WORDS = (
    r"(?i)^(n/?a|n\.a\.|#n/a|nan|null|none|nil|nd|k\. ?a\.|-+|—|–|\.|\?|\\n"
    r"|0000-00-00( 00:00:00)?)$"
)

# The pairs that every import reads, then those of other languages.
COMMON_PAIRS = (("true", "false"), ("yes", "no"), ("t", "f"), ("y", "n"))
PAIRS = (
    *COMMON_PAIRS,
    *(("ja", "nein"), ("j", "n"), ("wahr", "falsch"), ("oui", "non"), ("o", "n")),
    *(("vrai", "faux"), ("si", "no"), ("sí", "no"), ("s", "n"), ("vero", "falso")),
    *(("verdadero", "falso"), ("verdadeiro", "falso"), ("sim", "não"), ("sim", "nao")),
    *(("ja", "nee"), ("ja", "nej"), ("ja", "nei"), ("tak", "nie"), ("ano", "ne")),
    *(("da", "ne"), ("da", "nu"), ("да", "нет"), ("kyllä", "ei"), ("igen", "nem")),
    *(("evet", "hayır"), ("ναι", "όχι"), ("是", "否"), ("on", "off")),
)
# How many spellings of two words are looked at: yes, Yes, YES, no, No, NO and more.
SPELLINGS = 8
FLAG_FIRST = "is has can was should allow allows"
FLAG_LAST = (
    "active archived available blocked deleted disabled discontinued enabled flag "
    "hidden paid published verified visible"
)
KEYS = (
    "asin code ean email gtin id iban isbn issn key mpn no nr num number nummer ref "
    "reference sku slug upc username uuid"
)

LIKE = (NUMBER_LIKE, DATE_LIKE, TIME_LIKE, NULL_WORDS)


class Looks(NamedTuple):
    """How many cells of a column look like something else than text."""

    numbers: int
    dates: int
    times: int
    null_words: int


def infer_columns(df: pl.DataFrame) -> tuple[Column, ...]:
    """Infer the columns of a sample as ``read_csv`` gives it, all text.

    A kind needs every value to fit it. Where two readings fit, or where being read
    would change a value, the column stays text, because text loses nothing.

    Returns:
        A column for each text column of the frame, in its order.
    """
    text = df.select(cs.string() - cs.by_name(LINE, require_all=False))
    if not text.width:
        return ()
    cells = text.select(pl.all().str.strip_chars().replace("", None))
    counts = [cells.select(pl.all().str.contains(p).sum()).row(0) for p in LIKE]
    looks = [Looks(*column) for column in zip(*counts, strict=True)]
    # To polars, a name such as "^x$" is a pattern: the headers are kept apart.
    headers = cells.columns
    cells.columns = [str(position) for position in range(cells.width)]
    # polars works outside Python's lock, so columns can be read side by side.
    with ThreadPoolExecutor() as pool:
        columns = list(pool.map(_infer, headers, cells.get_columns(), looks))
    if any(column.decimal == "," or column.thousands == "." for column in columns):
        for index, column in enumerate(columns):
            if may_be_grouped(column):
                columns[index] = _infer(
                    column.header, cells.to_series(index), looks[index], commas=True
                )
    return tuple(columns)


def natural_key(columns: tuple[Column, ...]) -> Column | None:
    """Return the first column that never repeats, is never empty and is named so."""
    return next((column for column in columns if _is_key(column)), None)


def _infer(
    header: str, cells: pl.Series, looks: Looks, *, commas: bool = False
) -> Column:
    """Infer one column from its stripped cells, empty ones null."""
    texts = values = cells.drop_nulls()
    draft = text = _draft(header, cells, texts)
    if looks.null_words:
        values = texts.filter(~texts.str.contains(NULL_WORDS))
        draft = _draft(header, cells, values)
    typed = _typed(draft, values, looks, commas=commas)
    if typed is None or typed.kind is Kind.TEXT:
        return replace(text, evidence=typed.evidence if typed else _text(texts, looks))
    if not looks.null_words:
        return typed
    words = texts.filter(texts.str.contains(NULL_WORDS)).unique().sort()
    why = f"{typed.evidence}; words for nothing: {looks.null_words:,}"
    return replace(typed, null_tokens=tuple(words), evidence=why)


def _typed(
    draft: Column, values: pl.Series, looks: Looks, *, commas: bool
) -> Column | None:
    """Ask the rules whose business the values may be."""
    total = len(values)
    if total == 0:
        return None
    if boolean := _boolean(draft, values):
        return boolean
    column = None
    if max(looks.dates, looks.times) >= total:
        column = infer_moment(draft, values)
    if column is None and looks.numbers >= total:
        column = infer_number(draft, values, commas=commas)
    return column


def _draft(header: str, cells: pl.Series, values: pl.Series) -> Column:
    """Measure a column as if it were text, of which these are the values."""
    return Column(
        header=header,
        kind=Kind.TEXT,
        rows=len(cells),
        nulls=len(cells) - len(values),
        unique=len(values) > 1 and values.n_unique() == len(values),
        width=longest(values),
    )


def _boolean(draft: Column, values: pl.Series) -> Column | None:
    """Read a pair of words, both seen or at least one of true and false.

    Ones and zeros are integers unless the name says that they answer a question.
    """
    distinct = values.unique()
    if len(distinct) > SPELLINGS:
        return None
    total = len(values)
    words = set(distinct.str.to_lowercase())
    if words == {"0", "1"} and _asks(draft.header):
        why = f"{total:,} of {total:,} are 1 or 0, and the name asks yes or no"
        return replace(draft, kind=Kind.BOOLEAN, evidence=why)
    for true, false in PAIRS:
        if words == {true, false} or words <= {"true", "false"}:
            own = (true, false) not in COMMON_PAIRS
            return replace(
                draft,
                kind=Kind.BOOLEAN,
                true=(true,) if own else (),
                false=(false,) if own else (),
                evidence=f"{total:,} of {total:,} are {true} or {false}",
            )
    return None


def _asks(header: str) -> bool:
    """Say whether a name is that of a flag: "is_open", "Active"."""
    first, *_, last = [*snake(header).split("_")] * 2
    return first in FLAG_FIRST.split() or last in FLAG_LAST.split()


def _text(texts: pl.Series, looks: Looks) -> str:
    """Say how many values fit the nearest kind, where at least half do."""
    total = len(texts)
    if total == 0:
        return "no row has a value"
    near = {"numbers": looks.numbers, "dates": looks.dates, "times": looks.times}
    kind, fits = max(near.items(), key=lambda item: item[1])
    if fits * 2 < total:
        return f"no other kind fits, width up to {longest(texts)}"
    rest = "but no one reading fits" if fits == total else "the rest does not"
    return f"{fits:,} of {total:,} look like {kind}, {rest}"


def _is_key(column: Column) -> bool:
    """Say whether a column can tell rows apart, by its values and by its name."""
    if not column.unique or column.nullable:
        return False
    words = [word for word in snake(column.header).split("_") if not word.isdigit()]
    if not words or "of" in words or column.kind not in {Kind.TEXT, Kind.INTEGER}:
        return False
    return not {words[0], words[-1]}.isdisjoint(KEYS.split())
