"""Notes on rows of a sample that may not be rows of its table, or hold control characters."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice, takewhile
from pathlib import Path

import polars as pl
import polars.selectors as cs

from generators.inference import (
    CUT_TO_EXPONENT,
    CUT_TO_ZEROS,
    ERRORS,
    Column,
    Kind,
)
from importkit.cleaning import find_invisible, first_control, with_controls
from importkit.errors import visible
from importkit.problems import LINES, listed
from importkit.source import (
    LINE,
    Dialect,
    line_end,
    lines_of,
    records_of,
    texts_of,
    utf_8_chunks,
)
from importkit.source.detection import names_columns
from importkit.source.sheets import SHEET_DIGITS
from importkit.texts import INVISIBLE

# Lines after a gap that are looked at: so many show whether another table starts there.
MOST_LINES = 200
CHUNK = 1_000_000  # Bytes that are read at a time.
LEAST_ROWS = 2  # Rows of another table below its header: fewer may be a note.
SOURCE = re.compile(r"(sources?|quellen?|fuentes?|fonte|notes?|источник)\s*:.*", re.I)
PHRASE = re.compile(r"(?=.*[^\W\d_]).*\S\s+\S")  # Words, not a code or a time.
DRAWN = r"^(:?[-=_\x{2500}\x{2550}]{2,}:?)?$"  # Markdown and database shells draw so.
LISTED = 3  # Errors that a note names.
AGAIN = "an import reads it as a row"
CUT_FORMS = {
    CUT_TO_EXPONENT: "numbers like 4.00639E+12",
    CUT_TO_ZEROS: f"zeros behind the {SHEET_DIGITS}th digit",
}


def notes_on_tables(rows: pl.DataFrame) -> Iterator[str]:
    """Yield which rows are headers: of the table again, or of another table.

    Args:
        rows: The rows that can be read, with their lines.
    """
    cells = rows.drop(LINE)
    if cells.width == 1:
        return
    repeats = pl.all_horizontal(pl.col(name) == name for name in cells.columns)
    lines = rows.filter(repeats)[LINE]
    if len(lines):
        yield f"line {lines[0]:,} repeats the header: {AGAIN}"
    # After a blank line, or after a cell of several lines, of which there may be many.
    after = rows.with_row_index("_at").filter(pl.col(LINE).diff() > 1)["_at"]
    for at in after.head(MOST_LINES):
        row, *below = cells.slice(at, MOST_LINES).fill_null("").rows()
        if not _is_another(row, below, 1):
            continue
        line = rows[LINE][at]
        # A word that comes again in its column is a value.
        again = any(
            (cells.to_series(n) == cell).sum() > 1 for n, cell in enumerate(row)
        )
        if not again and line not in lines:
            yield (
                f"another table starts at line {line:,}, and an import reads its rows as "
                "rows of the first: cut the file there"
            )
            return


def notes_on_totals(lines: Sequence[int]) -> Iterator[str]:
    """Yield which rows look like totals."""
    if not lines:
        return
    look, them = (
        ("looks like a total", "it")
        if len(lines) == 1
        else ("look like totals", "them")
    )
    where = listed(lines, LINES)
    yield f"{where} {look}: an import leaves {them} out (on_total_row)"


def notes_on_last(rows: pl.DataFrame) -> Iterator[str]:
    """Yield that the last rows look like notes below the table.

    Evidence: a row fills one cell, which comes in no other row, and names a source; or it
    is a phrase, and all rows above fill more cells.

    Args:
        rows: The first rows that can be read, and the last one, with their lines.
    """
    cells = _stripped(rows)
    filled = _filled(cells)
    last = len([*takewhile(lambda count: count == 1, reversed(filled))])
    above = cells.height - last
    if not last or cells.width == 1 or cells.height <= LEAST_ROWS:
        return
    others_fill_more = cells.width > LEAST_ROWS and bool((filled[:above] > 1).all())
    lines = [
        line
        for line, row in zip(rows[LINE][above:], cells[above:].rows(), strict=True)
        if _is_note(row, cells, is_phrase_enough=others_fill_more)
    ]
    yield from _said_of(lines, "looks like a note", "look like notes")


def notes_on_headings(rows: pl.DataFrame) -> Iterator[str]:
    """Yield which rows look like headings of the rows below them.

    Evidence: the first row is one of them, they fill one cell each, in one column, with
    different texts, and all other rows fill more.

    Args:
        rows: The first rows that can be read, with their lines.
    """
    cells = _stripped(rows)
    filled = _filled(cells)
    is_heading = filled == 1
    headings = cells.filter(is_heading)
    if cells.width <= LEAST_ROWS or headings.height < LEAST_ROWS:
        return
    if filled[0] != 1 or filled[-1] == 1 or filled.min() == 0:
        return
    if (is_heading & is_heading.shift(1)).any():
        return  # No row stands between two of them.
    texts = headings.select(pl.concat_str(pl.all())).to_series()
    places = headings.select((pl.all() != "").any()).row(0)
    if texts.n_unique() == len(texts) and sum(places) == 1:
        lines = rows[LINE].filter(is_heading).to_list()
        yield from _said_of(lines, "", "look like headings of groups")


def notes_on_rules(rows: pl.DataFrame) -> Iterator[str]:
    """Yield which rows only draw a line, as below the header of a printed table."""
    cells = _stripped(rows)
    if cells.width == 1 or not cells.height:
        return
    is_drawn = cells.select(pl.all_horizontal(pl.all().str.contains(DRAWN)))
    is_rule = is_drawn.to_series() & (_filled(cells) > 0)
    lines = rows[LINE].filter(is_rule).to_list()
    yield from _said_of(lines, "draws a line of dashes", "draw lines of dashes")


def _said_of(lines: Sequence[int], one: str, more: str) -> Iterator[str]:
    """Yield which lines are no rows of the table, with what one or more of them do."""
    if len(lines) == 1:
        yield f"line {lines[0]:,} {one}: {AGAIN}"
    elif lines:
        yield f"{listed(lines, LINES)} {more}: an import reads them as rows"


def _stripped(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the cells without their lines, named by their place, empty ones as text."""
    cells = rows.drop(LINE)
    # By place: to polars, a name such as "^x$" is a pattern.
    cells.columns = [str(place) for place in range(cells.width)]
    return cells.select(pl.all().str.strip_chars().fill_null(""))


