"""The table of the columns of a sample, as wide as a terminal: two lines for most columns."""

import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest

from generators.code import ColumnPlan, ImportPlan
from importkit.errors import visible

MARGIN = "   "
GAP = "  "
# Of a line that is not for a terminal, so that it is the same wherever it goes.
WIDTH = 100
NARROWEST, WIDEST = 60, 160
HANGING = 2  # Blanks more before what a line goes on with.
HEADER_LENGTH = 80  # Characters of a header.
NAME_SHARE = 5  # A header and a name each take up to this part of the width.
TYPE_WIDTH = 24
TYPE_SHARE = 3  # A type takes up to this part of a narrow width.
LEAST_ROOM = 12  # For values beside a type; with less, they stand below it.
TITLES = ("header", "field", "type", "empty")
BETWEEN = " | "  # Between two values.
CUT = "..."
# A word, or an option with its value, which are copied together.
WORD = re.compile(r"(?:--[\w-]+ )?\S+")
# Where a line of a cell may end: behind a blank or an underscore.
PIECE = re.compile(r"[^ _]+[ _]*|[ _]+")


def width_of_terminal() -> int:
    """Return the width of the terminal, within reason."""
    width = shutil.get_terminal_size((WIDTH, 0)).columns
    return min(max(width, NARROWEST), WIDEST)


def table_of_columns(
    plan: ImportPlan, values: Mapping[str, Sequence[str]], width: int
) -> list[str]:
    """Return the lines of the table: names, type and values of a column, then the reason.

    Names and reasons go on in further lines, values are cut.

    Args:
        plan: The plan, with its columns.
        values: The first values of each column, by its header.
        width: The characters of a line.
    """
    type_width = min(TYPE_WIDTH, width // TYPE_SHARE)
    most = ((width // NAME_SHARE),) * 2 + (type_width, len(TITLES[-1]))
    rows = [
        (TITLES, "first values", ""),
        *(_described(plan, column, values) for column in plan.columns),
    ]
    columns = zip(*(cells for cells, _, _ in rows), strict=True)
    widths = [
        min(limit, max(map(width_of, cells)))
        for limit, cells in zip(most, columns, strict=True)
    ]
    return [line for row in rows for line in _lines(*row, widths, width)]


def list_of_columns(pairs: Iterable[tuple[str, str]], width: int) -> list[str]:
    """Return lines with headers, and beside each what is said of it."""
    rows = [(short(header), text) for header, text in pairs]
    first = min(width // NAME_SHARE, max(width_of(header) for header, _ in rows))
    rest = width - len(MARGIN) - first - len(GAP)
    return [
        _joined((left, right), (first, 0))
        for header, text in rows
        for left, right in zip_longest(
            wrapped(header, first), wrapped(text, rest), fillvalue=""
        )
    ]


def short(header: str) -> str:
    """Return a header that is safe to print, without the end of a very long one."""
    return cut(visible(header), HEADER_LENGTH)


def cut(text: str, width: int) -> str:
    """Return a text, without its end where it is wider than that."""
    if width_of(text) <= width:
        return text
    kept = ""
    for char in text:
        if width_of(kept + char) > width - len(CUT):
            break
        kept += char
    return kept + CUT


def wrapped(text: str, width: int) -> list[str]:
    """Return the lines of a text, which end between words where that is possible."""
    lines = [""]
    for piece in PIECE.findall(text):
        if width_of((lines[-1] + piece).rstrip()) > width and lines[-1]:
            lines.append("")
        for char in piece:
            if width_of((lines[-1] + char).rstrip()) > width:
                lines.append("")
            lines[-1] += char
    return [line.rstrip() for line in lines]


def in_lines(line: str, width: int) -> str:
    """Return a line as several, which end between words; no word is broken.

    A path or a word that is wider than the lines has one for itself.
    """
    if width_of(line) <= width:
        return line
    start = line[: len(line) - len(line.lstrip())]
    lines = [""]
    for word in WORD.findall(line):
        indent = start if len(lines) == 1 else start + " " * HANGING
        if lines[-1] and width_of(f"{indent}{lines[-1]} {word}") > width:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return f"\n{start}{' ' * HANGING}".join([start + lines[0], *lines[1:]])


def width_of(text: str) -> int:
    """Return how many columns of a terminal a text takes."""
    return len(text) if text.isascii() else sum(map(_char_width, text))


def _char_width(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _described(
    plan: ImportPlan, column: ColumnPlan, values: Mapping[str, Sequence[str]]
) -> tuple[tuple[str, ...], str, str]:
    """Return the cells of a column, its values and its reason."""
    source = column.column
    empty = f"{source.nulls / source.rows:.0%}" if source.nulls else ""
    cells = (short(source.header), column.name, type_of(column), empty)
    shown = BETWEEN.join(values.get(source.header, ()))
    return cells, shown, reason_of(plan, column)


def type_of(column: ColumnPlan) -> str:
    """Return the type in short: the length or digits, and whether it is unique."""
    field = column.field
    if field is None:
        return str(column.dtype).removeprefix("pl.")
    options = {str(name): str(value) for name, value in field.keywords}
    named = ("max_length", "max_digits", "decimal_places")
    sizes = ", ".join(options[name] for name in named if name in options)
    name = field.function.removeprefix("models.") + (f"({sizes})" if sizes else "")
    return f"{name}, unique" if "unique" in options else name


def reason_of(plan: ImportPlan, column: ColumnPlan) -> str:
    """Return why a column has its type, or what speaks against its field."""
    if column.field is not None:
        return column.column.evidence
    guess = column.evidence and f"a guess: {column.evidence}"
    doubts = "; ".join(text for text in (column.doubt, guess) if text)
    return doubts or f"as {plan.model_label} says"


def _lines(
    cells: Sequence[str],
    values: str,
    reason: str,
    widths: Sequence[int],
    width: int,
) -> list[str]:
    """Return the lines of one column: the reason stands below its type and values."""
    header, name, type_, empty = map(wrapped, cells, widths)
    names = width_of(_joined(("", "", "x"), (*widths[:2], 0))) - 1
    room = width - width_of(_joined(("", "", "", "", "x"), (*widths, 0))) + 1
    is_beside = room >= LEAST_ROOM
    beside = [cut(values, room)] if is_beside else []
    right = [
        _joined(parts, (*widths[2:], 0), "")
        for parts in zip_longest(type_, empty, beside, fillvalue="")
    ]
    if values and not is_beside:
        right.append(cut(values, width - names))
    right += wrapped(reason, width - names) if reason else []
    return [
        _joined(parts, (*widths[:2], 0))
        for parts in zip_longest(header, name, right, fillvalue="")
    ]


def _joined(parts: Iterable[str], widths: Iterable[int], margin: str = MARGIN) -> str:
    padded = (
        text + " " * (wanted - width_of(text))
        for text, wanted in zip(parts, widths, strict=True)
    )
    return (margin + GAP.join(padded)).rstrip()
