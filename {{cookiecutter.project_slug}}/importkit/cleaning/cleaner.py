"""Step 2, clean: the class that cleans a frame by the hooks that a project gives it."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import polars as pl

from importkit import problems
from importkit.cleaning import steps
from importkit.cleaning.columns import match_columns
from importkit.cleaning.hooks import CleaningHooks
from importkit.cleaning.moments import find_far_days
from importkit.cleaning.policies import TotalRows
from importkit.cleaning.results import LEFT_OUT, HasResults, Results
from importkit.cleaning.whole_columns import (
    Asked,
    Measured,
    check_notations,
    find_evidence,
    find_wrapped,
)
from importkit.cleaning.whole_rows import (
    SeenKeys,
    find_taken_keys,
    problems_of,
    without_repeats,
)
from importkit.errors import ConfigurationError
from importkit.problems import Code
from importkit.source import LINE

TOTAL = "looks like a total"


class CleaningDF(HasResults, CleaningHooks):
    """The rules of one kind of file, and the clean frame that they make of it.

    Only ``get_col_dtype_map`` has to be given. The steps run in this order: rename,
    strip and null words, parse and cast, convert, drop empty rows, check, fill,
    duplicates, sort. Each is a method that a project may override; while they run,
    ``df`` holds the column ``_line``.

    Attributes:
        df: The clean frame: the columns of ``get_col_dtype_map`` in its order.
        lines: The line of the file (or, without ``_line``, the row from 1) of each
            row of ``df``.
        left_out: ``line`` and ``reason`` of the rows that rules left out.
        problems: What is wrong with rows, of ``problems.SCHEMA``. With ``skip`` those
            rows are not in ``df``; without it there are none.
        rows: How many rows the frame had.
        warnings: What people should know about its columns, a sentence each.
        headers: The header of each column as the frame had it.
        measured: What ``measure`` asks for.

    Raises:
        CleaningError: Values do not fit; every one is named. Not with ``skip``.
        SourceError: A column is missing, or new where that is not allowed. Or values
            prove another notation than the class says, unless ``skip``.
        ConfigurationError: The rules contradict each other.
    """

    df: pl.DataFrame
    lines: pl.Series
    measured: Measured

    def __init__(
        self,
        *args: Any,
        seen: Sequence[SeenKeys] = (),
        skip: bool = False,
        **kwargs: Any,
    ) -> None:
        """Clean a frame, or whatever ``pl.DataFrame`` makes a frame of.

        Args:
            args: The frame.
            seen: For a batch of a larger source, the keys of the batches before it:
                one ``SeenKeys`` for each of ``get_unique_subsets``.
            skip: Whether to go on without the rows that do not fit.
            kwargs: What ``pl.DataFrame`` takes.
        """
        self._seen = seen
        self._skip = skip
        self._bad: list[pl.DataFrame] = []  # The rows that are no longer in df.
        raw = args[0] if args else kwargs.get("data")
        if isinstance(raw, pl.LazyFrame):
            raw = raw.collect()
        df = raw if isinstance(raw, pl.DataFrame) else pl.DataFrame(*args, **kwargs)
        place = problems.LINES if LINE in df.columns else problems.ROWS
        self._results = Results(place, rows=df.height)
        self.check_rules()
        df = steps.numbered(df)
        self.add_problems([steps.find_misfits(df)])
        df = steps.without_misfits(df)
        self.df = self.drop_cols(self.rename_cols(df))
        self.clean()
        self.lines = self.df[LINE]
        self.df = self.df.drop(LINE)

    def measure(self, asked: Asked) -> None:
        """Count numbers of columns; they are in ``measured``."""
        self.measured = Measured(asked)
        self.measured.add(self.rows, self.df)
        self.measured.is_whole = True

    @property
    def stops_at(self) -> int | None:
        """Return 0 if a row has a problem, so that no row is written; else None."""
        return None if self.problems.is_empty() else 0

    def clean(self) -> None:
        """Run the steps on ``df``."""
        self.convert_cols()
        self.drop_null_subsets()
        self.check()
        self.fill_nulls()
        self.handle_duplicates()
        self.sort_cols()

    def rename_cols(self, temp_df: pl.DataFrame) -> pl.DataFrame:
        """Give the columns of the source their names in the frame."""
        headers = [name for name in temp_df.columns if name != LINE]
        match = match_columns(self.get_rename_map(), self.dtypes(), headers)
        warnings = match.check(
            self.on_new_column, self.on_missing_column, self.get_no_null_cols()
        )
        self._results = replace(
            self._results,
            warnings=warnings,
            spellings=match.spellings,
            headers=match.sources,
        )
        return steps.renamed(type(self), match, temp_df)

    def drop_cols(self, temp_df: pl.DataFrame) -> pl.DataFrame:
        """Keep the columns that have a type, and the lines."""
        return temp_df.select(LINE, *self.dtypes())

    def convert_cols(self) -> None:
        """Turn text into values, keep unreadable text as problems, convert."""
        raw = steps.stripped(type(self), self.df)
        self.df = steps.parsed(type(self), raw)
        self.standard_convert_cols()
        self.df = steps.read_again(type(self), raw, self.df)
        raw = self.handle_totals(raw)
        self.add_problems(steps.find_unreadable(type(self), raw, self.df))
        evidences = dict(find_evidence(type(self), raw, self.df))
        wrappings = dict(find_wrapped(self.df))
        self._results = replace(self._results, evidences=evidences, wrappings=wrappings)
        self.custom_convert_cols()
        doubts = dict(find_far_days(self.df, self.headers, self.place))
        self._results = replace(self._results, doubts=doubts)

    def handle_totals(self, raw: pl.DataFrame) -> pl.DataFrame:
        """Tell, leave out or refuse rows that look like totals, as the class says.

        Args:
            raw: The rows of ``df`` before they were parsed.

        Returns:
            The rows that stay, before they were parsed.
        """
        policy = self.on_total_row
        if policy is TotalRows.IGNORE:
            return raw
        is_total = steps.find_total_rows(type(self), raw, self.df)
        lines = raw[LINE].filter(is_total)
        if lines.is_empty():
            return raw
        told = pl.DataFrame({"line": lines, "reason": TOTAL}, schema=LEFT_OUT)
        if policy is TotalRows.WARN:
            self._results = self._results.with_noted(told)
            return raw
        if policy is TotalRows.ERROR:
            self.add_problems([steps.problems_of_rows(lines, Code.TOTAL, TOTAL)])
        else:
            self._results = self._results.with_left_out(told)
        self.df = self.df.filter(~is_total)
        return raw.filter(~is_total)

    def standard_convert_cols(self) -> None:
        """Cast each column, rounding those that have a precision."""
        self.df = steps.cast(type(self), self.df)

    def custom_convert_cols(self) -> None:
        """Apply the converters of the class."""
        self.df = steps.converted(type(self), self.df)

    @classmethod
    def round_col(
        cls, col: pl.Series, precision: int | None = None, *, compensate: bool = False
    ) -> pl.Series:
        """Round each value by itself; with ``compensate`` so that the sum is kept."""
        if precision is None:
            precision = cls.get_col_precision_map()[col.name]
        if not compensate:
            return col.round(precision)
        rounded = super().round_col(col.drop_nulls(), precision, compensate=True)
        return col.scatter(col.is_not_null().arg_true(), rounded)

    def drop_null_subsets(self) -> None:
        """Leave out rows in which all columns, or all of a subset, are null."""
        known = self.problems["line"]
        self.df, rows = steps.without_empty_rows(type(self), self.df, known)
        self._results = self._results.with_left_out(rows)

    def check(self) -> None:
        """Raise everything that is wrong with the rows, all at once."""
        self.check_correct_dtypes()
        self.check_no_null_cols()
        self.check_no_nan()
        self.check_no_controls()
        self._raise_problems()

    def check_correct_dtypes(self) -> None:
        """Refuse converters that return another type than they were given."""
        for name, dtype in self.dtypes().items():
            if self.df.schema[name] != dtype:
                raise ConfigurationError(
                    f'The converter of "{name}" returns {self.df.schema[name]}; '
                    f"get_col_dtype_map says {dtype}."
                )

    def check_no_null_cols(self) -> None:
        """Keep a problem for each null in a required column, unreadable ones aside."""
        found = steps.find_empty_cells(type(self), self.df, self.problems)
        self.add_problems(found)

    @classmethod
    def check_notations(cls, found: Results) -> None:
        """Refuse values that prove another notation than the class says.

        Args:
            found: What cleaning has found in all rows.
        """
        check_notations(found.evidences, found.headers, found.place, cls.masking())

    def check_no_nan(self) -> None:
        """Keep a problem for each NaN or infinity that a converter made."""
        self.add_problems(steps.find_not_finite(type(self), self.df))

    def check_no_controls(self) -> None:
        """Keep a problem for each text with a control character, line ends aside."""
        self.add_problems(steps.find_controls(self.df))

    def fill_nulls(self) -> None:
        """Put the values of the fill map in the place of nulls."""
        self.df = steps.filled(type(self), self.df)

    def handle_duplicates(self) -> None:
        """Leave out rows alike, and keep problems for rows that contradict each other.

        A null in a unique subset equals nothing. Columns that are added up do not
        contradict each other. A row that has a problem already contradicts the row
        without problems that has its key, which it would overwrite later.
        """
        place = self.place.singular
        for number, subset in enumerate(self.get_unique_subsets()):
            for name in self.get_add_on_duplicate_cols():
                self.df, found = steps.added_up(type(self), self.df, name, subset)
                self.add_problems([found])
                self._raise_problems()
            seen = self._seen[number] if self._seen else None
            before = self.df
            self.df, alike = without_repeats(type(self), before, subset, seen, place)
            self._results = self._results.with_left_out(alike.left_out)
            taken = find_taken_keys(
                self.df, self._bad_rows(subset), subset, seen, self.on_contradiction
            )
            self.add_problems(problems_of(found, subset, place) for found in taken)
            self.add_problems([alike.contradictions])
            if not alike.contradictions.is_empty():
                self._set_aside(before, alike.contradictions["line"])
        self._raise_problems()

    def sort_cols(self) -> None:
        """Sort; without sort columns the order of the file stays."""
        self.df = steps.ordered(type(self), self.df)

    def add_problems(self, found: Iterable[pl.DataFrame]) -> None:
        """Keep problems, without the values of personal columns.

        Args:
            found: Frames of ``problems.SCHEMA``; a project may have codes of its own.
        """
        for some in found:
            if not some.is_empty():
                masked = self.masking().masked(some)
                self._results = self._results.with_problems(masked)

    def _raise_problems(self) -> None:
        """Raise what is wrong, or go on without the rows where that is allowed."""
        if not self._skip:
            self.check_notations(self._results)
            self._results.raise_problems()
        if not self.problems.is_empty():
            bad = self.problems["line"].unique()
            self._set_aside(self.df, bad)
            self.df = self.df.filter(~pl.col(LINE).is_in(bad.implode()))

    def _set_aside(self, df: pl.DataFrame, lines: pl.Series) -> None:
        """Keep rows with problems, whose keys may be those of other rows."""
        self._bad.append(df.filter(pl.col(LINE).is_in(lines.implode())))

    def _bad_rows(self, subset: tuple[str, ...]) -> pl.DataFrame:
        """Return the rows with problems whose values in a subset have none."""
        if not self._bad:
            return self.df.clear()
        told = self.problems.filter(pl.col("column").is_in(subset))["line"]
        bad = pl.concat(self._bad).filter(~pl.col(LINE).is_in(told.implode()))
        return steps.filled(type(self), bad)