def _filled(cells: pl.DataFrame) -> pl.Series:
    return cells.select(pl.sum_horizontal(pl.all() != "")).to_series()


def _is_note(
    row: Sequence[str], cells: pl.DataFrame, *, is_phrase_enough: bool
) -> bool:
    [(place, text)] = [(n, cell) for n, cell in enumerate(row) if cell]
    if (cells.to_series(place) == text).sum() > 1:
        return False
    is_phrase = is_phrase_enough and PHRASE.search(text)
    return bool(SOURCE.fullmatch(text) or is_phrase)


def is_table_below(path: Path, dialect: Dialect, line: int) -> bool:
    """Return whether another table, with its own header, starts at a line of a file."""
    chunks = utf_8_chunks(path, dialect.encoding, CHUNK)
    first = next(chunks)
    lines = lines_of(chain([first], chunks), line_end(first.decode("latin-1")).encode())
    behind = islice(texts_of(lines, dialect.encoding), line - 1, None)
    records = [*islice(records_of(behind, dialect, line), MOST_LINES)]
    width = len(records[0].fields) if records else 0
    same = takewhile(lambda record: len(record.fields) == width > 1, records)
    rows = [record.fields for record in same]
    return bool(rows) and _is_another(rows[0], rows[1:], 0)


def _is_another(row: Sequence[str], below: Sequence[Sequence[str]], least: int) -> bool:
    is_full = all(cell.strip() for cell in row)
    return is_full and len(below) >= LEAST_ROWS and names_columns(row, below) >= least


def notes_on_shortened(columns: Sequence[Column], rows: pl.DataFrame) -> Iterator[str]:
    """Yield the columns of numbers of which a spreadsheet cut digits, with their lines.

    Args:
        columns: The columns of the sample.
        rows: The first rows of the sample, with their lines.
    """
    for column in columns:
        if not column.shortened:
            continue
        # Without its name: to polars, a header such as "^x$" is a pattern.
        cells = rows[column.header].alias("").str.strip_chars()
        for pattern, written in CUT_FORMS.items():
            is_cut = cells.str.contains(pattern).fill_null(value=False)
            if is_cut.any():
                where = listed(rows[LINE].filter(is_cut).to_list(), LINES)
                yield (
                    f'digits are gone from "{visible(column.header)}" in {where}, where a '
                    f"spreadsheet wrote {written}: ask for the column as text"
                )


