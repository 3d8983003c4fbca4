"""Step 1, import: the separator, the quotes and the escape of a sample."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from importkit.source.detection.lists import holds_values, is_text
from importkit.source.detection.quotes import (
    quoted_field,
    with_blanks,
    with_escape,
    with_literal_quotes,
    with_quote,
)
from importkit.source.dialect import NOTHING, SEPARATORS, Dialect, Stated

COMMON = "".join(SEPARATORS)
# Tried only where no common separator is certain: they stand in text much more often.
RARE = " :#^~*&/\x01\x1f"
LINES = 300  # The part of a sample that is rated: at most so many lines,
CHARACTERS = 300_000  # and at most so many characters.
CERTAIN = 0.9  # A score, from 0 to 1, that leaves no doubt.
# How much better the score of a less usual separator must be, divided by the number of
# rows: the more rows there are, the less is chance.
MARGIN = 0.2
LEAST_ROWS = 3  # Fewer rows may have as many of a rare separator by chance.
QUOTED = "\0"  # Stands for a field in quotes; a text file does not hold it.

NUMBER = r"[+-]?[$£€]?\s?(\d+([.,' ]\d+)*|[.,]\d+)([eE][+-]?\d+)?\s?[%€]?"
# Behind minutes or seconds: a fraction, a half of the day, a zone; never a separator.
REST = r"[\w.+: -]*(,\d+)?"
MOMENT = (
    rf"\d{{1,4}}[-./]\d{{1,2}}[-./]\d{{1,4}}([ T]\d{{1,2}}:\d\d{REST})?"
    rf"|\d{{1,2}}:\d\d(:\d\d{REST})?"
)
VALUE = re.compile(f"{NUMBER}|{MOMENT}")
DECLARED = re.compile(r'"?sep=(.)"?(\r?\n|\r|\Z)', re.IGNORECASE)


class Rating(NamedTuple):
    """How well a dialect reads the head of a sample; the better compares greater.

    Attributes:
        score: From 0 to 1: the share of rows of one width, lowered by cells that look
            like several values or a part of one, and by quotes that do not stand around
            a field. 0 for text of one column.
        width: How many fields most rows have.
        rows: How many rows there are.
    """

    score: float
    width: int = 1
    rows: int = 1


def find_separator(text: str, base: Dialect, stated: Stated = NOTHING) -> Dialect:
    """Return the dialect whose separator, quotes and escape read a text best as a table.

    Args:
        text: The head of a sample.
        base: The dialect as far as it is known.
        stated: What the user states, which is not sought.
    """
    if declared := DECLARED.match(text):
        base = replace(base, separator=declared[1], skip=1)
        text = text[declared.end() :]
    head = _head(text)
    if stated.separator:
        base = replace(base, separator=stated.separator)
    best = with_quote(head, base) if declared or stated.separator else _best(head, base)
    if stated.quote is not None:
        best = replace(best, quote=stated.quote or None)
    if stated.escape is not None:
        best = replace(best, escape=stated.escape or None)
    else:
        found = with_escape(text, best)
        is_other = stated.quote is not None and found.quote != best.quote
        best = best if is_other else found
    best = with_blanks(text, best)
    return best if stated.quote is not None else with_literal_quotes(head, best)


def _best(head: str, base: Dialect) -> Dialect:
    """Return the dialect whose separator reads a text best as a table."""
    if holds_values(head):
        return replace(base, separator=_unused(head, base))
    best, rating = replace(base, separator=_unused(head, base)), Rating(0.0)
    for mark in COMMON:
        tried = with_quote(head, replace(base, separator=mark))
        found_rating = rate(head, tried)
        if (
            found_rating.score
            > rating.score + MARGIN * bool(rating.score) / rating.rows
        ):
            best, rating = tried, found_rating
    if rating.score < CERTAIN:
        best = _rare(head, base, best, rating)
    return best


def rate(head: str, dialect: Dialect) -> Rating:
    """Rate how well a dialect reads text; all its line ends are line feeds."""
    mark = dialect.separator
    plain, quotes = _without_quoted(head, dialect)
    rows = [line.split(mark) for line in plain.split("\n") if line.strip(f"{mark} ")]
    widths = Counter(map(len, rows))
    several = Counter({width: n for width, n in widths.items() if width > 1})
    if not several or is_text(head, mark, VALUE):
        return Rating(0.0)
    [(width, even)] = several.most_common(1)
    even += _lacks_first_name(rows, width)
    is_beside = f"{QUOTED}{mark}" in plain or f"{mark}{QUOTED}" in plain
    if widths[1] > even and not is_beside:
        return Rating(0.0)  # Text of one column, some of which holds separators.
    cells = [cell for row in rows if len(row) > 1 for cell in row]
    foreign = re.compile(rf"\S[{re.escape(COMMON.replace(mark, ''))}]\S|\t")
    whole = sum(_is_whole(cell.strip(), foreign) for cell in cells) / len(cells)
    # A mark that only ends lines separates nothing, if another does.
    ends = all(len(row) == 2 and not row[1].strip() for row in rows)
    score = even / widths.total() * (1 + whole) / 2 * (1 + quotes) / (4 if ends else 2)
    return Rating(score, width, widths.total())


def _lacks_first_name(rows: Sequence[Sequence[str]], width: int) -> bool:
    """Return whether only the header is one cell short, above rows that begin with a name.

    So R writes tables. The header stands in quotes, or the names count the rows.
    """
    header, *below = rows
    if len(header) != width - 1 or any(len(row) != width for row in below):
        return False
    is_counted = all(row[0] == str(number) for number, row in enumerate(below, 1))
    return is_counted or all(cell == QUOTED for cell in header)


def _is_whole(cell: str, foreign: re.Pattern[str]) -> bool:
    """Return whether a cell looks like one value, not like several or a part of one."""
    if not cell or cell == QUOTED or VALUE.fullmatch(cell):
        return True
    is_piece = (cell[0] == "'") != (cell[-1] == "'") or cell[-1] in COMMON
    return not is_piece and not foreign.search(cell)


def _without_quoted(head: str, dialect: Dialect) -> tuple[str, float]:
    """Replace fields in quotes; also return the share of quotes that stand around them."""
    quote = dialect.quote or '"'
    total = head.count(quote)
    if not total or not dialect.quote:
        return head, 1.0
    fields = quoted_field(quote, dialect.separator, blanks=f" {quote}" in head)
    plain = fields.sub(QUOTED, head)
    return plain, 1 - plain.count(quote) / total


def _rare(head: str, base: Dialect, best: Dialect, rating: Rating) -> Dialect:
    """Return a dialect with a rare separator if its score is certain and better."""
    for tried in _used(head, base):
        found = rate(head, tried)
        is_plain = found.score >= CERTAIN and found.rows >= LEAST_ROWS
        if is_plain and found.score > rating.score + MARGIN / 2:
            best, rating = tried, found
    return best


def _used(head: str, base: Dialect) -> Iterator[Dialect]:
    for mark in RARE:
        if mark in head:
            yield with_quote(head, replace(base, separator=mark))


def _unused(head: str, base: Dialect) -> str:
    """Return the separator for text of one column: one that the text does not hold."""
    plain, _ = _without_quoted(head, base)
    return next((mark for mark in COMMON if mark not in plain), ",")


def _head(text: str) -> str:
    """Return the first whole lines of a text, each ended by a line feed."""
    head = text[:CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
    lines = head.split("\n", LINES)
    is_cut = len(lines) > LINES or len(text) > CHARACTERS
    return "".join(f"{line}\n" for line in lines[: -1 if is_cut else None])
