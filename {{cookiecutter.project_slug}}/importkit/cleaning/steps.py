"""Step 2, clean: the steps, as functions over a frame with lines and the hooks of a class.

They stand here in the order in which ``CleaningDF`` runs them. Each frame has the column
``_line``. Steps that check rows give frames of problems, of ``problems.SCHEMA``.
"""

from collections.abc import Iterator
from itertools import chain

import polars as pl
from polars import selectors as cs

from importkit import problems
from importkit.cleaning import casting
from importkit.cleaning.columns import Match
from importkit.cleaning.hooks import CleaningHooks
from importkit.cleaning.parsing import Parser
from importkit.cleaning.results import LEFT_OUT
from importkit.cleaning.whole_rows import find_totals
from importkit.problems import Code, Reason
from importkit.source import LINE, PROBLEM
from importkit.texts import ANY_INVISIBLE, ENDS, JOINERS_ASTRAY, NO_JOINER

# All control characters but tab, line feed and carriage return, which text may hold.
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u{80}-\u{9f}]"
FIRST_PLAIN, LAST_PLAIN = ord(" "), ord("~")
ROWS = 50_000  # So many at a time that the bytes of a column stay near the processor.

type Hooks = type[CleaningHooks]


def numbered(df: pl.DataFrame, first: int = 1) -> pl.DataFrame:
    """Return a frame with lines: without its own, its rows are counted."""
    if LINE in df.columns:
        return df
    return df.with_row_index(LINE, offset=first).cast({LINE: pl.Int64})


def find_misfits(df: pl.DataFrame) -> pl.DataFrame:
    """Return the problems of the rows that reading could not bring into columns."""
    if not _has_misfits(df):
        return pl.DataFrame(schema=problems.SCHEMA)
    return df.filter(pl.col(PROBLEM).is_not_null()).select(
        line=pl.col(LINE),
        column=pl.lit(""),
        value=pl.lit(None, pl.String),
        code=pl.col(PROBLEM).str.extract("^([a-z_]+)"),
        reason=pl.col(PROBLEM).str.replace("^[a-z_]+: ", ""),
    )


