"""Step 1, import: text becomes records, one by one, exactly as the csv module reads it."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator

from importkit.source.dialect import Dialect
from importkit.source.heads import Record

# Errors of a quote that is not closed: the words of csv, and two that tell more.
OPEN = "unexpected end of data"
CUT = "unexpected end of line"  # The last line of the file has no line end.
ENDLESS = "no end of a quote"  # The record has become longer than the limit.
# The limit of a record, so that an open quote does not take a large file into memory.
RECORD_CHARACTERS = 16_000_000
# The largest limit that the csv module takes everywhere: it is kept as a long of C, which
# has 32 bits on Windows. No record is as long.
FIELD_CHARACTERS = 2**31 - 1


def records(text: str, dialect: Dialect) -> Iterator[Record]:
    """Yield the records of a text that are not blank.

    Raises:
        csv.Error: A quote is not closed, or followed by something else.
    """
    for record in records_of(io.StringIO(text, newline=line_end(text)), dialect):
        if record.error:
            raise csv.Error(record.error)
        yield record


def records_of(
    lines: Iterable[str], dialect: Dialect, first_line: int = 1
) -> Iterator[Record]:
    """Yield the records of lines; blank records are left out.

    A record is blank if all its fields are empty, or if it has one field of spaces. After
    a record that cannot be read, reading goes on with the line below its first line.

    Args:
        lines: The lines, with their line ends.
        dialect: How they are written.
        first_line: The physical line of the first of them.
    """
    escapes = _plain_escapes(dialect)
    feed = _Feed(lines, lambda line: escapes(unwrapped(line, dialect)))
    reader = _reader(feed, dialect)
    line = first_line
    while True:
        error = ""
        try:
            fields = next(reader, None)
        except csv.Error as problem:
            error, fields = str(problem), []
        if fields is None:
            return
        if error:
            is_cut = error == OPEN and not feed.taken[-1].endswith(("\n", "\r"))
            error = CUT if is_cut else error
            feed.take_back_all_but_one(error)
        taken, feed.taken = feed.taken, []
        last = line + len(taken) - 1
        if error or (any(fields) and (len(fields) > 1 or fields[0].strip())):
            yield Record(line, last, fields, "".join(taken), error)
        line = last + 1


def _reader(lines: Iterable[str], dialect: Dialect) -> Iterator[list[str]]:
    csv.field_size_limit(FIELD_CHARACTERS)
    return csv.reader(
        lines,
        delimiter=dialect.separator,
        quotechar=dialect.quote,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar=dialect.escape,
        skipinitialspace=dialect.skip_blanks,
        strict=True,
    )


def _plain_escapes(dialect: Dialect) -> Callable[[str], str]:
    """Return a function that doubles the escapes in a line that escape nothing.

    The csv module would drop such an escape; here it is text.
    """
    if dialect.escape is None:
        return str
    plain = re.compile(f"({escaped(dialect)})|{re.escape(dialect.escape)}")
    twice = dialect.escape * 2
    return lambda line: plain.sub(lambda found: found[1] or twice, line)


def unwrapped(line: str, dialect: Dialect) -> str:
    """Return a line without the quotes around all of it, where the dialect has such lines."""
    quote = dialect.quote
    if not dialect.quoted_lines or not quote:
        return line
    plain = line.rstrip("\r\n")
    inside = plain[1:-1].replace(quote * 2, "")
    if len(plain) < 2 or {plain[0], plain[-1]} != {quote} or quote in inside:
        return line
    return plain[1:-1].replace(quote * 2, quote) + line[len(plain) :]


def wrapped(text: str, dialect: Dialect) -> str:
    """Return a line with quotes around all of it."""
    quote = dialect.quote or ""
    return f"{quote}{text.replace(quote, quote * 2)}{quote}"


class _Feed:
    """Lines for a csv reader, which may have to read some of them again.

    Attributes:
        taken: The lines of the record that is being read.
    """

    def __init__(self, lines: Iterable[str], prepared: Callable[[str], str]) -> None:
        self.taken: list[str] = []
        self._lines = iter(lines)
        self._prepared = prepared
        self._again: list[str] = []
        self._error = ""
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if self.taken:
            self._check_that_record_can_end()
        line = self._again.pop() if self._again else next(self._lines)
        self.taken.append(line)
        return self._prepared(line)

    def _check_that_record_can_end(self) -> None:
        if self._again:
            # The reader is inside of quotes here, as it was when it failed further
            # down, and would fail there again. So no line is read more than twice.
            raise csv.Error(self._error)
        self._size = len(self.taken[-1]) + (self._size if len(self.taken) > 1 else 0)
        if self._size > RECORD_CHARACTERS:
            raise csv.Error(ENDLESS)

    def take_back_all_but_one(self, error: str) -> None:
        """Hand out the lines that were taken again, all but the first."""
        self._again += reversed(self.taken[1:])
        self._error = error if len(self.taken) > 1 else self._error
        del self.taken[1:]


def lines_of(pieces: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """Yield the physical lines, with their ends, of data that comes in pieces."""
    started: list[bytes] = []
    for piece in pieces:
        *lines, rest = piece.split(end)
        if lines:
            yield b"".join([*started, lines[0], end])
            yield from (line + end for line in lines[1:])
            started = []
        started.append(rest)
    if last := b"".join(started):
        yield last


def line_end(text: str) -> str:
    """Return the line end of a text: CR if it has CR and no LF, else LF (also for CR LF)."""
    return "\r" if "\r" in text and "\n" not in text else "\n"


def escaped(dialect: Dialect) -> str:
    """Return the pattern of an escape and the character that it escapes.

    Without an escape in the dialect, the pattern matches nothing.
    """
    if dialect.escape is None:
        return "(?!)"
    special = f"{dialect.escape}{dialect.separator}{dialect.quote or ''}\r\n"
    return f"{re.escape(dialect.escape)}[{re.escape(special)}]"


def field_spans(text: str, dialect: Dialect) -> list[tuple[int, int]]:
    """Return where the fields of a record stand in its text, with their quotes.

    After a stray quote, all text up to the next separator belongs to the same field. A
    line end outside of quotes ends a field, as a separator does.
    """
    separator, quote = re.escape(dialect.separator), re.escape(dialect.quote or "")
    plain = rf"[^{separator}\r\n]*"
    inside = rf"(?:[^{quote}]|{quote}{quote})*+"
    if dialect.escape:
        plain = rf"(?:{escaped(dialect)}|[^{separator}\r\n])*+"
        inside = rf"(?:{escaped(dialect)}|[^{quote}]|{quote}{quote})*+"
    quoted = rf"{quote}{inside}(?:{quote}{plain}|\Z)|"
    blanks = " *+" if dialect.skip_blanks else ""
    field = re.compile(
        rf"{blanks}({quoted if quote else ''}{plain})(?:{separator}|\r\n?|\n|\Z)"
    )
    spans: list[tuple[int, int]] = []
    start, stop = 0, len(text.rstrip("\r\n"))
    while match := field.match(text, start):
        spans.append(match.span(1))
        if match.end(1) >= stop:
            break
        start = match.end()
    return spans
