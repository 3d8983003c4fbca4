"""Step 2, clean: what is found besides the clean rows: problems, rows left out, warnings."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Self

import polars as pl

from importkit import problems
from importkit.cleaning.whole_columns import (
    Evidence,
    Evidences,
    Wrappings,
    both_wrapped,
    warn_of_wrapped,
)
from importkit.errors import CleaningError

LEFT_OUT = {"line": pl.Int64, "reason": pl.String}


@dataclass(frozen=True, eq=False)
class Results:
    """What is known of the rows of a source that were cleaned.

    Attributes:
        place: What the lines count.
        rows: How many rows the source has.
        problems: What is wrong with rows, of ``problems.SCHEMA``.
        left_out: ``line`` and ``reason`` of the rows that rules left out.
        noted: ``line`` and ``reason`` of rows that people should look at.
        warnings: What people should know about the columns, a sentence each.
        spellings: Of each column that may have several headers, a sentence.
        doubts: Of a column with values that are likely to be wrong, a sentence.
        evidences: What the values of a column prove about their notation.
        wrappings: Whether all values of a column stand in quotes.
        headers: The header of each column as the source has it; a column that the
            source lacks is not in it.
    """

    place: problems.Place
    rows: int = 0
    problems: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=problems.SCHEMA)
    )
    left_out: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=LEFT_OUT)
    )
    noted: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LEFT_OUT))
    warnings: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()
    doubts: Mapping[str, str] = field(default_factory=dict)
    evidences: Evidences = field(default_factory=dict)
    wrappings: Wrappings = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def with_problems(self, found: pl.DataFrame) -> Self:
        """Return the results with more problems."""
        return replace(self, problems=_joined(self.problems, found))

    def with_left_out(self, rows: pl.DataFrame) -> Self:
        """Return the results with more rows that were left out."""
        return replace(self, left_out=_joined(self.left_out, rows))

    def with_noted(self, rows: pl.DataFrame) -> Self:
        """Return the results with more rows that people should look at."""
        return replace(self, noted=_joined(self.noted, rows))

    def with_batch(self, batch: "HasResults") -> Self:
        """Return the results with those of the next batch, save its problems.

        Its rows are counted already.
        """
        return replace(
            self.with_left_out(batch.left_out).with_noted(batch.noted),
            warnings=batch.column_warnings,  # Of each batch the same.
            spellings=batch.results.spellings,
            doubts={**batch.doubts, **self.doubts},  # The first of each column.
            evidences=_by_column(
                Evidence.__add__, self.evidences, batch.results.evidences
            ),
            wrappings=_by_column(both_wrapped, self.wrappings, batch.results.wrappings),
            headers=batch.headers,
        )

    def raise_problems(self) -> None:
        """Raise the problems, if there are any.

        Raises:
            CleaningError: Names all of them.
        """
        if not self.problems.is_empty():
            text = problems.describe(self.problems, self.place)
            raise CleaningError(text, self.problems, self.place)


def _by_column[Found](
    both: Callable[[Found, Found], Found],
    earlier: Mapping[str, Found],
    later: Mapping[str, Found],
) -> Mapping[str, Found]:
    """Join what is known of the columns in some batches and in the next one."""
    return {
        **earlier,
        **{
            name: both(earlier[name], found) if name in earlier else found
            for name, found in later.items()
        },
    }


def _joined(known: pl.DataFrame, more: pl.DataFrame) -> pl.DataFrame:
    # Nearly all batches have nothing to add.
    return known if more.is_empty() else pl.concat([known, more])


class HasResults:
    """The results of cleaning, each under its own name."""

    _results: Results

    @property
    def results(self) -> Results:
        """All that was found."""
        return self._results

    @property
    def place(self) -> problems.Place:
        """What the lines count."""
        return self._results.place

    @property
    def rows(self) -> int:
        """How many rows of the source have been read."""
        return self._results.rows

    @property
    def problems(self) -> pl.DataFrame:
        """What is wrong with rows, of ``problems.SCHEMA``."""
        return self._results.problems

    @problems.setter
    def problems(self, found: pl.DataFrame) -> None:
        self._results = replace(self._results, problems=found)

    @property
    def left_out(self) -> pl.DataFrame:
        """``line`` and ``reason`` of the rows that rules left out."""
        return self._results.left_out

    @left_out.setter
    def left_out(self, rows: pl.DataFrame) -> None:
        self._results = replace(self._results, left_out=rows)

    @property
    def noted(self) -> pl.DataFrame:
        """``line`` and ``reason`` of rows that people should look at."""
        return self._results.noted

    @property
    def warnings(self) -> tuple[str, ...]:
        """What people should know about the columns of the source, a sentence each."""
        found = self._results
        wrapped = warn_of_wrapped(found.wrappings, found.headers, found.place)
        return (*found.warnings, *found.doubts.values(), *wrapped)

    @warnings.setter
    def warnings(self, sentences: tuple[str, ...]) -> None:
        self._results = replace(self._results, warnings=sentences)

    @property
    def column_warnings(self) -> tuple[str, ...]:
        """The warnings about which columns there are."""
        return self._results.warnings

    @property
    def doubts(self) -> Mapping[str, str]:
        """A sentence on each column with values that are likely to be wrong."""
        return self._results.doubts

    @property
    def headers(self) -> Mapping[str, str]:
        """The header of each column as the source has it."""
        return self._results.headers
