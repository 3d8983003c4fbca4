"""Step 1 of fuzzing: well-formed files, each in a dialect of its own."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from importkit.source import Dialect

HEADERS = ("code", "char", "decimal", "day", "whole")


@dataclass(frozen=True)
class Seed:
    """A file as a person would want it.

    Attributes:
        name: What reports call it.
        data: Its bytes.
        dialect: How it is written.
        headers: What its header calls the columns that are imported, in their order.
    """

    name: str
    data: bytes
    dialect: Dialect
    headers: tuple[str, ...] = HEADERS


def seeds() -> list[Seed]:
    """Return all seeds, the same ones every time."""
    quoted = ["plain", "with, separator", 'with "quotes"', "of two\nlines", "", "=1+1"]
    wide = ["日本語", "naïve café", "\U0001f600\U0001f468‍\U0001f469", "é", "שלום", ""]
    crossing = ['a\r\nb"c', "line\n\n\nends", '"', '""', "\n", ","]
    plain = ["one", "two words", " padded ", "", "-5", "@home"]
    west = ["Köln", "señor", "20 €", "naïve", "", "ÿ"]
    no_header = tuple(f"column_{n}" for n in range(1, 6))
    over_lines = ("the\ncode", "char", "in\r\nEUR", "day", 'the "whole"')
    return [
        _seed("plain", _rows(plain, 12), Dialect()),
        _seed("quoted", _rows(quoted, 12), Dialect()),
        _seed("all_quoted", _rows(quoted, 8), Dialect(), quoting=csv.QUOTE_ALL),
        _seed("crossing", _rows(crossing, 14), Dialect(), lineterminator="\r\n"),
        _seed("crlf", _rows(quoted, 9), Dialect(), lineterminator="\r\n"),
        _seed("cr", _rows(plain, 9), Dialect(), lineterminator="\r"),
        _seed("bom", _rows(wide, 9), Dialect(encoding="utf-8-sig")),
        _seed("wide", _rows(wide, 30), Dialect()),
        _seed("semicolon", _rows(plain, 9), Dialect(";", "'")),
        _seed("pipe_cp1252", _rows(west, 9), Dialect("|", '"', "cp1252")),
        _seed("latin_1", _rows(plain, 9), Dialect(encoding="latin-1")),
        _seed("tab_utf_16", _rows(wide, 9), Dialect("\t", '"', "utf-16")),
        _seed("no_quotes", _rows(plain, 9), Dialect("\t", None)),
        _seed("no_header", _rows(quoted, 9), Dialect(header=False), no_header),
        _seed("header_over_lines", _rows(quoted, 9), Dialect(), over_lines),
        _seed("precise", _precise(_rows(plain, 12)), Dialect()),
        _seed("long", _rows([*quoted, *wide], 150), Dialect()),
    ]


def _rows(texts: Sequence[str], number: int) -> list[list[str]]:
    """Return rows of which all can be imported; with an unused column at the end."""
    return [
        [
            f"c{n}",
            texts[n % len(texts)],
            f"{n * 37 % 1000}.{n % 10}" if n % 7 else "",
            f"2024-{n % 12 + 1:02}-{n % 28 + 1:02}",
            str(n * 7919 % 100_000 - 50_000),
            f"unused {n}" if n % 3 else "",
        ]
        for n in range(number)
    ]


def _precise(rows: list[list[str]]) -> list[list[str]]:
    """Give some rows numbers with more decimals, or more digits, than the table keeps."""
    numbers = ("1.0005", "0.1234", "999999999.9999", "-7.00049", "2.50000", "0.0001")
    for row, number in zip(rows[1::2], numbers, strict=False):
        row[2] = number
    return rows


def _seed(
    name: str,
    rows: list[list[str]],
    dialect: Dialect,
    headers: tuple[str, ...] = HEADERS,
    **style: Any,
) -> Seed:
    text = io.StringIO(newline="")
    style = {"lineterminator": "\n", "quotechar": dialect.quote or '"', **style}
    writer = csv.writer(text, delimiter=dialect.separator, **style)
    if dialect.header:
        writer.writerow([*headers, "unused"])
    writer.writerows(rows)
    return Seed(name, text.getvalue().encode(dialect.encoding), dialect, headers)
