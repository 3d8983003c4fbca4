"""Tables of random columns, written in a random dialect: a sample and its next delivery."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from tests.generators.fuzzing.columns import MAKERS, Made, column

HEADERS = {
    "count": ("Menge", "qty", "Anzahl", "count", "pieces"),
    "amount": ("Betrag", "price", "amount", "rate", "Wert"),
    "booked": ("Datum", "date", "booked", "day"),
    "changed": ("changed", "created at", "Zeit"),
    "opens": ("opens", "from time", "Uhrzeit"),
    "active": ("active", "aktiv", "in stock"),
    "code": ("code", "ref", "Nummer", "part"),
    "note": ("note", "Name", "Größe", "text"),
}
SIZES = (2, 3, 5, 12, 40, 200)
NEXT_SIZES = (1, 3, 20)
PREAMBLES = ((), (), (), ("Price list",), ("Report", "", "Valid from 2026-01-01"))


@dataclass(frozen=True)
class Style:
    """How a delimited file is written."""

    separator: str
    quotes_all: bool
    encoding: str
    end: str
    preamble: tuple[str, ...]


@dataclass(frozen=True)
class Delivery:
    """One file of a table: its columns, the line of each row, and the bytes."""

    columns: tuple[Made, ...]
    lines: tuple[int, ...]
    content: bytes


@dataclass(frozen=True)
class Case:
    """A sample and its next delivery, alike in all but their rows."""

    number: int
    style: Style
    sample: Delivery
    following: Delivery

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Write both files."""
        paths = folder / "sample.csv", folder / "next.csv"
        for path, delivery in zip(paths, (self.sample, self.following), strict=True):
            path.write_bytes(delivery.content)
        return paths


def case(seed: int, number: int) -> Case:
    """Make a case; the same arguments make the same files."""
    rng = Random(f"{seed}-{number}")  # noqa: S311  nothing is secret
    kinds = rng.choices(list(MAKERS), k=rng.randint(2, 6))
    headers = _headers(rng, kinds)
    first, second = rng.choice(SIZES), rng.choice(NEXT_SIZES)
    mark = rng.choice(".,")
    end = rng.choice(("\n", "\r\n"))
    columns = [
        column(rng, kind, header, first + second, mark).with_line_ends(end)
        for kind, header in zip(kinds, headers, strict=True)
    ]
    style = Style(
        rng.choice((",", ",", ";", ";", "\t", "|")),
        rng.random() < 0.3,
        _encoding(rng, columns),
        end,
        rng.choice(PREAMBLES),
    )
    return Case(
        number,
        style,
        _delivery(columns, slice(None, first), style),
        _delivery(columns, slice(first, None), style),
    )


def _encoding(rng: Random, columns: Sequence[Made]) -> str:
    encoding = rng.choice(("utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"))
    text = "".join(part for made in columns for part in (made.header, *made.texts))
    is_whole = text.encode(encoding, "ignore").decode(encoding) == text
    return encoding if is_whole else "utf-8"


def _headers(rng: Random, kinds: Sequence[str]) -> list[str]:
    found: list[str] = []
    for kind in kinds:
        name = rng.choice(HEADERS[kind])
        found.append(f"{name} {len(found)}" if name in found else name)
    return found


def _delivery(columns: Sequence[Made], rows: slice, style: Style) -> Delivery:
    head = "".join(f"{line}{style.end}" for line in style.preamble)
    head += _record([made.header for made in columns], style)
    lines, kept, text = [], [], head
    for n in range(*rows.indices(len(columns[0].values))):
        cells = [made.texts[n] for made in columns]
        if any(cells):  # A row of empty cells is a blank line, which counts as no row.
            lines.append(1 + text.count("\n"))
            kept.append(n)
            text += _record(cells, style)
    made = tuple(
        Made(
            c.header, tuple(c.values[n] for n in kept), tuple(c.texts[n] for n in kept)
        )
        for c in columns
    )
    return Delivery(made, tuple(lines), text.encode(style.encoding))


def _record(cells: Sequence[str], style: Style) -> str:
    text = io.StringIO(newline="")
    write = csv.writer(text, delimiter=style.separator, lineterminator=style.end)
    if style.quotes_all:
        write = csv.writer(
            text,
            delimiter=style.separator,
            lineterminator=style.end,
            quoting=csv.QUOTE_ALL,
        )
    write.writerow(cells)
    return text.getvalue()
