"""Step 1, import: the quotes and the escape of a sample whose separator is known."""

import io
import re
from collections import Counter
from dataclasses import replace

from importkit.source.delimited.records import line_end, records_of
from importkit.source.dialect import Dialect
from importkit.source.heads import Record

# The share of apostrophes that must stand around fields, to be quotes.
NEARLY_ALL = 0.9
# Separators of files that are often written without any quoting.
UNQUOTED = "\t|\x01\x1f"


def quoted_field(quote: str, mark: str, *, blanks: bool = False) -> re.Pattern[str]:
    """Return the pattern of a field in quotes; all line ends are line feeds.

    Args:
        quote: The quote.
        mark: The separator.
        blanks: Whether blanks may stand before the quote.
    """
    edge = re.escape(mark)
    start = rf"{quote}(?<![^{edge}\n]{quote})"
    if blanks and mark != " ":
        start = rf"(?<![^{edge}\n]) *+{quote}"
    return re.compile(rf"(?m){start}(?:[^{quote}]|{quote}{quote})*+{quote}(?={edge}|$)")


def with_quote(head: str, base: Dialect) -> Dialect:
    """Return the dialect, with apostrophes as quotes if nearly all stand around fields."""
    count = head.count("'")
    blanks = " '" in head
    if not count or quoted_field('"', base.separator, blanks=' "' in head).search(head):
        return base
    fields = quoted_field("'", base.separator, blanks=blanks).findall(head)
    used = sum(field.count("'") for field in fields)
    return replace(base, quote="'") if used >= NEARLY_ALL * count else base


def with_escape(text: str, dialect: Dialect) -> Dialect:
    """Return the dialect, with backslashes as escapes if fewer records are wrong then."""
    if "\\" not in text:
        return dialect
    apostrophes = text.count("'")
    if apostrophes and '"' not in text and apostrophes == text.count("\\'"):
        return replace(dialect, quote="'", escape="\\")
    quote, separator = dialect.quote, re.escape(dialect.separator)
    if not quote or not re.search(rf"\\{quote}[^{separator}\r\n{quote}]", text):
        return dialect
    escaping = replace(dialect, escape="\\")
    return escaping if _misread(text, escaping) < _misread(text, dialect) else dialect


def with_blanks(text: str, dialect: Dialect) -> Dialect:
    """Return the dialect, with blanks before quotes left out if records read so.

    There must be a field whose quotes stand behind blanks, and leaving the blanks out
    must not make more records wrong, as it does where such quotes are text.
    """
    quote = dialect.quote
    if not quote or dialect.separator == " " or f" {quote}" not in text:
        return dialect
    starts = re.compile(rf" +{quote}")
    fields = (field for record in _records(text, dialect) for field in record.fields)
    if not any(starts.match(field) for field in fields):
        return dialect
    skipping = replace(dialect, skip_blanks=True)
    if _broken(text, skipping) > _broken(text, dialect):
        return dialect
    return skipping if _misread(text, skipping) <= _misread(text, dialect) else dialect


def with_literal_quotes(head: str, dialect: Dialect) -> Dialect:
    """Return the dialect, without quotes where the text proves that they mean nothing.

    A program that quotes fields also quotes those that hold a quote, and doubles it. So a
    quote that stands otherwise speaks against quoting. Each field in quotes speaks for it;
    one that holds a doubled quote, a separator or a line end proves it.

    Args:
        head: The head of a sample; all its line ends are line feeds.
        dialect: The dialect so far.
    """
    quote = dialect.quote
    if not quote or dialect.separator not in UNQUOTED or quote not in head:
        return dialect
    if dialect.escape or dialect.skip_blanks:
        return dialect
    fields = [
        field[1:-1] for field in quoted_field(quote, dialect.separator).findall(head)
    ]
    if any(quote in field or dialect.separator in field for field in fields):
        return dialect
    strays = head.count(quote) - 2 * len(fields)
    literal = replace(dialect, quote=None)
    if strays <= len(fields) or _misread(head, literal) > _misread(head, dialect):
        return dialect
    return literal


def _misread(text: str, dialect: Dialect) -> int:
    """Count the records that are broken or of another width than most."""
    records = _records(text, dialect)
    widths = Counter(len(record.fields) for record in records if not record.error)
    return len(records) - max(widths.values(), default=0)


def _broken(text: str, dialect: Dialect) -> int:
    return sum(bool(record.error) for record in _records(text, dialect))


def _records(text: str, dialect: Dialect) -> list[Record]:
    lines = io.StringIO(text, newline=line_end(text))
    return list(records_of(lines, dialect))
