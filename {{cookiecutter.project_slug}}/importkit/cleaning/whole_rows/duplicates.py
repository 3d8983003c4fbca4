"""Step 2, clean: rows alike in a key are left out where they repeat, and told where they differ."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from importkit import problems
from importkit.cleaning.hooks import CleaningHooks
from importkit.cleaning.policies import Contradiction
from importkit.cleaning.results import LEFT_OUT
from importkit.cleaning.whole_rows.seen_keys import SeenKeys
from importkit.problems import Code
from importkit.source import LINE

# By the policy: what is told of a row that gives way to the row with its key.
GIVES_WAY = {
    Contradiction.KEEP_FIRST: "{key} as in an earlier row, whose other values are kept",
    Contradiction.KEEP_LAST: "{key} as in a later row, whose other values are kept",
}
# Columns of which a byte is kept for each row, to name those that differ. Of wider rows
# the memory would be more than the keys take.
MOST_NAMED = 16
PLACE = "place of a row"


@dataclass(frozen=True, eq=False)
class Alike:
    """The rows that share a key with another row.

    Attributes:
        left_out: ``line`` and ``reason`` of the rows that repeat a row, or give way to it.
        contradictions: A problem for each row that differs from the first row with its
            key, of ``problems.SCHEMA``.
    """

    left_out: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=LEFT_OUT)
    )
    contradictions: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=problems.SCHEMA)
    )


def without_repeats(
    hooks: type[CleaningHooks],
    df: pl.DataFrame,
    subset: tuple[str, ...],
    seen: SeenKeys | None,
    place: str,
) -> tuple[pl.DataFrame, Alike]:
    """Keep one of the rows alike in a subset; a row with a null in it is like no other.

    Args:
        hooks: The class.
        df: The rows.
        subset: The columns.
        seen: The keys of earlier batches; those of these rows are added.
        place: What a line counts: ``line`` or ``row``.

    Returns:
        The rows that stay, and what is told of the others.
    """
    added = hooks.get_add_on_duplicate_cols()
    others = [name for name in hooks.dtypes() if name not in {*subset, *added}]
    keeps_last = hooks.on_contradiction is Contradiction.KEEP_LAST
    whole = df.filter(~pl.any_horizontal(pl.col(subset).is_null()))
    whole = whole.reverse() if keeps_last else whole
    key = pl.col(*subset) if len(subset) == 1 else pl.struct(subset)
    is_first = whole.select(key.is_first_distinct()).to_series()
    if seen is None and is_first.all():
        return df, Alike()
    facts, keys = _facts(whole, others), whole.select(LINE, *subset)
    found: list[pl.DataFrame] = []
    if not is_first.all():
        places = keys.with_row_index(PLACE)
        first = places.select(pl.col(PLACE).first().over(subset)).to_series()
        before = facts[first.filter(~is_first)]
        again = keys.filter(~is_first), facts.filter(~is_first)
        found.append(_compared(*again, before, subset))
        keys, facts = keys.filter(is_first), facts.filter(is_first)
    if seen is not None:
        matched = seen.matches(keys.select(subset), facts)
        rows, before = matched["row"], matched.drop("row")
        if not matched.is_empty():
            found.append(_compared(keys[rows], facts[rows], before, subset))
    if not found:
        return df, Alike()
    repeats = pl.concat(found).sort("line")
    df = df.filter(~pl.col(LINE).is_in(repeats["line"].implode()))
    return df, _told(repeats, hooks, others, subset, place)


def _facts(rows: pl.DataFrame, others: Sequence[str]) -> pl.DataFrame:
    """Return what is kept of rows: their lines, and hashes of their other values.

    The hash of all values has 32 bits, which takes one of four billion rows that differ
    for an equal one. The bytes of single columns serve only to name those that differ.
    """
    hashes = [rows[name].hash() for name in others]
    # Sums that overflow mix the hashes, each times another odd number.
    nothing = pl.Series([0], dtype=pl.UInt64).new_from_index(0, rows.height)
    rest = sum((h * (2 * n + 1) for n, h in enumerate(hashes)), start=nothing)
    named = hashes if len(others) <= MOST_NAMED else []
    return pl.DataFrame(
        {
            "first": rows[LINE].cast(pl.UInt32),
            "rest": rest.cast(pl.UInt32, wrap_numerical=True),
            **{
                f"{n}": h.cast(pl.UInt8, wrap_numerical=True)
                for n, h in enumerate(named)
            },
        }
    )


def key_texts(rows: pl.DataFrame, subset: Sequence[str]) -> pl.Series:
    """Return the key of each row as one text, as problems show it."""
    texts = pl.DataFrame([problems.as_texts(rows[name]) for name in subset])
    return texts.select(pl.concat_str(pl.all(), separator=", ")).to_series()


def _compared(
    rows: pl.DataFrame, facts: pl.DataFrame, before: pl.DataFrame, subset: Sequence[str]
) -> pl.DataFrame:
    """Compare rows with the earlier rows that have their keys.

    Returns:
        The line of each row, its key as text, the line of the earlier row, whether both
        are equal, and for each other column whether it differs.
    """
    return pl.DataFrame(
        {
            "line": rows[LINE],
            "value": key_texts(rows, subset),
            "first": before["first"].cast(pl.Int64),
            "is_equal": facts["rest"] == before["rest"],
            **{name: facts[name] != before[name] for name in facts.columns[2:]},
        }
    )


def _told(
    repeats: pl.DataFrame,
    hooks: type[CleaningHooks],
    others: Sequence[str],
    subset: Sequence[str],
    place: str,
) -> Alike:
    key = ", ".join(subset)
    equal = repeats.filter("is_equal").select(
        "line", reason=pl.lit(f"{key} as in an earlier row")
    )
    differ = repeats.filter(~pl.col("is_equal"))
    gives_way = GIVES_WAY.get(hooks.on_contradiction)
    if gives_way:
        reason = pl.lit(gives_way.format(key=key))
        equal = pl.concat([equal, differ.select("line", reason=reason)]).sort("line")
        differ = differ.clear()
    names = [
        pl.when(pl.col(f"{n}")).then(pl.lit(name))
        for n, name in enumerate(others)
        if len(others) <= MOST_NAMED
    ]
    columns = pl.concat_str(names or [pl.lit("")], separator=", ", ignore_nulls=True)
    what = pl.when(columns == "").then(pl.lit("other values"))
    contradictions = differ.select(
        "line",
        column=pl.lit(key),
        value="value",
        code=pl.lit(Code.CONTRADICTION.value),
        reason=pl.format(
            f"{{}} than an earlier row with this key ({place} {{}})",
            what.otherwise(pl.lit("another ") + columns),
            "first",
        ),
    )
    return Alike(equal, contradictions)
