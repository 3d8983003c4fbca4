"""The row of a problem as it stands in its file, with the value underlined."""

import csv
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from importkit.cleaning import MASK, Masking, match_columns
from importkit.errors import ImportKitError
from importkit.problems import Example, Excerpts
from importkit.source import (
    LINE,
    PROBLEM,
    DelimitedFile,
    Record,
    field_spans,
    records_at,
)

WIDTH = 100  # Of a line on screen.
INDENT = 4
CUT = "..."
WIDE = ("W", "F")


class Piece(NamedTuple):
    """A part of a line of the file, and whether it is what the problem is about."""

    text: str
    is_marked: bool


class Source(NamedTuple):
    """A line of the file, in pieces.

    Attributes:
        line: Its number.
        pieces: What it holds.
        value: The value of the problem, where the line spells it in another way.
    """

    line: int
    pieces: list[Piece]
    value: str


class Cell(NamedTuple):
    """One character as it is shown: how wide, and whether it is underlined."""

    text: str
    width: int
    is_marked: bool


@dataclass(frozen=True)
class Pointer:
    """Points at values in the rows of a file.

    Attributes:
        file: The file.
        places: Which field of a row is which column.
        masking: What must not be shown.
        width: How many fields a row has.
    """

    file: DelimitedFile
    places: Mapping[str, int]
    masking: Masking
    width: int

    @classmethod
    def at(
        cls,
        file: DelimitedFile,
        rename_map: Mapping[str, str],
        masking: Masking,
    ) -> "Pointer":
        """Find the columns of a cleaning class in the header of a file."""
        headers = [name for name in file.schema if name not in (LINE, PROBLEM)]
        try:
            sources = match_columns(rename_map, masking.columns, headers).sources
        except ImportKitError:  # The frame got other names before it was cleaned.
            sources = {}
        places = {column: headers.index(name) for column, name in sources.items()}
        return cls(file, places, masking, len(headers))

    def read(self, examples: Iterable[Example]) -> Excerpts:
        """Return the rows of some problems, as far as they can be shown."""
        wanted = list(examples)
        lines = pl.Series([example.line for example in wanted], dtype=pl.Int64)
        try:
            rows = records_at(self.file, lines.unique().sort())
            records = {record.line: record for record in rows}
        except (ImportKitError, csv.Error, UnicodeError):
            return {}  # It is another file by now.
        found = {
            example: source
            for example in wanted
            if (record := records.get(example.line))
            and (source := self._source(example, record))
        }
        gutter = max((len(str(source.line)) for source in found.values()), default=0)
        return {
            example: "\n".join(_framed(source, gutter))
            for example, source in found.items()
        }

    def _source(self, example: Example, record: Record) -> Source | None:
        """Return the line on which a value starts; None where it cannot be shown."""
        spans = field_spans(record.text, self.file.dialect)
        if not example.column:
            if self.masking.personal:
                return None  # Nobody knows which of it is personal.
            first = _physical_lines(record.text, self.file.end)[0]
            return Source(record.line, [Piece(first, is_marked=False)], "")
        marked = self._marked(example.column)
        if not marked or record.error or len(spans) != self.width:
            return None
        start, stop = spans[marked[0]]
        line = record.line + record.text.count(self.file.end, 0, start)
        value = ""
        if len(marked) == 1 and marked[0] not in self._hidden():
            value = _other_spelling(record.text[start:stop], example, self.file)
        pieces = [
            piece
            for number, piece in self._pieces(record, spans, marked)
            if number == line
        ]
        return Source(line, pieces, value)

    def _marked(self, column: str) -> list[int]:
        """Return which fields a problem is about; none if one of them is not known."""
        names = [column] if column in self.places else column.split(", ")
        if not all(name in self.places for name in names):
            return []
        return sorted(self.places[name] for name in names)

    def _hidden(self) -> Collection[int]:
        """Return the fields that must not be shown: also those without a column."""
        if not self.masking.personal:
            return ()
        columns = {place: column for column, place in self.places.items()}
        return [
            place
            for place in range(self.width)
            if place not in columns or columns[place] in self.masking.personal
        ]

    def _pieces(
        self, record: Record, spans: list[tuple[int, int]], marked: Collection[int]
    ) -> Iterator[tuple[int, Piece]]:
        """Yield the fields and separators of a row with the lines that they are on."""
        hidden = self._hidden()
        line = record.line
        for place, (start, stop) in enumerate(spans):
            if place:
                yield line, Piece(self.file.dialect.separator, is_marked=False)
            parts = _physical_lines(record.text[start:stop], self.file.end)
            for number, part in enumerate(parts, line):
                text = MASK if place in hidden else part
                yield number, Piece(text, place in marked)
            line += len(parts) - 1


