"""Step 2, clean: rows with problems are told where a row without problems has their key.

A row with a problem is left out, so that the row with its key is imported. Once it has been
corrected and is imported by itself, it would overwrite that row, and nobody would be told.
"""

from collections.abc import Iterator, Sequence

import polars as pl

from importkit.cleaning.policies import Contradiction
from importkit.cleaning.whole_rows.duplicates import key_texts
from importkit.cleaning.whole_rows.seen_keys import SeenKeys
from importkit.problems import Code
from importkit.source import LINE

REASON = "a row without problems has this key too, and would be overwritten ({} {{}})"


def find_taken_keys(
    good: pl.DataFrame,
    bad: pl.DataFrame,
    subset: Sequence[str],
    seen: SeenKeys | None,
    policy: Contradiction,
) -> Iterator[pl.DataFrame]:
    """Yield ``line``, ``value`` and ``first`` of rows with problems whose key is taken.

    Where the class says that the first or the last row with a key wins, a row with a problem
    is told only if it would lose: it may overwrite the others.

    Args:
        good: The rows without problems, each key once.
        bad: The rows with problems.
        subset: The columns of the key; a row with a null in it is like no other.
        seen: The keys of earlier batches and of the good rows, and of earlier bad rows.
        policy: Which of the rows with a key wins.
    """
    if bad.is_empty() and (seen is None or seen.of_bad_rows.is_empty()):
        return
    good, bad = _with_keys(good, subset), _with_keys(bad, subset)
    if seen is None:
        seen = SeenKeys()
        seen.add(good.select(subset), _lines(good))
    if not (bad.is_empty() or seen.is_empty()):
        found = seen.find(bad.select(subset))
        yield _told(bad, found["row"], subset, found["first"], policy)
    earlier = seen.of_bad_rows
    if not earlier.is_empty():
        found = earlier.find(good.select(subset))
        told = _told(good, found["row"], subset, found["first"], policy)
        yield told.select(line="first", value="value", first="line")
    if policy is Contradiction.ERROR and not bad.is_empty():
        earlier.add(bad.select(subset), _lines(bad))


def problems_of(found: pl.DataFrame, subset: Sequence[str], place: str) -> pl.DataFrame:
    """Return problems, of ``problems.SCHEMA``, for what ``find_taken_keys`` has yielded."""
    return found.select(
        "line",
        column=pl.lit(", ".join(subset)),
        value="value",
        code=pl.lit(Code.CONTRADICTION.value),
        reason=pl.format(REASON.format(place), "first"),
    )


def _with_keys(rows: pl.DataFrame, subset: Sequence[str]) -> pl.DataFrame:
    return rows.select(LINE, *subset).drop_nulls(subset)


def _lines(rows: pl.DataFrame) -> pl.DataFrame:
    return rows.select(first=pl.col(LINE).cast(pl.UInt32))


def _told(
    rows: pl.DataFrame,
    places: pl.Series,
    subset: Sequence[str],
    others: pl.Series,
    policy: Contradiction,
) -> pl.DataFrame:
    found = rows[places]
    told = pl.DataFrame(
        {
            "line": found[LINE],
            "value": key_texts(found, subset),
            "first": others.cast(pl.Int64),
        }
    )
    if policy is Contradiction.KEEP_FIRST:
        return told.filter(pl.col("first") < pl.col("line"))
    if policy is Contradiction.KEEP_LAST:
        return told.filter(pl.col("first") > pl.col("line"))
    return told