def notes_on_errors(rows: pl.DataFrame, columns: Sequence[Column]) -> Iterator[str]:
    """Yield the columns with errors of a spreadsheet, which are no values.

    In a column of text they are told only where it holds nothing else.

    Args:
        rows: The first rows of the sample, with their lines.
        columns: The columns, without the lines, in the order of the rows.
    """
    cells = rows.drop(LINE)
    # By place: to polars, a name such as "^x$" is a pattern.
    cells.columns = [str(place) for place in range(cells.width)]
    cells = cells.with_columns(cs.string().str.strip_chars())
    errors = cells.select(cs.string().str.contains(ERRORS).sum()).to_dicts()
    for place, count in (errors[0] if errors else {}).items():
        column, text = columns[int(place)], cells[place]
        if not count or not (column.errors or column.kind is Kind.TEXT):
            continue
        if not column.errors and count < (text != "").sum():
            continue
        is_error = text.str.contains(ERRORS).fill_null(value=False)
        words = ", ".join(text.filter(is_error).unique(maintain_order=True)[:LISTED])
        where = listed(rows[LINE].filter(is_error).to_list(), LINES)
        what = "which an import refuses" if column.errors else "which are text here"
        yield (
            f'"{visible(column.header)}": {words} in {where}: '
            f"errors of a spreadsheet, {what}"
        )


# In this range cp1252 has quotes, dashes and letters, and latin-1 control characters.
LEAST, MOST = "\x80", "\x9f"
MISREAD = ": text of cp1252 that was read as latin-1?"


def notes_on_controls(rows: pl.DataFrame, height: int, encoding: str) -> Iterator[str]:
    """Yield how many rows hold a control character, and the line of the first.

    Args:
        rows: The first rows of the sample, with their lines.
        height: How many rows it has.
        encoding: The encoding it is read in; a wrong one makes control characters.
    """
    names = with_controls(rows.select(cs.string()))
    if not names:
        return
    # An import strips space at the ends, which may be control characters, too.
    # By place: to polars, a name such as "^x$" is a pattern.
    places = (rows.columns.index(name) for name in names)
    cells = (first_control(pl.nth(place).str.strip_chars()) for place in places)
    found = rows.select(LINE, _sign=pl.coalesce(cells)).drop_nulls()
    if found.is_empty():
        return
    line, sign = found.row(0)
    verb, where = ("holds a", "line") if len(found) == 1 else ("hold a", "first line")
    is_misread = encoding != "latin-1" and LEAST <= sign <= MOST
    among = f" of the first {len(rows):,}" if len(rows) < height else ""
    noun = "row" if len(found) == 1 and not among else "rows"
    yield (
        f"{len(found):,}{among} {noun} {verb} control character, which an import refuses, "
        f"{where} {line:,} (U+{ord(sign):04X}){MISREAD if is_misread else ''}"
    )


def notes_on_invisible(rows: pl.DataFrame, height: int) -> Iterator[str]:
    """Yield which rows hold invisible characters, and what an import does with them.

    Args:
        rows: The first rows of the sample, with their lines.
        height: How many rows it has.
    """
    names = find_invisible(rows.select(cs.string()))
    if not names:
        return
    places = [rows.columns.index(name) for name in names]
    found = rows.select(
        LINE,
        _sign=pl.coalesce(pl.nth(p).str.extract(f"([{INVISIBLE}])") for p in places),
    ).drop_nulls()
    where = listed(found[LINE].to_list(), LINES)
    among = f" of the first {len(rows):,} rows" if len(rows) < height else ""
    sign = ord(found["_sign"][0])
    yield (
        f"invisible characters in {where}{among} (U+{sign:04X} in the first): an "
        "import leaves them out at the ends of values, and inside of keys, numbers and "
        "dates; inside of other text they stay"
    )
