"""The columns of a sample as the rows that were read so far show them."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Self

import polars as pl

from generators.inference import (
    MAX_CHOICES,
    PLAIN,
    TEXTS,
    Column,
    Kind,
    includes,
    is_misfit,
    is_readable,
    is_unchanged,
    needs_number_parser,
    value_of,
)
from generators.sample.counts import Counts, count_cells, values
from importkit import cleaning
from importkit.source import LINE

# Rows of a batch that do not fit a column, and from which the column is inferred again.
MOST_MISFITS = 100
# Values of a column of text that are kept because they may make it another kind.
MOST_TELLING = 100
# A batch may correct the columns so many times; what still does not fit is text then.
CORRECTIONS = 12
NEVER = pl.lit(value=False)

type Infer = Callable[[pl.DataFrame], Sequence[Column]]


@dataclass(frozen=True, eq=False)
class ColumnsSoFar:
    """The columns of text of a sample; each is known by its place.

    Cells are the cells of a batch, stripped, empty ones null, named by their places.

    Attributes:
        infer: Infers the columns of text from some rows.
        known: The rows from which the columns are inferred, with their lines.
        columns: The columns.
        choices: The distinct values of each column among the first rows, if they are
            few.
        lenient: Columns with values that fit, but would not be kept as they are
            written: ``infer`` has decided so, and these values are no misfits.
        always_text: Columns with values that fit no one kind.
        changed: Columns that have become something which earlier rows may not fit.
        telling: How many values of a column of text are still to be kept because they
            may make the column another kind.
    """

    infer: Infer
    known: pl.DataFrame
    columns: Mapping[int, Column]
    choices: Mapping[int, Sequence[str]]
    lenient: frozenset[int] = frozenset()
    always_text: frozenset[int] = frozenset()
    changed: frozenset[int] = frozenset()
    telling: Mapping[int, int] | None = None

    @classmethod
    def inferred(cls, head: pl.DataFrame, infer: Infer) -> Self:
        """Infer the columns from the first rows of a sample."""
        texts = [
            place
            for place, (name, dtype) in enumerate(head.schema.items())
            if dtype == pl.String and name != LINE
        ]
        columns = dict(zip(texts, infer(head), strict=True))
        return cls(infer, head, columns, _choices(head, texts))

    def keeping_telling(self) -> Self:
        """Return the columns, with values to be kept that may tell more of them."""
        return replace(self, telling=dict.fromkeys(self.columns, MOST_TELLING))

    def cells_of(self, batch: pl.DataFrame) -> pl.DataFrame:
        """Return the cells of a batch, but strip only those of columns of text.

        A padded value of another kind does not fit, which is rare: the caller then
        strips all cells.
        """
        texts = [p for p, column in self.columns.items() if column.kind is Kind.TEXT]
        stripped = [pl.nth(p).str.strip_chars().replace("", None) for p in texts]
        return by_place(batch.with_columns(stripped))

    def counted(self, cells: pl.DataFrame) -> dict[int, Counts]:
        """Count the cells of each column."""
        if not self.columns:
            return {}
        found = self._with_values(cells).select(self._counting).row(0)
        return {p: Counts(**told) for p, told in zip(self.columns, found, strict=True)}

    def learned(self, rows: pl.DataFrame, *, is_last: bool) -> Self:
        """Infer the columns again, from more rows.

        Args:
            rows: The rows; some may be known already.
            is_last: Whether no pass follows, so that a column which changes has to be
                text.
        """
        known = pl.concat([self.known, rows])
        known = known.unique(LINE, keep="first", maintain_order=True)
        inferred = dict(zip(self.columns, self.infer(known), strict=True))
        found = {p: new for p, new in inferred.items() if p not in self.always_text}
        changed = {
            p for p, new in found.items() if not includes(new, self.columns[p])
        } | self.changed
        new = replace(
            self,
            known=known,
            columns={**self.columns, **found},
            changed=frozenset(changed),
        )
        return new.as_text(changed) if is_last else new

    def corrected(
        self, batch: pl.DataFrame, cells: pl.DataFrame, *, is_last: bool
    ) -> Self:
        """Infer the columns again until a batch fits them."""
        columns = self
        for _ in range(CORRECTIONS):
            misfits = [p for p, found in columns.counted(cells).items() if found.odd]
            if not misfits:
                return columns
            rows = columns._misfits(batch, cells, misfits)
            new = columns.learned(rows, is_last=is_last)
            before, now = columns.columns, new.columns
            same = {p for p in misfits if _reads_alike(before[p], now[p])}
            columns = replace(
                new.as_text(same & columns.lenient), lenient=columns.lenient | same
            )
        left = columns.counted(cells)
        return columns.as_text(p for p, found in left.items() if found.odd)

    def as_text(self, places: Iterable[int]) -> Self:
        """Return the columns, of which some are text, whatever their values are."""
        why = "values fit no one reading"
        texts = {
            p: replace(PLAIN, header=self.columns[p].header, evidence=why)
            for p in places
        }
        return replace(
            self,
            columns={**self.columns, **texts},
            always_text=self.always_text.union(texts),
        )

    def without_telling(
        self, batch: pl.DataFrame, cells: pl.DataFrame, counts: Mapping[int, Counts]
    ) -> tuple[Self, pl.DataFrame]:
        """Take the rows from a batch whose values may make a column another kind.

        Args:
            batch: The rows with their lines.
            cells: Their cells.
            counts: What was counted of them.

        Returns:
            The columns, with fewer values to be kept, and the rows.
        """
        places = [p for p, found in counts.items() if found.asks]
        if not places or self.telling is None:
            return self, batch.clear()
        masks = {p: self._telling(p).fill_null(value=False) for p in places}
        wanted = [
            mask & (mask.cum_sum() <= self.telling[p]) for p, mask in masks.items()
        ]
        rows = batch.filter(cells.select(pl.any_horizontal(wanted)).to_series())
        left = {p: max(0, self.telling[p] - counts[p].asks) for p in places}
        return replace(self, telling={**self.telling, **left}), rows

    def repeatable(self) -> list[pl.Expr]:
        """Return cells as what may repeat: values, and numbers however written."""
        found = []
        for place, column in self.columns.items():
            value = values(column, pl.nth(place))
            if column.kind is Kind.INTEGER and needs_number_parser(column):
                found.append(value_of(column, value).cast(pl.String).alias(str(place)))
            elif column.null_tokens or column.errors:
                found.append(value)
        return found

    # To make expressions takes as long as to count many rows: they are kept.
    @cached_property
    def _counting(self) -> list[pl.Expr]:
        return [self._count(place).alias(str(place)) for place in self.columns]

    def _count(self, place: int) -> pl.Expr:
        column, cells = self.columns[place], pl.nth(place)
        value = values(column, cells)
        is_number = column.kind in {Kind.INTEGER, Kind.DECIMAL}
        return count_cells(
            cleaning.unwrapped()(value) if column.wrapped else value,
            pl.col(_value_name(place)) if is_number else None,
            empty=cells.is_null(),
            words=cells.is_not_null() & value.is_null(),
            odd=self._misfit(place),
            asks=self._telling(place),
        )

    def _with_values(self, cells: pl.DataFrame) -> pl.DataFrame:
        """Add what an import reads of the text of columns that are not text."""
        return cells.with_columns(
            value_of(column, values(column, pl.nth(place))).alias(_value_name(place))
            for place, column in self.columns.items()
            if column.kind not in TEXTS
        )

    def _misfits(
        self, batch: pl.DataFrame, cells: pl.DataFrame, places: Iterable[int]
    ) -> pl.DataFrame:
        """Return the first rows of a batch that do not fit some columns."""
        masks = [self._misfit(place) for place in places]
        wanted = [mask & (mask.cum_sum() <= MOST_MISFITS) for mask in masks]
        found = self._with_values(cells).select(pl.any_horizontal(wanted))
        return batch.filter(found.to_series())

    def _misfit(self, place: int) -> pl.Expr:
        """Return for each value of a column whether the column is not of its kind."""
        if place in self.always_text:
            return NEVER
        column = self.columns[place]
        read = None if column.kind in TEXTS else pl.col(_value_name(place))
        is_good = is_readable if place in self.lenient else is_unchanged
        return is_misfit(column, values(column, pl.nth(place)), read, is_good)

    def _telling(self, place: int) -> pl.Expr:
        """Return for each value of text whether it may make the column another kind."""
        column, value = self.columns[place], pl.nth(place)
        if column.kind is not Kind.TEXT or not (self.telling and self.telling[place]):
            return NEVER
        if column.mark:
            # 5 and 1,230 together prove that commas group thousands.
            return ~value.str.contains(re.escape(column.mark) + ".*[1-9][^0-9]*$")
        if column.rows - column.nulls < MOST_TELLING:
            return value.is_not_null()
        # A value that is none of few choices makes them more.
        choices = self.choices[place]
        return ~value.is_in(choices) if choices else NEVER


def by_place(cells: pl.DataFrame) -> pl.DataFrame:
    """Name columns by their places: to polars, a name such as "^x$" is a pattern."""
    return cells.rename(
        dict(zip(cells.columns, map(str, range(cells.width)), strict=True))
    )


def _reads_alike(one: Column, other: Column) -> bool:
    """Return whether two columns read the same texts as the same values."""
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ("reading", "null_tokens", "errors", "scale", "formats", "mark")
    )


def _value_name(place: int) -> str:
    return f"read {place}"


def _choices(head: pl.DataFrame, places: Sequence[int]) -> dict[int, list[str]]:
    """Return the distinct values of each column of text; none where they are many."""
    if not places:
        return {}
    texts = by_place(head).select(map(str, places))
    texts = texts.select(pl.all().str.strip_chars().replace("", None))
    # One more shows that they are many.
    some = pl.all().drop_nulls().unique().head(MAX_CHOICES + 1).implode()
    found = zip(places, texts.select(some).row(0), strict=True)
    return {p: few if len(few) <= MAX_CHOICES else [] for p, few in found}
