"""Step 2, clean: which of two notations the values of a column prove.

Points and commas change places between countries, and so do days and months. A value that
only the other notation can have is refused by the parser; one that both can have is read as
another value, and no row shows that. So the values of a column are evidence for each other.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import polars as pl

from importkit.cleaning.casting import plainly_written
from importkit.cleaning.hooks import CleaningHooks
from importkit.cleaning.parsing import Notation, Rival, number
from importkit.source import LINE

# Of the values of a batch, if none proves the other notation, so many are looked at: some in
# a row at several places, which takes no time.
PLACES, IN_A_ROW = 4, 25
EXAMPLES = 2
# What a text shows: that it can be in one notation only, or was read and may be in both.
STATED, OTHER, DOUBTFUL = "proves stated", "proves other", "is doubtful"
MARKED = r"[.,][0-9]+[^0-9]*$"  # Numbers with digits behind a mark.
GROUP_DIGITS = 3  # Between two marks of thousands.
# A number with three decimals, which is doubtful in a column that keeps fewer: 12.340.
GROUPED = pl.col("stated").str.contains(rf"\.[0-9]{{{GROUP_DIGITS}}}$")


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
        grouped: The first doubtful values with three digits behind the mark, where the
            column keeps fewer: those may be thousands.
        is_in_part: Whether there are values that were not looked at.
    """

    rival: Rival
    has_parser: bool = True
    stated: int = 0
    other: int = 0
    doubtful: int = 0
    is_in_part: bool = False
    others: tuple[Example, ...] = ()
    doubts: tuple[Example, ...] = ()
    grouped: tuple[Example, ...] = ()

    def __add__(self, later: "Evidence") -> "Evidence":
        """Return the evidence of this batch and a later one."""
        return replace(
            self,
            stated=self.stated + later.stated,
            other=self.other + later.other,
            doubtful=self.doubtful + later.doubtful,
            others=(*self.others, *later.others)[:EXAMPLES],
            doubts=(*self.doubts, *later.doubts)[:EXAMPLES],
            grouped=(*self.grouped, *later.grouped)[:EXAMPLES],
            is_in_part=self.is_in_part or later.is_in_part,
        )


type Evidences = Mapping[str, Evidence]  # By the column.


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
    parsers, short = hooks.get_col_parser_map(), _short_columns(hooks)
    clean: dict[Rival, list[str]] = defaultdict(list)
    for name, dtype in hooks.dtypes().items():
        rival = _rival(parsers.get(name), dtype)
        if rival is None or raw[name].dtype != pl.String:
            continue
        if df[name].null_count() == raw[name].null_count():
            clean[rival].append(name)
            continue
        texts = _texts(raw, df, name)
        evidence = _with_lost(texts, rival, dtype, is_short=name in short)
        yield name, replace(evidence, has_parser=name in parsers)
    for rival, names in clean.items():
        for name, evidence in zip(names, _in_part(raw, names, rival), strict=True):
            found = evidence
            if not evidence.stated and name in short:
                texts, dtype = _texts(raw, df, name), hooks.dtypes()[name]
                found = _of_marked(texts, rival, dtype) or evidence
            yield name, replace(found, has_parser=name in parsers)


def _rival(parser: object, dtype: pl.DataType) -> Rival | None:
    """Return the rival of the notation in which text is read as numbers or days."""
    if parser is None and (dtype.is_decimal() or dtype.is_float()):
        parser = number()
    is_read = dtype.is_numeric() or dtype.is_temporal()
    return parser.rival if is_read and isinstance(parser, Notation) else None


def _texts(raw: pl.DataFrame, df: pl.DataFrame, name: str) -> pl.DataFrame:
    is_read = df[name].is_not_null().alias("is_read")
    return pl.DataFrame([raw[LINE], raw[name].alias("text"), is_read])