def _physical_lines(text: str, end: str) -> list[str]:
    *lines, last = text.split(end)
    return [*(line.removesuffix("\r") for line in lines), last]


def _other_spelling(text: str, example: Example, file: DelimitedFile) -> str:
    """Return the value of a problem, unless it is what the field says."""
    quote = file.dialect.quote
    written = text.strip()
    if quote and len(written) > 1 and written[0] == written[-1] == quote:
        written = written[1:-1].replace(quote * 2, quote).strip()
    if example.value is None or example.value == written:
        return ""
    return repr(example.value)


def _framed(source: Source, gutter: int) -> Iterator[str]:
    """Yield the line of a file with its number, and what is under it."""
    room = WIDTH - INDENT - gutter - len(" | ")
    cells = _window(source.pieces, room)
    indent = " " * INDENT
    row = "".join(cell.text for cell in cells)
    yield f"{indent}{source.line:>{gutter}} | {row}"
    carets = _carets(cells)
    if not carets:
        return
    blank = f"{indent}{'':{gutter}} | "
    if not source.value:
        yield f"{blank}{carets}"
        return
    value = "".join(cell.text for cell in _window([Piece(source.value, False)], room))
    if len(carets) + 1 + len(value) <= room:
        yield f"{blank}{carets} {value}"
        return
    yield f"{blank}{carets}"
    yield f"{blank}{value}"


def _window(pieces: list[Piece], room: int) -> list[Cell]:
    """Return as much of a line as there is room for, around what is marked."""
    place = next((n for n, piece in enumerate(pieces) if piece.is_marked), 0)
    before = "".join(piece.text for piece in pieces[:place])
    # Rows may be of any length: only their part around the mark is looked at.
    left = _cells([Piece(before[-room:], is_marked=False)])
    right = _cells(_head(pieces[place:], room))
    is_cut = sum(len(piece.text) for piece in pieces[place:]) > room
    least = max(min(_width(right), room // 2), 1)
    if len(before) > room or _width(left) > room - least:
        while _width(left) > room - least - len(CUT):
            del left[0]
        left.insert(0, Cell(CUT, len(CUT), is_marked=False))
    room -= _width(left)
    if _width(right) > room or is_cut:
        while right and _width(right) > room - len(CUT):
            del right[-1]
        right.append(Cell(CUT, len(CUT), is_marked=False))
    return [*left, *right]


def _head(pieces: list[Piece], length: int) -> list[Piece]:
    """Return the first characters of some pieces."""
    found = []
    for piece in pieces:
        if length <= 0:
            break
        found.append(Piece(piece.text[:length], piece.is_marked))
        length -= len(piece.text)
    return found


def _cells(pieces: Iterable[Piece]) -> list[Cell]:
    """Return characters as they are shown; none is sent that a terminal obeys."""
    cells = []
    for text, is_marked in pieces:
        if is_marked and not text:
            cells.append(Cell("", 0, is_marked=True))
        for character in text:
            shown = character if character.isprintable() else repr(character)[1:-1]
            cells.append(Cell(shown, sum(map(_columns, shown)), is_marked))
    return cells


def _columns(character: str) -> int:
    """Return how many columns of a terminal a character takes."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in WIDE else 1


def _width(cells: Iterable[Cell]) -> int:
    return sum(cell.width for cell in cells)


def _carets(cells: Iterable[Cell]) -> str:
    """Return the line below: a caret under each column that is marked."""
    columns = ""
    column = 0
    for cell in cells:
        if cell.is_marked:
            # One where something is missing, which has no width.
            columns = columns.ljust(column) + "^" * max(cell.width, not cell.text)
        column += cell.width
    return columns
