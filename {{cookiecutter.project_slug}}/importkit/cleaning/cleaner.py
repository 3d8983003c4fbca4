"""Step 2, clean: cast, check, fill, decide duplicates, sort; nothing silently."""

from collections.abc import Sequence
from typing import Any

import polars as pl
from polars import selectors as cs

from importkit import problems
from importkit.cleaning import casting, texts
from importkit.cleaning.casting import DType
from importkit.cleaning.columns import Policy, match_columns
from importkit.cleaning.hooks import CleaningRules
from importkit.cleaning.parsing import Parser
from importkit.cleaning.seen_keys import SeenKeys
from importkit.errors import CleaningError, ConfigurationError
from importkit.problems import Code
from importkit.source import LINE, PROBLEM

# All that a cleaning class needs to import.
__all__ = ["CleaningDF", "DType", "Parser", "Policy"]


class CleaningDF(CleaningRules):
    """The rules of one kind of file, and the clean frame that they make of it.

    Only ``get_col_dtype_map`` has to be given. The steps run in this order: rename,
    strip and null tokens, cast, drop empty rows, check, fill, duplicates, sort.

    Attributes:
        df: The clean frame: the columns of ``get_col_dtype_map`` in its order.
        lines: The line of the file (or, without ``_line``, the row from 1) of each
            row of ``df``.
        left_out: ``line`` and ``reason`` of the rows that rules left out.
        problems: What is wrong with rows, of ``problems.SCHEMA``. With ``skip`` those
            rows are not in ``df``; without it there are none.
        rows: How many rows the frame had.
        warnings: What is to be said of its columns, a sentence each.

    Raises:
        CleaningError: Values do not fit; every one is named. Not with ``skip``.
        SourceError: A column is missing, or new where that is not allowed.
        ConfigurationError: The rules contradict each other.
    """

    df: pl.DataFrame

    def __init__(
        self,
        *args: Any,
        seen: Sequence[SeenKeys] = (),
        skip: bool = False,
        **kwargs: Any,
    ) -> None:
        """Clean a frame, or whatever ``pl.DataFrame`` makes one of.

        Args:
            args: The frame.
            seen: For a batch of a larger source, per unique subset the keys before it.
            skip: Whether to go on without the rows that do not fit.
            kwargs: What ``pl.DataFrame`` takes.
        """
        self._seen = seen
        self._skip = skip
        raw = args[0] if args else kwargs.get("data")
        if isinstance(raw, pl.LazyFrame):
            raw = raw.collect()
        df = raw if isinstance(raw, pl.DataFrame) else pl.DataFrame(*args, **kwargs)
        self.place = problems.LINES if LINE in df.columns else problems.ROWS
        if LINE not in df.columns:
            df = df.with_row_index(LINE, offset=1).cast({LINE: pl.Int64})
        self.rows = df.height
        self.left_out = pl.DataFrame(schema={"line": pl.Int64, "reason": pl.String})
        self.problems = pl.DataFrame(schema=problems.SCHEMA)
        self.warnings: tuple[str, ...] = ()
        self.check_rules()
        df = self._without_misfits(df)
        self.df = self.drop_cols(self.rename_cols(df))
        self.clean()
        self.lines = self.df[LINE]
        self.df = self.df.drop(LINE)

    @property
    def stops_at(self) -> int | None:
        """The first line, if a row has a problem: of a frame all rows come at once."""
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
        dtypes = self.dtypes()
        match = match_columns(self.get_rename_map(), dtypes, headers)
        self.warnings = match.judged(
            self.on_new_column, self.on_missing_column, self.get_no_null_cols()
        )
        # Series, not names: to polars, a header such as "^x$" is a pattern.
        named = [temp_df[header].alias(name) for name, header in match.sources.items()]
        empty = [
            pl.Series(name, [None], dtypes[name]).new_from_index(0, temp_df.height)
            for name in match.missing
        ]
        return pl.DataFrame([temp_df[LINE], *named, *empty])

    def drop_cols(self, temp_df: pl.DataFrame) -> pl.DataFrame:
        """Keep the columns that have a type, and the lines."""
        return temp_df.select(LINE, *self.dtypes())

    def convert_cols(self) -> None:
        """Make text values, keep what does not read as problems, round, convert."""
        labels = cs.by_dtype(pl.Categorical, pl.Enum)
        self.df = self.df.with_columns(labels.cast(pl.String))
        raw = self.df = self.df.with_columns(self._stripped())
        parsers = self.get_col_parser_map()
        self.df = self.df.with_columns(
            parse(pl.col(name)).alias(name)
            for name, parse in parsers.items()
            if raw.schema[name] == pl.String
        )
        self.standard_convert_cols()
        for name in self.dtypes():
            if self.df[name].null_count() > raw[name].null_count():
                self._add_unreadable(raw, name)
        self.custom_convert_cols()

    def standard_convert_cols(self) -> None:
        """Cast each column, rounding those that have a precision."""
        schema = self.df.schema
        places = self.get_col_precision_map()
        self.df = self.df.with_columns(
            casting.cast_rounded(pl.col(name), schema[name], dtype, places.get(name))
            for name, dtype in self.dtypes().items()
        )

    def custom_convert_cols(self) -> None:
        """Apply the converters of the class."""
        skip = self.skip_col_converter.__name__
        self.df = self.df.with_columns(
            converter(self.df[name]).alias(name)
            for name, converter in self.get_col_converter_map().items()
            if getattr(converter, "__name__", "") != skip
        )

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
        # What did not read is null by now, but was something.
        readable = ~pl.col(LINE).is_in(self.problems["line"].implode())
        for subset in self.get_drop_null_subsets() or (tuple(self.dtypes()),):
            reason = f"nothing in {', '.join(subset)}"
            if subset == tuple(self.dtypes()):
                reason = "nothing in any column"
            if all(self.df[name].null_count() for name in subset):
                empty = pl.all_horizontal(pl.col(subset).is_null())
                self._leave_out(empty & readable, reason)

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
        for name in self.get_no_null_cols():
            if not self.df[name].null_count():
                continue
            known = self.problems.filter(pl.col("column") == name)["line"]
            empty = pl.col(name).is_null() & ~pl.col(LINE).is_in(known.implode())
            rows = self.df.filter(empty)
            self._add_problems(rows, name, Code.EMPTY, "must not be empty")

    def check_no_nan(self) -> None:
        """Keep a problem for each NaN or infinity that a converter made."""
        for name, dtype in self.dtypes().items():
            if dtype.is_float():
                rows = self.df.filter(~pl.col(name).is_finite())
                self._add_problems(rows, name, Code.UNREADABLE, "not a number")

    def check_no_controls(self) -> None:
        """Keep a problem for each text with a control character, line ends aside."""
        for name in texts.with_controls(self.df.select(cs.string())):
            text = pl.col(name)
            rows = self.df.filter(text.str.contains(texts.CONTROL))
            for (first,), group in rows.group_by(texts.first_control(text)):
                reason = f"holds a control character (U+{ord(str(first)):04X})"
                self._add_problems(group, name, Code.CONTROL, reason)

    def fill_nulls(self) -> None:
        """Put the values of the fill map in the place of nulls."""
        dtypes = self.dtypes()
        self.df = self.df.with_columns(
            pl.col(name).fill_null(casting.filler(name, value, dtypes[name]))
            for name, value in self.get_fill_null_map().items()
            if value is not None
        )

    def handle_duplicates(self) -> None:
        """Keep the first of rows alike in a subset; rows with a null in it are not."""
        for place, subset in enumerate(self.get_unique_subsets()):
            whole = ~pl.any_horizontal(pl.col(subset).is_null())
            for name in self.get_add_on_duplicate_cols():
                self._add_up(name, subset)
            reason = f"{', '.join(subset)} as in an earlier row"
            first = pl.col(*subset) if len(subset) == 1 else pl.struct(subset)
            self._leave_out(whole & ~first.is_first_distinct(), reason)
            if self._seen:
                keys = self.df.select(subset)
                self._leave_out(whole & self._seen[place].repeats(keys), reason)

    def _add_up(self, name: str, subset: tuple[str, ...]) -> None:
        """Put the sum over rows alike into each of them; nothing at all stays so."""
        dtype = self.dtypes()[name]
        wide = casting.wide(dtype)
        alike = ~pl.any_horizontal(pl.col(subset).is_null())
        filled = pl.col(name).is_not_null().any().over(subset)
        total = pl.when(alike & filled).then(pl.col(name).cast(wide).sum().over(subset))
        totals = self.df.select(total.alias(name)).to_series()
        fitting = totals.to_frame().select(casting.cast(pl.col(name), wide, dtype))
        lost = fitting.to_series().is_null() & totals.is_not_null()
        rows = self.df.with_columns(totals).filter(lost)
        reason = f"the sum over rows alike is not {casting.expected(dtype)}"
        self._add_problems(rows, name, Code.UNREADABLE, reason)
        self.df = self.df.with_columns(fitting.to_series().fill_null(self.df[name]))
        self._raise_problems()

    def sort_cols(self) -> None:
        """Sort; without sort columns the order of the file stays."""
        if not self.get_sort_cols():
            return
        names, descending = zip(*self.get_sort_cols(), strict=True)
        self.df = self.df.sort(names, descending=descending, maintain_order=True)

    def _stripped(self) -> list[pl.Expr]:
        """Strip text; make empty text and null words null."""
        words = self.get_null_tokens()
        return [
            texts.stripped(pl.col(name), words.get(name, ()))
            for name, dtype in self.df.schema.items()
            if dtype == pl.String
        ]

    def _without_misfits(self, df: pl.DataFrame) -> pl.DataFrame:
        """Take out the rows that reading could not bring into columns."""
        if PROBLEM not in df.columns:
            return df
        misfits = df.filter(pl.col(PROBLEM).is_not_null())
        found = misfits.select(
            line=pl.col(LINE),
            column=pl.lit(""),
            value=pl.lit(None, pl.String),
            code=pl.col(PROBLEM).str.extract("^([a-z_]+)"),
            reason=pl.col(PROBLEM).str.replace("^[a-z_]+: ", ""),
        )
        self.problems = pl.concat([self.problems, found])
        return df.filter(pl.col(PROBLEM).is_null()).drop(PROBLEM)

    def _raise_problems(self) -> None:
        """Raise what is wrong, or go on without the rows where that is allowed."""
        if self.problems.is_empty():
            return
        if not self._skip:
            text = problems.describe(self.problems, self.place)
            raise CleaningError(text, self.problems, self.place)
        bad = self.problems["line"].unique()
        self.df = self.df.filter(~pl.col(LINE).is_in(bad.implode()))

    def _add_unreadable(self, raw: pl.DataFrame, name: str) -> None:
        """Keep a problem for each value that the cast has lost."""
        dtype, parse = self.dtypes()[name], self.get_col_parser_map().get(name)
        lost = raw.filter(self.df[name].is_null() & raw[name].is_not_null())
        wanted = casting.expected(dtype, read_by_default=parse is None)
        if zone := getattr(dtype, "time_zone", None):
            read = parse if parse and raw.schema[name] == pl.String else None
            is_local = casting.is_local(lost[name], read)
            reason = f"not a time that exists once in {zone}"
            self._add_problems(lost.filter(is_local), name, Code.UNREADABLE, reason)
            lost = lost.filter(~is_local)
        self._add_problems(lost, name, Code.UNREADABLE, f"not {wanted}")

    def _add_problems(
        self, rows: pl.DataFrame, column: str, code: Code, reason: str
    ) -> None:
        found = rows.select(
            line=pl.col(LINE),
            column=pl.lit(column),
            value=pl.col(column).cast(pl.String),
            code=pl.lit(code.value),
            reason=pl.lit(reason),
        )
        found = self.masking().masked(found)
        self.problems = pl.concat([self.problems, found])

    def _leave_out(self, rows: pl.Expr, reason: str) -> None:
        lost = self.df.filter(rows).select(line=LINE, reason=pl.lit(reason))
        self.left_out = pl.concat([self.left_out, lost])
        self.df = self.df.filter(~rows)
