"""Step 1, import: an apostrophe keeps spreadsheets from running a cell of rejects.

A person opens a file of rejects in a spreadsheet, which would run a cell such as "=1+1".
So ``guarded`` writes an apostrophe before it, as OWASP advises against CSV injection, and
``unguarded`` takes it away when rejects are imported. No value changes on the way.
"""

import re
from collections.abc import Callable
from functools import cache

import polars as pl

from importkit.source.delimited.records import escaped, field_spans
from importkit.source.dialect import Dialect
from importkit.source.frames import LINE

REJECT_COLUMNS = (
    LINE,
    "_column",
    "_code",
    "_message",
)  # The last of a file of rejects.

# Patterns that polars and re both know. A number such as -1 is not a formula.
FORMULA = r"^'*[=+\-@\t\r]"
NUMBER = r"'*[+\-][0-9.,]*"


def unguarded_cells() -> pl.Expr:
    """Return all columns of text as they were before ``guarded``."""
    cells = pl.col(pl.String)
    is_guarded = cells.str.contains(f"{FORMULA}") & cells.str.starts_with("'")
    is_number = cells.str.contains(f"^{NUMBER}$")
    return pl.when(is_guarded & ~is_number).then(cells.str.slice(1)).otherwise(cells)


def guarded_value(value: str) -> str:
    """Put an apostrophe before a value if a spreadsheet would run it."""
    return f"'{value}" if _is_formula(value) else value


def unguarded_value(value: str) -> str:
    """Return a value as it was before ``guarded_value``."""
    return value[1:] if _is_guarded(value) else value


def guarded(text: str, dialect: Dialect) -> str:
    """Put apostrophes into a record, so that a spreadsheet runs none of its cells.

    Anything else stays as it is. A record that cannot be read is cut into cells as
    generously as spreadsheets cut it.

    Args:
        text: The record, without its line end.
        dialect: How it is written.
    """
    quote = dialect.quote
    if not _suspicious(dialect).search(text):
        return text

    def mark(cell: str) -> str:
        if not _is_formula(_value(cell, dialect)):
            return cell
        if not quote or (quote != "'" and not cell.startswith(quote)):
            return f"'{cell}"
        if cell.startswith(quote):
            return f"{quote}{_apostrophe(quote)}{cell[1:]}"
        # Where apostrophes are the quotes, a cell with one must be quoted.
        return f"'''{_doubled(cell, dialect)}'"

    return _with_cells(text, dialect, mark)


def unguarded(text: str, dialect: Dialect) -> str:
    """Return a record as it was before ``guarded``."""
    quote = dialect.quote

    def clear(cell: str) -> str:
        if not _is_guarded(_value(cell, dialect)):
            return cell
        if not quote or not cell.startswith(quote):
            return cell[1:]
        return quote + cell[1 + len(_apostrophe(quote)) :]

    return _with_cells(text, dialect, clear)


@cache
def _suspicious(dialect: Dialect) -> re.Pattern[str]:
    """Return a quick test: it matches each record with a formula, and few others."""
    edges = re.escape(dialect.separator + (dialect.quote or ""))
    return re.compile(rf"(?:^|[{edges}\r\n])'*[=+\-@\t\r]")


def _is_formula(value: str) -> bool:
    return bool(re.match(FORMULA, value)) and not re.fullmatch(NUMBER, value)


def _is_guarded(value: str) -> bool:
    return value.startswith("'") and _is_formula(value)


def _apostrophe(quote: str) -> str:
    return "''" if quote == "'" else "'"


def _doubled(cell: str, dialect: Dialect) -> str:
    """Double the quotes of a cell that are not escaped."""
    pattern = f"({escaped(dialect)})|{re.escape(dialect.quote or '')}"
    return re.sub(pattern, lambda found: found[1] or found[0] * 2, cell)


def _value(cell: str, dialect: Dialect) -> str:
    """Return the value of a cell, with any text behind its closing quote."""
    pair = escaped(dialect)
    quote = dialect.quote
    if not quote or not cell.startswith(quote):
        return re.sub(pair, lambda found: found[0][1], cell)
    one = re.escape(quote)
    inside = re.compile(f"(?:{pair}|[^{one}]|{one}{one})*+").match(cell, 1)
    end = inside.end() if inside else 1
    plain = re.sub(f"{pair}|{one}{one}", lambda found: found[0][1], cell[1:end])
    return plain + cell[end + 1 :]


def _with_cells(text: str, dialect: Dialect, change: Callable[[str], str]) -> str:
    parts, behind = [], 0
    for start, end in field_spans(text, dialect):
        parts += [text[behind:start], change(text[start:end])]
        behind = end
    return "".join([*parts, text[behind:]])
