"""Step 1, import: cells that a spreadsheet would run get an apostrophe in rejects.

``guarded`` puts one before them, as OWASP advises against CSV injection; whoever reads
rejects takes it away again. Each undoes the other, so that no value changes on the way.
"""

import re
from collections.abc import Callable
from functools import cache

import polars as pl

from importkit.source.delimited.dialect import Dialect
from importkit.source.delimited.records import escaped, field_spans
from importkit.source.frames import LINE

REJECT_COLUMNS = (LINE, "_column", "_code", "_message")  # Of a file of rejects.

# In words that polars knows, too. A number is no formula.
FORMULA = r"^'*[=+\-@\t\r]"
NUMBER = r"'*[+\-][0-9.,]*"


def unguarded_cells() -> pl.Expr:
    """Return all columns of text without the apostrophes of ``guarded``."""
    cells = pl.col(pl.String)
    is_guarded = cells.str.contains(f"{FORMULA}") & cells.str.starts_with("'")
    is_number = cells.str.contains(f"^{NUMBER}$")
    return pl.when(is_guarded & ~is_number).then(cells.str.slice(1)).otherwise(cells)


def guarded_value(value: str) -> str:
    """Return a value with an apostrophe before it if a spreadsheet would run it."""
    return f"'{value}" if _is_formula(value) else value


def unguarded_value(value: str) -> str:
    """Return a value as it was before ``guarded_value``."""
    return value[1:] if _is_guarded(value) else value


def guarded(text: str, dialect: Dialect) -> str:
    """Return a record, without its line end, of which a spreadsheet runs no cell.

    Everything but these apostrophes stays as it is, and what is no readable record is
    taken as generously as spreadsheets take it.
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
        # An apostrophe that is the quote has to stand in quotes.
        return f"'''{_doubled(cell, dialect)}'"

    return _with_cells(text, dialect, mark)


def unguarded(text: str, dialect: Dialect) -> str:
    """Return a record, without its line end, as it was before ``guarded``."""
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
    """Return what is in every record with a formula, and in few others."""
    edges = re.escape(dialect.separator + (dialect.quote or ""))
    return re.compile(rf"(?:^|[{edges}\r\n])'*[=+\-@\t\r]")


def _is_formula(value: str) -> bool:
    return bool(re.match(FORMULA, value)) and not re.fullmatch(NUMBER, value)


def _is_guarded(value: str) -> bool:
    return value.startswith("'") and _is_formula(value)


def _apostrophe(quote: str) -> str:
    return "''" if quote == "'" else "'"


def _doubled(cell: str, dialect: Dialect) -> str:
    """Double the quotes of a cell but those that are escaped."""
    pattern = f"({escaped(dialect)})|{re.escape(dialect.quote or '')}"
    return re.sub(pattern, lambda found: found[1] or found[0] * 2, cell)


def _value(cell: str, dialect: Dialect) -> str:
    """Return what a cell says, and what may be left behind its closing quote."""
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
