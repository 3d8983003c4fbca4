"""Step 2, clean: which of two notations the values of a column prove.

Points and commas change places between countries, and so do days and months. A value that
only the other notation can have is refused by the parser; one that both can have is read as
another value, and no row shows that. So the values of a column are evidence for each other.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import polars as pl

from importkit.cleaning.casting import plainly_written
from importkit.cleaning.hooks import CleaningHooks
from importkit.cleaning.parsing import Notation, Rival, number
from importkit.source import LINE

# Of the values of a batch that were all read, so many are looked at.
LOOKED_AT = 200
EXAMPLES = 2


class Example(NamedTuple):
    """A value, its line, and what the two notations make of it; null for nothing."""

    line: int
    text: str
    stated: object
    other: object


@dataclass(frozen=True)
class Evidence:
    """What the values of a column prove about their notation.

    Attributes:
        rival: The two notations.
        has_parser: Whether the class gives a parser, not only the type.
        stated: How many values only the notation of the class can have.
        other: How many values only the other notation can have.
        doubtful: How many values were read that are others in the other notation.
        others: The first values that only the other notation can have.
        doubts: The first values that are others in the other notation.
        is_in_part: Whether there are values that were not looked at.
    """

    rival: Rival
    has_parser: bool
    stated: int = 0
    other: int = 0
    doubtful: int = 0
    is_in_part: bool = False
    others: tuple[Example, ...] = ()
    doubts: tuple[Example, ...] = ()

    def __add__(self, later: "Evidence") -> "Evidence":
        """Return the evidence of this batch and a later one."""
        return replace(
            self,
            stated=self.stated + later.stated,
            other=self.other + later.other,
            doubtful=self.doubtful + later.doubtful,
            others=(*self.others, *later.others)[:EXAMPLES],
            doubts=(*self.doubts, *later.doubts)[:EXAMPLES],
            is_in_part=self.is_in_part or later.is_in_part,
        )


@dataclass(frozen=True)
class _Column:
    """A column whose notation has a rival."""

    name: str
    dtype: pl.DataType
    rival: Rival
    has_parser: bool

    def proves_other(self, raw: pl.DataFrame, df: pl.DataFrame) -> bool:
        """Return whether a text that was not read proves the other notation."""
        if df[self.name].null_count() == raw[self.name].null_count():
            return False
        is_lost = df[self.name].is_null() & raw[self.name].is_not_null()
        lost = raw.filter(is_lost).select(self.both_read(self.name, 0, is_plain=False))
        proof = pl.col("other 0").is_not_null() & pl.col("stated 0").is_null()
        return bool(lost.select(proof.any()).item())

    def both_read(self, text: str, place: int, *, is_plain: bool) -> Iterator[pl.Expr]:
        """Yield the values of both notations.

        Args:
            text: The column of the texts.
            place: What ends the names of the values.
            is_plain: Whether digits and signs need not be written plainly before.
        """
        texts = pl.col(text) if is_plain else plainly_written(pl.col(text), self.dtype)
        yield self.rival.stated(texts).alias(f"stated {place}")
        yield self.rival.other(texts).alias(f"other {place}")


type Evidences = Mapping[str, Evidence]  # By the column.


def added_up(earlier: Evidences, later: Evidences) -> Evidences:
    """Return the evidence of some batches and the next one, by the column."""
    return {
        **earlier,
        **{
            name: earlier[name] + found if name in earlier else found
            for name, found in later.items()
        },
    }


def find_evidence(
    hooks: type[CleaningHooks], raw: pl.DataFrame, df: pl.DataFrame
) -> Iterator[tuple[str, Evidence]]:
    """Yield each column that has a rival notation, with the evidence of its values.

    Where values prove the other notation, all are counted; elsewhere a part of them.

    Args:
        hooks: The class.
        raw: The rows before they were parsed.
        df: The same rows after the cast.
    """
    parsers = hooks.get_col_parser_map()
    columns = [
        _Column(name, dtype, rival, has_parser=name in parsers)
        for name, dtype in hooks.dtypes().items()
        if raw.schema[name] == pl.String
        and (rival := _rival(parsers.get(name), dtype)) is not None
    ]
    suspects = [column for column in columns if column.proves_other(raw, df)]
    every = -(-raw.height // LOOKED_AT) or 1
    clean = [column for column in columns if column not in suspects]
    yield from _in_part(_texts(raw, df, clean).gather_every(every), clean)
    for column in suspects:
        yield column.name, _in_full(_texts(raw, df, [column]), column)


def _rival(parser: object, dtype: pl.DataType) -> Rival | None:
    """Return the rival of the notation in which text is read as numbers or days."""
    if isinstance(parser, Notation):
        is_read = dtype.is_numeric() or dtype.is_temporal()
        return parser.rival if is_read else None
    is_plain = parser is None and (dtype.is_decimal() or dtype.is_float())
    return NUMBER if is_plain else None


def _plain_number() -> Rival | None:
    parser = number()
    return parser.rival if isinstance(parser, Notation) else None


# Of columns without a parser.
NUMBER = _plain_number()


def _texts(
    raw: pl.DataFrame, df: pl.DataFrame, columns: Sequence[_Column]
) -> pl.DataFrame:
    """Return the lines, and of each column its texts and its values, by its number."""
    # Numbers, not names: names of columns may be alike with a word behind them.
    texts = [raw[c.name].alias(f"text {n}") for n, c in enumerate(columns)]
    values = [df[c.name].alias(f"value {n}") for n, c in enumerate(columns)]
    return pl.DataFrame([raw[LINE], *texts, *values])


def _in_part(
    texts: pl.DataFrame, columns: Sequence[_Column]
) -> Iterator[tuple[str, Evidence]]:
    """Yield each column with what some of its texts prove, all of which were read.

    All columns are counted in one query: most of the time goes by queries, not by texts.
    """
    if not columns:
        return
    both = texts.lazy().with_columns(
        way
        for place, column in enumerate(columns)
        for way in column.both_read(f"text {place}", place, is_plain=True)
    )
    counts = both.select(
        proof.sum() for place in range(len(columns)) for proof in _proofs(place)
    )
    found = iter(counts.collect().row(0))
    for column, stated, other, doubtful in zip(
        columns, found, found, found, strict=True
    ):
        known = column.rival, column.has_parser
        yield column.name, Evidence(*known, stated, other, doubtful, is_in_part=True)


def _in_full(texts: pl.DataFrame, column: _Column) -> Evidence:
    """Return what all texts of a column prove."""
    both = texts.with_columns(column.both_read("text 0", 0, is_plain=False))
    stated, other, doubtful = both.select(p.sum() for p in _proofs(0)).row(0)
    _, is_other, is_doubtful = _proofs(0)
    return Evidence(
        column.rival,
        column.has_parser,
        *(stated, other, doubtful),
        others=_examples(both.filter(is_other)),
        doubts=_examples(both.filter(is_doubtful)),
    )


def _proofs(place: int) -> tuple[pl.Expr, pl.Expr, pl.Expr]:
    """Return whether a text proves the stated notation, or the other, or is doubtful."""
    stated, other = pl.col(f"stated {place}"), pl.col(f"other {place}")
    is_read = pl.col(f"value {place}").is_not_null()
    return (
        stated.is_not_null() & other.is_null(),
        other.is_not_null() & stated.is_null() & ~is_read,
        is_read & (stated != other),
    )


def _examples(rows: pl.DataFrame) -> tuple[Example, ...]:
    found = rows.head(EXAMPLES).select(LINE, "text 0", "stated 0", "other 0")
    return tuple(map(Example._make, found.iter_rows()))
