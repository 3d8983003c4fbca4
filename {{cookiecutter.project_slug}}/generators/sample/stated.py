"""What the user states about a sample: its encoding, its sheet, its key, kinds of columns.

A column may be named by its header, by the name of its field, or by either in other case
and punctuation.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generators.inference import Kind
from generators.naming import identifiers, literal, normal
from importkit.errors import did_you_mean, visible
from importkit.source import Format
from importkit.source.detection import Stated

# Names of characters that are hard to write in a shell.
MARKS = {
    "tab": "\t",
    r"\t": "\t",
    "comma": ",",
    "semicolon": ";",
    "pipe": "|",
    "blank": " ",
    "space": " ",
    "backslash": "\\",
    r"\\": "\\",
    "none": "",
}


@dataclass(frozen=True)
class Statements:
    """What the user states about a sample.

    Attributes:
        encoding: Its encoding; detected if left out.
        types: The kinds of columns: ``price=decimal``.
        date_order: The order of day and month where the dates do not show it.
        sheet: The name or the number of a sheet of a workbook.
        natural_key: The columns that no two rows share, separated by commas.
        rows: How many rows to read; all if left out.
        separator: One character between fields, or its name, such as "tab"; detected if
            left out, as the quote and the escape are.
        quote: The character around fields, or "none".
        escape: The character that makes the next one plain text, or "none".
        no_header: Whether the first row is a row of the table; detected if False.
        header_rows: How many rows name the columns; detected if left out.
        skip: How many lines stand above the table; detected if left out.
        fill_merged: Whether each row of merged cells of a sheet has their value.
    """

    encoding: str | None = None
    types: Sequence[str] = ()
    date_order: str | None = None
    sheet: str | None = None
    natural_key: str | None = None
    rows: int | None = None
    separator: str | None = None
    quote: str | None = None
    escape: str | None = None
    no_header: bool = False
    header_rows: int | None = None
    skip: int | None = None
    fill_merged: bool = False


class Group(NamedTuple):
    """Options that apply to some kinds of samples only.

    Attributes:
        names: Their attributes in ``Statements``, named like the options.
        formats: The kinds of samples.
        kind: What a sample has to be, for messages.
    """

    names: tuple[str, ...]
    formats: tuple[Format, ...]
    kind: str


_TEXT, _SHEET = (Format.DELIMITED,), (Format.WORKBOOK,)
GROUPS = (
    Group(("encoding", "separator", "quote", "escape"), _TEXT, "delimited text"),
    Group(
        ("no_header", "header_rows", "skip"),
        (*_TEXT, *_SHEET),
        "delimited text or a workbook",
    ),
    Group(("sheet", "fill_merged"), _SHEET, "a workbook"),
)


def refuse_inapplicable(statements: Statements, format: Format, name: str) -> None:
    """Refuse what does not apply to a sample.

    Args:
        statements: What the user states.
        format: The kind of the sample.
        name: Its name, for the message.

    Raises:
        ValueError: Something does not apply, or is no number of rows.
    """
    for group in GROUPS:
        stated = [n for n in group.names if getattr(statements, n) not in (None, False)]
        if stated and format not in group.formats:
            options = ", ".join(
                f"--{attribute.replace('_', '-')}" for attribute in stated
            )
            raise ValueError(f'{options}: "{name}" is not {group.kind}.')
    if statements.rows is not None and statements.rows < 1:
        raise ValueError("--rows: the number has to be 1 or more.")


def find_stated(statements: Statements) -> Stated:
    """Return what the user states about how a delimited sample is written.

    Raises:
        ValueError: A statement is no single character, nor the name of one, or a number
            that cannot be, or two statements contradict each other.
    """
    separator = _mark("separator", statements.separator)
    if separator == "":
        raise ValueError(
            "--separator none: a table of one column has any separator that its text "
            "does not hold, for example tab."
        )
    quote = _mark("quote", statements.quote)
    escape = _mark("escape", statements.escape)
    marks = [mark for mark in (separator, quote, escape) if mark]
    if len({*marks}) < len(marks):
        raise ValueError(
            "--separator, --quote and --escape: one character cannot be two of them."
        )
    _check_place(statements)
    header = False if statements.no_header else None
    return Stated(
        separator, quote, escape, header, statements.header_rows, statements.skip
    )


def _check_place(statements: Statements) -> None:
    if statements.header_rows is not None and statements.header_rows < 1:
        raise ValueError(
            "--header-rows: the number has to be 1 or more; --no-header states that the "
            "file has no header."
        )
    if statements.header_rows is not None and statements.no_header:
        raise ValueError(
            "--no-header and --header-rows contradict each other: choose one of them."
        )
    if statements.skip is not None and statements.skip < 0:
        raise ValueError("--skip: the number has to be 0 or more.")


def _mark(option: str, text: str | None) -> str | None:
    """Return the character of an option; empty for none, None where it is left out."""
    if text is None:
        return None
    mark = MARKS.get(text.lower(), text)
    if len(mark) > 1 or mark in {"\r", "\n", "\0"} or not text:
        names = ", ".join(name for name in MARKS if name.isalpha())
        raise ValueError(
            f"--{option} {visible(text)}: write one character, or one of {names}."
        )
    return mark


def find_kinds(types: Sequence[str], headers: Sequence[str]) -> dict[str, Kind]:
    """Return the kinds that the user states as ``name=kind``, by header.

    Raises:
        ValueError: A kind or a column does not exist.
    """
    known = _headers_by_name(headers)
    kinds = {}
    for text in types:
        name, _, word = text.rpartition("=")
        if word not in {*Kind}:
            raise ValueError(
                f"--type {visible(text)}: write NAME=KIND; KIND is one of {', '.join(Kind)}."
            )
        header = known.get(name) or known.get(normal(name))
        if header is None:
            raise ValueError(
                f"The sample has no column {literal(name)} for --type"
                f"{nearest(name, headers)}"
            )
        kinds[header] = Kind(word)
    return kinds


def _headers_by_name(headers: Sequence[str]) -> dict[str, str]:
    """Return the headers by each of the names that a user may write."""
    known = {normal(header): header for header in headers}
    known |= zip(identifiers(headers), headers, strict=True)
    return known | {header: header for header in headers}


def find_key(text: str, headers: Sequence[str]) -> tuple[str, ...]:
    """Return the headers of a natural key, whose columns are separated by commas.

    Raises:
        ValueError: A column does not exist.
    """
    known = _headers_by_name(headers)
    # A header may hold a comma itself.
    wanted = [text] if text in known else [part.strip() for part in text.split(",")]
    key = []
    for name in wanted:
        header = known.get(name) or known.get(normal(name))
        if header is None:
            raise ValueError(
                f"The sample has no column {literal(name)} for --natural-key"
                f"{nearest(name, headers)}"
            )
        if header not in key:
            key.append(header)
    return tuple(key)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest one, or all."""
    names = [visible(name) for name in known]
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{did_you_mean(word, names) or f'; there is {listed}'}."


def refuse_repeats(key: Sequence[str], repeats: int, rows: int) -> None:
    """Refuse a natural key that two rows of the sample share.

    Raises:
        ValueError: There are such rows.
    """
    if repeats:
        names = ", ".join(f'"{visible(header)}"' for header in key)
        raise ValueError(
            f"{names} cannot be the natural key: {repeats:,} of {rows:,} sample "
            "rows repeat an earlier one."
        )