def _in_part(
    raw: pl.DataFrame, names: Sequence[str], rival: Rival
) -> Iterator[Evidence]:
    """Yield what some of the texts of columns prove, all of which were read.

    The columns are put below each other, since the time goes by queries, not by texts.
    """
    some = _spread(pl.DataFrame([raw[name] for name in names]))
    text = pl.concat([column.alias("text") for column in some])
    read = text.to_frame().with_columns(is_read=pl.lit(value=True))
    proofs = _as_both_read(read, pl.col("text"), rival)
    for place in range(len(names)):
        part = proofs.slice(place * some.height, some.height)
        stated, doubtful = int(part[STATED].sum()), int(part[DOUBTFUL].sum())
        yield Evidence(rival, stated=stated, doubtful=doubtful, is_in_part=True)


def _with_lost(
    texts: pl.DataFrame, rival: Rival, dtype: pl.DataType, *, is_short: bool
) -> Evidence:
    """Return what the texts of a column prove, of which some were not read."""
    plain = plainly_written(pl.col("text"), dtype)
    lost = texts.filter(pl.col("text").is_not_null() & ~pl.col("is_read"))
    is_in_part = not _as_both_read(lost, plain, rival)[OTHER].any()
    read = _as_both_read(_spread(texts) if is_in_part else texts, plain, rival)
    found = replace(_evidence(read, rival, is_short=is_short), is_in_part=is_in_part)
    if is_in_part and is_short and not found.stated:
        return _of_marked(texts, rival, dtype) or found
    return found


def _of_marked(
    texts: pl.DataFrame, rival: Rival, dtype: pl.DataType
) -> Evidence | None:
    """Return what all numbers with digits behind a mark prove; None without any."""
    marked = texts.filter(pl.col("text").str.contains(MARKED))
    if marked.is_empty():
        return None
    plain = plainly_written(pl.col("text"), dtype)
    return _evidence(_as_both_read(marked, plain, rival), rival, is_short=True)


def _short_columns(hooks: type[CleaningHooks]) -> set[str]:
    """Return the columns that keep fewer decimals than a group of thousands has digits.

    Where values are rounded, more decimals than are kept are no surprise.
    """
    short = {
        name
        for name, dtype in hooks.dtypes().items()
        if isinstance(dtype, pl.Decimal) and dtype.scale < GROUP_DIGITS
    }
    return short - hooks.get_col_precision_map().keys()


def _evidence(read: pl.DataFrame, rival: Rival, *, is_short: bool) -> Evidence:
    stated, other, doubtful = (int(read[p].sum()) for p in (STATED, OTHER, DOUBTFUL))
    doubts = read.filter(DOUBTFUL)
    return Evidence(
        rival,
        stated=stated,
        other=other,
        doubtful=doubtful,
        others=_examples(read.filter(OTHER)),
        doubts=_examples(doubts),
        grouped=_examples(doubts.filter(GROUPED)) if is_short else (),
    )


def _spread(rows: pl.DataFrame) -> pl.DataFrame:
    """Return some rows from several places of a frame."""
    if rows.height <= PLACES * IN_A_ROW:
        return rows
    step = rows.height // PLACES
    return pl.concat([rows.slice(step * n, IN_A_ROW) for n in range(PLACES)])


def _as_both_read(texts: pl.DataFrame, text: pl.Expr, rival: Rival) -> pl.DataFrame:
    """Return texts as both notations read them, and what each proves."""
    stated, other = pl.col("stated"), pl.col("other")
    read = texts.with_columns(stated=rival.stated(text), other=rival.other(text))
    return read.with_columns(
        (stated.is_not_null() & other.is_null()).alias(STATED),
        (other.is_not_null() & stated.is_null() & ~pl.col("is_read")).alias(OTHER),
        (pl.col("is_read") & (stated != other)).fill_null(value=False).alias(DOUBTFUL),
    )


def _examples(rows: pl.DataFrame) -> tuple[Example, ...]:
    found = rows.head(EXAMPLES).select(LINE, "text", "stated", "other")
    return tuple(map(Example._make, found.iter_rows()))
