"""Step 1, import: the dialect in which a sample file reads as a table."""

import csv
import re
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from itertools import islice
from pathlib import Path

from importkit.dialect import Dialect
from importkit.errors import SourceError
from importkit.files import decode, read_bytes
from importkit.records import Record, records

SEPARATORS = ",;\t|"
SAMPLE_RECORDS = 200
SAMPLE_CHARACTERS = 1_000_000

# What only a value looks like, never the name of a column; a bare year may be either.
VALUE = re.compile(r"[+-]?\d+([.,]\d+)*%?|\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([ T].*)?")
IN_APOSTROPHES = re.compile(r"(?m)(^|[,;\t|])'[^'\n]*'([,;\t|\r]|$)")
YEAR = re.compile(r"(19|20)\d\d")


def detect_dialect(path: Path | str) -> Dialect:
    """Return the dialect that reads a sample file as a table.

    Raises:
        SourceError: The file is missing, a folder, unreadable, empty or not text.
    """
    path = Path(path)
    data = read_bytes(path)
    encoding = _encoding(path, data)
    text = decode(path, data, encoding)[:SAMPLE_CHARACTERS]
    if not text.strip():
        raise SourceError(f'"{path.name}" is empty.')
    quote = "'" if '"' not in text and IN_APOSTROPHES.search(text) else '"'
    candidates = [Dialect(separator, quote, encoding) for separator in SEPARATORS]
    dialect = max(candidates, key=lambda candidate: _evenness(text, candidate))
    return replace(dialect, header=_has_header(_sample(text, dialect)))


def _encoding(path: Path, data: bytes) -> str:
    """Take UTF-16 by its mark, UTF-8 when all of it decodes, else Windows' Latin."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    if b"\0" in data:
        raise SourceError(f'"{path.name}" is not a text file: it holds NUL bytes.')
    for encoding in ("utf-8", "cp1252"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "latin-1"


def _sample(text: str, dialect: Dialect) -> list[Record]:
    """Return the first records, as far as the quotes hold; read_csv names the rest."""
    sample: list[Record] = []
    with suppress(csv.Error):
        sample.extend(islice(records(text, dialect), SAMPLE_RECORDS))
    return sample


def _evenness(text: str, dialect: Dialect) -> tuple[float, int]:
    """Rate a separator: the share of records with one same width, then that width."""
    widths = Counter(len(record.fields) for record in _sample(text, dialect))
    if not widths:
        return (0.0, 0)
    [(width, rows)] = widths.most_common(1)
    return (rows / widths.total(), width) if width > 1 else (0.0, 0)


def _has_header(sample: list[Record]) -> bool:
    """Vote by column: a name above values speaks for a header, a value against it."""
    if not sample:
        return True
    first, *rest = [record.fields for record in sample]
    votes = 0
    for position, cell in enumerate(first):
        below = [row[position].strip() for row in rest if position < len(row)]
        values = [value for value in below if value]
        if not values or not all(VALUE.fullmatch(value) for value in values):
            continue
        if not YEAR.fullmatch(cell.strip()):
            votes += -1 if VALUE.fullmatch(cell.strip()) else 1
    return votes >= 0
