"""The rows of problems as they stand in the file, with the value of each underlined."""

import csv
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import polars as pl

from importkit.cleaning import MASK, Masking, RenameMap, match_columns
from importkit.errors import ImportKitError, visible
from importkit.problems import Example, Excerpts
from importkit.source import (
    LINE,
    PROBLEM,
    REJECT_COLUMNS,
    DelimitedFile,
    Record,
    field_spans,
    records_at,
)

WIDTH = 100  # Characters of a line on the screen.
INDENT = 4
CUT = "..."
WIDE = ("W", "F")  # Characters that take two columns of a terminal.


class Piece(NamedTuple):
    """A part of a line of the file, and whether the problem is about this part."""

    text: str
    is_marked: bool


class FileLine(NamedTuple):
    """A line of the file, in pieces.

    Attributes:
        line: The number of the line.
        pieces: The text of the line.
        value: The value of the problem, if the line spells it in another way.
    """

    line: int
    pieces: list[Piece]
    value: str


class Character(NamedTuple):
    """One character as it is shown: its text, its width, and whether it is underlined."""

    text: str
    width: int
    is_marked: bool


@dataclass(frozen=True)
class Pointer:
    """Shows rows of a file, with carets under the values that have a problem.

    Attributes:
        file: The file.
        places: The position in a row, from 0, of each column of the clean frame.
        masking: Which values must not be shown.
        width: How many cells a row has.
    """

    file: DelimitedFile
    places: Mapping[str, int]
    masking: Masking
    width: int

    @classmethod
    def at(
        cls,
        file: DelimitedFile,
        rename_map: RenameMap,
        masking: Masking,
    ) -> "Pointer":
        """Find the columns of a cleaning class among the headers of a file.

        Args:
            file: The file.
            rename_map: What ``get_rename_map`` of the class returns.
            masking: Which values must not be shown.
        """
        headers = [name for name in file.schema if name not in (LINE, PROBLEM)]
        try:
            sources = match_columns(rename_map, masking.columns, headers).sources
        except ImportKitError:  # handle_import has renamed the columns of the frame.
            sources = {}
        places = {column: headers.index(name) for column, name in sources.items()}
        return cls(file, places, masking, len(headers))

    def read(self, examples: Iterable[Example]) -> Excerpts:
        """Return the rows of those problems whose rows can be shown."""
        wanted = list(examples)
        lines = pl.Series([example.line for example in wanted], dtype=pl.Int64)
        try:
            rows = records_at(self.file, lines.unique().sort())
            records = {record.line: record for record in rows}
        except (ImportKitError, csv.Error, UnicodeError):
            return {}  # The file has changed since it was imported.
        found = {
            example: source
            for example in wanted
            if (record := records.get(example.line))
            and (source := self._file_line(example, record))
        }
        gutter = max((len(str(source.line)) for source in found.values()), default=0)
        return {
            example: "\n".join(_framed(source, gutter))
            for example, source in found.items()
        }

    def _file_line(self, example: Example, record: Record) -> FileLine | None:
        """Return the line on which the value starts; None if it cannot be shown."""
        spans = field_spans(record.text, self.file.dialect)
        if not example.column:
            if self.masking.personal:
                return None  # Any cell of the row may be personal.
            text = record.text[: self._own(spans)[-1][1]] if spans else record.text
            first = _physical_lines(text, self.file.end)[0]
            return FileLine(record.line, [Piece(first, is_marked=False)], "")
        marked = self._marked(example.column)
        is_read = not record.error and len(spans) in self.file.header.widths
        if not is_read or not marked or marked[0] >= len(spans):
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
        return FileLine(line, pieces, value)

    def _own(self, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the cells of a row without those that a file of rejects has added."""
        added = len(REJECT_COLUMNS) if self.file.header.is_rejects else 0
        return spans[: len(spans) - added] if len(spans) > added else spans

    def _marked(self, column: str) -> list[int]:
        """Return the positions of the columns of a problem; none if one is not known."""
        names = [column] if column in self.places else column.split(", ")
        if not all(name in self.places for name in names):
            return []
        return sorted(self.places[name] for name in names)

    def _hidden(self) -> Collection[int]:
        """Return the positions that must not be shown: of personal or unknown columns."""
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
        """Yield the cells and separators of a row, each with the number of its line."""
        hidden = self._hidden()
        line = record.line
        for place, (start, stop) in enumerate(self._own(spans)):
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
    """Return the value of a problem, unless the cell spells it in the same way."""
    quote = file.dialect.quote
    written = text.strip()
    if quote and len(written) > 1 and written[0] == written[-1] == quote:
        written = written[1:-1].replace(quote * 2, quote).strip()
    if example.value is None or example.value == written:
        return ""
    return repr(example.value)


def _framed(source: FileLine, gutter: int) -> Iterator[str]:
    """Yield the line of a file with its number, and the line with carets below."""
    room = WIDTH - INDENT - gutter - len(" | ")
    characters = _window(source.pieces, room)
    indent = " " * INDENT
    row = "".join(character.text for character in characters)
    yield f"{indent}{source.line:>{gutter}} | {row}"
    carets = _carets(characters)
    if not carets:
        return
    blank = f"{indent}{'':{gutter}} | "
    if not source.value:
        yield f"{blank}{carets}"
        return
    value = "".join(
        character.text for character in _window([Piece(source.value, False)], room)
    )
    if len(carets) + 1 + len(value) <= room:
        yield f"{blank}{carets} {value}"
        return
    yield f"{blank}{carets}"
    yield f"{blank}{value}"


def _window(pieces: list[Piece], room: int) -> list[Character]:
    """Return as much of a line as there is room for, around the marked piece."""
    place = next((n for n, piece in enumerate(pieces) if piece.is_marked), 0)
    before = "".join(piece.text for piece in pieces[:place])
    # Lines may be of any length: only the part around the mark is looked at.
    left = _characters([Piece(before[-room:], is_marked=False)])
    right = _characters(_head(pieces[place:], room))
    is_cut = sum(len(piece.text) for piece in pieces[place:]) > room
    least = max(min(_width(right), room // 2), 1)
    if len(before) > room or _width(left) > room - least:
        while _width(left) > room - least - len(CUT):
            del left[0]
        left.insert(0, Character(CUT, len(CUT), is_marked=False))
    room -= _width(left)
    if _width(right) > room or is_cut:
        while right and _width(right) > room - len(CUT):
            del right[-1]
        right.append(Character(CUT, len(CUT), is_marked=False))
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


def _characters(pieces: Iterable[Piece]) -> list[Character]:
    """Return the characters, with control characters written as escapes."""
    characters = []
    for text, is_marked in pieces:
        if is_marked and not text:
            characters.append(Character("", 0, is_marked=True))
        for character in text:
            shown = visible(character)
            characters.append(Character(shown, sum(map(_columns, shown)), is_marked))
    return characters


def _columns(character: str) -> int:
    """Return how many columns of a terminal a character takes: 0, 1 or 2."""
    if unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in WIDE else 1


def _width(characters: Iterable[Character]) -> int:
    return sum(character.width for character in characters)


def _carets(characters: Iterable[Character]) -> str:
    """Return the line below: a caret under each marked column of the terminal."""
    columns = ""
    column = 0
    for character in characters:
        if character.is_marked:
            # An empty cell has no width, and one caret.
            columns = columns.ljust(column) + "^" * max(
                character.width, not character.text
            )
        column += character.width
    return columns
