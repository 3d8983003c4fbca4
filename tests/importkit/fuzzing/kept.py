"""Step 7 of fuzzing: rejects against the rows of the file, letter by letter."""

from collections.abc import Sequence

from importkit.source import Dialect
from tests.importkit.fuzzing.reading import Reading, Record, read_record

COLUMNS = ("_line", "_column", "_code", "_message")
# What a spreadsheet takes for the start of a formula, and what hides it from that.
FORMULA, HIDDEN = tuple("=+-@\t\r"), "'"

# The number of the line that a reject names, and where the next one is.
type Found = tuple[str, int]


def is_of_rejects(reading: Reading) -> bool:
    """Say whether a file is one of rejects already, whose reasons may be replaced."""
    header = reading.header.fields if reading.header else None
    return header is not None and header[-len(COLUMNS) :] == COLUMNS


def revealed(value: str) -> str:
    """Return a value of a file of rejects without what hides it from spreadsheets."""
    inner = value.lstrip(HIDDEN)
    is_number = inner[:1] in ("+", "-") and not inner[1:].strip("0123456789.,")
    is_hidden = value.startswith(HIDDEN) and inner.startswith(FORMULA)
    return value[1:] if is_hidden and not is_number else value


def difference(
    text: str, reading: Reading, records: Sequence[Record], dialect: Dialect
) -> str:
    """Return what is wrong with rejects: each record as it stands, and four fields.

    A field that a spreadsheet would compute may have an apostrophe before it.
    """
    place = 0
    header = [reading.header] if reading.header else []
    for record in [*header, *records]:
        plain = record.text.removesuffix(reading.end).rstrip("\r\n")
        found = _by_letter(text, place, plain, dialect, reading.end)
        found = found or _by_field(text, place, record, dialect, reading.end)
        if found is None:
            shown = text[place : place + len(plain) + 80]
            return f"line {record.line}, {plain!r}, is {shown!r}"
        number, place = found
        wanted = COLUMNS[0] if record in header else str(record.line)
        if number != wanted:
            return f"line {record.line} is named {number!r}"
    return f"there is more: {text[place:]!r}" if place < len(text) else ""


def _by_letter(
    text: str, place: int, plain: str, dialect: Dialect, end: str
) -> Found | None:
    """Compare character by character, also text that is not a readable record."""
    if dialect.quote == HIDDEN:
        # To stand before a field, an apostrophe needs others around it.
        return _without_apostrophes(text, place, plain, dialect, end)
    edges = (dialect.separator, dialect.quote, HIDDEN, "\r", "\n", "")
    hideable = {*FORMULA, dialect.quote}
    before = ""
    for letter in plain:
        is_hidden = letter in hideable and before in edges
        place += is_hidden and text.startswith(HIDDEN, place)
        if not text.startswith(letter, place):
            return None
        place += 1
        before = letter
    return _added(text, place, dialect, end)


def _without_apostrophes(
    text: str, place: int, plain: str, dialect: Dialect, end: str
) -> Found | None:
    for letter in plain.replace(HIDDEN, ""):
        while text.startswith(HIDDEN, place):
            place += 1
        if not text.startswith(letter, place):
            return None
        place += 1
    while text.startswith(HIDDEN, place):
        place += 1
    return _added(text, place, dialect, end)


def _added(text: str, place: int, dialect: Dialect, end: str) -> Found | None:
    """Return the line of the four fields that stand behind a record."""
    if not text.startswith(dialect.separator, place):
        return None
    found = read_record(text, place + 1, dialect, end)
    if found is None or len(found[0]) != len(COLUMNS):
        return None
    return found[0][0], found[1]


def _by_field(
    text: str, place: int, record: Record, dialect: Dialect, end: str
) -> Found | None:
    """Compare field by field: an apostrophe may have to stand in quotes of its own."""
    found = read_record(text, place, dialect, end)
    if found is None or record.fields is None:
        return None
    kept, added = found[0][: -len(COLUMNS)], found[0][-len(COLUMNS) :]
    if len(kept) != len(record.fields):
        return None
    for here, there in zip(kept, record.fields, strict=True):
        is_formula = there.lstrip(HIDDEN).startswith(FORMULA)
        if here != there and not (is_formula and here == HIDDEN + there):
            return None
    return added[0], found[1]