def without_misfits(df: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that reading could bring into columns."""
    if _has_misfits(df):
        df = df.filter(pl.col(PROBLEM).is_null())
    return df.drop(PROBLEM, strict=False)


def renamed(hooks: Hooks, match: Match, df: pl.DataFrame) -> pl.DataFrame:
    """Return the columns of the source under their names; missing ones are null."""
    dtypes = hooks.dtypes()
    # Series, not names: to polars, a header such as "^x$" is a pattern.
    named = [df[header].alias(name) for name, header in match.sources.items()]
    empty = [
        pl.Series(name, [None], dtypes[name]).new_from_index(0, df.height)
        for name in match.missing
    ]
    return pl.DataFrame([df[LINE], *named, *empty])


def stripped(hooks: Hooks, df: pl.DataFrame) -> pl.DataFrame:
    """Strip text, of invisible characters too; empty text and null words become null."""
    labels = cs.by_dtype(pl.Categorical, pl.Enum)
    df = df.with_columns(labels.cast(pl.String))
    words = hooks.get_null_tokens()
    texts = {name: pl.col(name) for name in df.columns if df.schema[name] == pl.String}
    keys = set(chain.from_iterable(hooks.get_unique_subsets()))
    form = hooks.get_normal_form()
    for name in _beyond_ascii(df.select(list(texts))):
        if name in keys and form:
            texts[name] = texts[name].str.normalize(form)
        if name not in hooks.get_verbatim_cols() and _contains(df[name], ANY_INVISIBLE):
            is_read = hooks.dtypes()[name] != pl.String or name in keys
            texts[name] = seen(texts[name]) if is_read else _seen_ends(texts[name])
    return df.with_columns(
        _stripped(text, words.get(name, ())) for name, text in texts.items()
    )


def seen(text: pl.Expr) -> pl.Expr:
    """Return text without invisible characters.

    A joiner between two letters of Persian or of an Indian script, or between two
    pictures, is part of their spelling and stays.
    """
    plain = _seen_ends(text).str.replace_all(NO_JOINER, "")
    for pattern in JOINERS_ASTRAY:
        plain = plain.str.replace_all(pattern, "${seen}")
    return plain


def find_invisible(texts: pl.DataFrame) -> list[str]:
    """Return the columns, all of text, in which some value holds an invisible character."""
    return [n for n in _beyond_ascii(texts) if _contains(texts[n], ANY_INVISIBLE)]


def parsed(hooks: Hooks, df: pl.DataFrame) -> pl.DataFrame:
    """Read text with the parsers of the class; null where a parser refuses a value."""
    return df.with_columns(
        parse(pl.col(name)).alias(name)
        for name, parse in hooks.get_col_parser_map().items()
        if df.schema[name] == pl.String
    )


def cast(hooks: Hooks, df: pl.DataFrame) -> pl.DataFrame:
    """Cast each column, rounding those with a precision; null where a value is lost."""
    places = hooks.get_col_precision_map()
    return df.with_columns(
        casting.cast_rounded(pl.col(name), df.schema[name], dtype, places.get(name))
        for name, dtype in hooks.dtypes().items()
    )


def read_again(hooks: Hooks, raw: pl.DataFrame, df: pl.DataFrame) -> pl.DataFrame:
    """Read numbers, dates and times that were lost once more, with plain digits and signs.

    Files change their minus sign, or write negative numbers in parentheses, without a
    change of what is meant. So only values that are lost cost the time to look at them.

    Args:
        hooks: The class.
        raw: The rows before they were parsed.
        df: The same rows after the cast.
    """
    parsers, places = hooks.get_col_parser_map(), hooks.get_col_precision_map()
    for name, dtype in hooks.dtypes().items():
        may_be_read = raw.schema[name] == pl.String and (
            dtype.is_numeric() or dtype.is_temporal()
        )
        if not may_be_read or df[name].null_count() == raw[name].null_count():
            continue
        is_lost = df[name].is_null() & raw[name].is_not_null()
        lost = raw[name].filter(is_lost)
        found = casting.cast_lost(lost, dtype, parsers.get(name), places.get(name))
        df = df.with_columns(df[name].scatter(is_lost.arg_true(), found))
    return df


def find_total_rows(hooks: Hooks, raw: pl.DataFrame, df: pl.DataFrame) -> pl.Series:
    """Return which rows look like totals.

    A label can stand in a column of text, and among the values that could not be read.

    Args:
        hooks: The class.
        raw: The rows before they were parsed.
        df: The same rows after the cast.
    """
    searched = [
        name
        for name, dtype in hooks.dtypes().items()
        if raw.schema[name] == pl.String
        and (dtype == pl.String or df[name].null_count() > raw[name].null_count())
    ]
    return find_totals(raw.drop(LINE), searched)


def problems_of_rows(lines: pl.Series, code: Code, reason: str) -> pl.DataFrame:
    """Return a problem of each of some rows as a whole, of ``problems.SCHEMA``."""
    return pl.DataFrame({"line": lines}).select(
        "line",
        column=pl.lit(""),
        value=pl.lit(None, pl.String),
        code=pl.lit(code.value),
        reason=pl.lit(reason),
    )


def find_unreadable(
    hooks: Hooks, raw: pl.DataFrame, df: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Yield a problem for each value that parsers and the cast have lost.

    Args:
        hooks: The class.
        raw: The rows before they were parsed.
        df: The same rows after the cast.
    """
    parsers = hooks.get_col_parser_map()
    for name, dtype in hooks.dtypes().items():
        if df[name].null_count() > raw[name].null_count():
            lost = raw.filter(df[name].is_null() & raw[name].is_not_null())
            parser = parsers.get(name)
            for rows, reason in _unreadable(lost, name, dtype, parser):
                yield _problems(rows, name, Code.UNREADABLE, reason)


def converted(hooks: Hooks, df: pl.DataFrame) -> pl.DataFrame:
    """Apply the converters of the class."""
    skip = hooks.skip_col_converter.__name__
    return df.with_columns(
        converter(df[name]).alias(name)
        for name, converter in hooks.get_col_converter_map().items()
        if getattr(converter, "__name__", "") != skip
    )


def without_empty_rows(
    hooks: Hooks, df: pl.DataFrame, known: pl.Series
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Leave out the rows in which all columns, or all of a subset, are null.

    Args:
        hooks: The class.
        df: The rows.
        known: The lines with problems: what could not be read is null, but not empty.

    Returns:
        The rows that stay, and ``line`` and ``reason`` of the others.
    """
    every = tuple(hooks.dtypes())
    readable = ~pl.col(LINE).is_in(known.implode())
    found = [pl.DataFrame(schema=LEFT_OUT)]
    for subset in hooks.get_drop_null_subsets() or (every,):
        if all(df[name].null_count() for name in subset):
            empty = pl.all_horizontal(pl.col(subset).is_null())
            where = "any column" if subset == every else ", ".join(subset)
            df, rows = _split(df, empty & readable, f"nothing in {where}")
            found.append(rows)
    return df, pl.concat(found)


def find_empty_cells(
    hooks: Hooks, df: pl.DataFrame, known: pl.DataFrame
) -> Iterator[pl.DataFrame]:
    """Yield a problem for each null in a required column, unless one is known there."""
    for name in dict.fromkeys(hooks.get_no_null_cols()):
        if df[name].null_count():
            told = known.filter(pl.col("column") == name)["line"]
            empty = pl.col(name).is_null() & ~pl.col(LINE).is_in(told.implode())
            yield _problems(df.filter(empty), name, Code.EMPTY, "must not be empty")


def find_not_finite(hooks: Hooks, df: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield a problem for each NaN or infinity, which only a converter can make."""
    for name, dtype in hooks.dtypes().items():
        if dtype.is_float():
            rows = df.filter(~pl.col(name).is_finite())
            yield _problems(rows, name, Code.UNREADABLE, "not a number")


def find_controls(df: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """Yield a problem for each text with a control character, line ends aside."""
    for name in with_controls(df.select(cs.string())):
        text = pl.col(name)
        rows = df.filter(text.str.contains(CONTROL))
        for (first,), group in rows.group_by(first_control(text)):
            reason = f"holds a control character (U+{ord(str(first)):04X})"
            yield _problems(group, name, Code.CONTROL, reason)


def filled(hooks: Hooks, df: pl.DataFrame) -> pl.DataFrame:
    """Put the values of the fill map in the place of nulls."""
    dtypes = hooks.dtypes()
    return df.with_columns(
        pl.col(name).fill_null(casting.filler(name, value, dtypes[name]))
        for name, value in hooks.get_fill_null_map().items()
        if value is not None
    )


def added_up(
    hooks: Hooks, df: pl.DataFrame, name: str, subset: tuple[str, ...]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Put the sum of a column over rows alike in a subset into each of these rows.

    Returns:
        The rows, and a problem for each whose sum does not fit the type. Where all
        values are null, the sum is null.
    """
    dtype = hooks.dtypes()[name]
    wide = casting.type_of_sums(dtype)
    alike = ~pl.any_horizontal(pl.col(subset).is_null())
    has_value = pl.col(name).is_not_null().any().over(subset)
    total = pl.when(alike & has_value).then(pl.col(name).cast(wide).sum().over(subset))
    totals = df.select(total.alias(name)).to_series()
    fitting = totals.to_frame().select(casting.cast(pl.col(name), wide, dtype))
    lost = fitting.to_series().is_null() & totals.is_not_null()
    rows = df.with_columns(totals).filter(lost)
    reason = f"the sum over rows alike is not {casting.expected(dtype)}"
    found = _problems(rows, name, Code.UNREADABLE, reason)
    return df.with_columns(fitting.to_series().fill_null(df[name])), found


def ordered(hooks: Hooks, df: pl.DataFrame) -> pl.DataFrame:
    """Sort by the sort columns; without any, the order of the file stays."""
    if not hooks.get_sort_cols():
        return df
    names, descending = zip(*hooks.get_sort_cols(), strict=True)
    return df.sort(names, descending=descending, maintain_order=True)


def with_controls(texts: pl.DataFrame) -> list[str]:
    """Return the columns, all of text, in which some value holds a control character."""
    return [name for name in _not_plain(texts) if _contains(texts[name], CONTROL)]


def first_control(text: pl.Expr) -> pl.Expr:
    """Return the first control character of text; null where it has none."""
    return text.str.extract(f"({CONTROL})")


def _has_misfits(df: pl.DataFrame) -> bool:
    return PROBLEM in df.columns and df[PROBLEM].null_count() < df.height


def _split(
    df: pl.DataFrame, rows: pl.Expr, reason: str
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the rows that stay, and ``line`` and ``reason`` of those left out."""
    is_out = df.select(rows).to_series()
    lost = df.filter(is_out).select(line=LINE, reason=pl.lit(reason))
    return df.filter(~is_out), lost


def _stripped(text: pl.Expr, words: tuple[str, ...]) -> pl.Expr:
    return text.str.strip_chars().replace(list({"", *words}), None)


def _seen_ends(text: pl.Expr) -> pl.Expr:
    return text.str.replace_all(ENDS, "")


def _contains(text: pl.Series, pattern: str) -> bool:
    # Without its name: to polars, a header such as "^x$" is a pattern.
    return bool(text.alias("").str.contains(pattern).any())


def _beyond_ascii(texts: pl.DataFrame) -> list[str]:
    """Return the columns of text in which some value is not ASCII.

    Lengths are compared in a fifth of the time that stripping takes.
    """
    beyond = (pl.all().str.len_bytes() - pl.all().str.len_chars()).sum()
    counts = texts.select(beyond).row(0) if texts.width else ()
    return [name for name, n in zip(texts.columns, counts, strict=True) if n]


def _not_plain(texts: pl.DataFrame) -> list[str]:
    """Return the columns in which some value holds more than printable ASCII.

    Bytes are compared in a quarter of the time that a search in each value takes, and
    most columns need no more.
    """
    found: set[str] = set()
    as_bytes = pl.all().str.join("").cast(pl.Binary).cast(pl.List(pl.UInt8))
    for part in texts.iter_slices(ROWS):
        plain = (
            part.select(as_bytes)
            .select(pl.all().explode().is_between(FIRST_PLAIN, LAST_PLAIN).all())
            .row(0, named=True)
        )
        found |= {name for name, is_plain in plain.items() if not is_plain}
    return [name for name in texts.columns if name in found]


def _unreadable(
    lost: pl.DataFrame, name: str, dtype: pl.DataType, parser: Parser | None
) -> Iterator[tuple[pl.DataFrame, str]]:
    """Yield rows whose value could not be read, with the reason."""
    # Values of a typed source are cast without a parser.
    parser = parser if lost.schema[name] == pl.String else None
    if zone := getattr(dtype, "time_zone", None):
        is_local = casting.is_local(lost[name], parser)
        yield lost.filter(is_local), Reason.NOT_ONCE.of(zone)
        lost = lost.filter(~is_local)
    if dtype.is_integer() and not parser and lost.schema[name] == pl.String:
        is_padded = lost[name].str.contains(casting.PADDED)
        yield (
            lost.filter(is_padded),
            Reason.PADDED.text,
        )
        lost = lost.filter(~is_padded)
    yield lost, f"not {casting.expected(dtype, parser)}"


def _problems(rows: pl.DataFrame, column: str, code: Code, reason: str) -> pl.DataFrame:
    return rows.select(
        line=pl.col(LINE),
        column=pl.lit(column),
        value=pl.col(column).cast(pl.String),
        code=pl.lit(code.value),
        reason=pl.lit(reason),
    )
