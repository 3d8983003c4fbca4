"""Files with known answers: what their columns are, and what is in them."""

import csv
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Answer:
    """A column whose type is known.

    Attributes:
        header: The header as it stands in the file.
        declared: What it is: string, integer, number, boolean, date, datetime, time, year.
        values: The cells that hold something, stripped.
    """

    header: str
    declared: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """A file, how it is written, and its columns."""

    path: Path
    separator: str
    encoding: str
    columns: tuple[Answer, ...]


def read_answers(path: Path) -> list[Known]:
    """Read the files of a JSON of answers; its paths are relative to it.

    The JSON maps the path of each file to ``columns``, a list of objects with ``header``
    and ``declared``, and where they differ from a plain CSV ``encoding``, ``dialect``
    (with a ``delimiter``) and ``missing``, the words that stand for nothing.
    """
    files = json.loads(path.read_text(encoding="utf-8"))
    return [_known(path.parent / name, facts) for name, facts in files.items()]


def _known(path: Path, facts: dict[str, object]) -> Known:
    dialect = facts.get("dialect")
    separator = dialect.get("delimiter", ",") if isinstance(dialect, dict) else ","
    encoding = str(facts.get("encoding") or "utf-8")
    # A mark of the byte order is no part of the first header.
    encoding = "utf-8-sig" if encoding.lower() == "utf-8" else encoding
    words = facts.get("missing")
    missing = {str(word) for word in words} if isinstance(words, list) else set()
    with path.open(encoding=encoding, newline="", errors="replace") as file:
        headers, *rows = csv.reader(file, delimiter=separator)
    listed = facts["columns"]
    columns = listed if isinstance(listed, list) else []
    return Known(
        path=path,
        separator=separator,
        encoding=encoding,
        columns=tuple(
            Answer(
                header=column["header"],
                declared=column["declared"],
                values=_values(rows, headers.index(column["header"]), missing | {""}),
            )
            for column in columns
            if column["header"] in headers
        ),
    )


def _values(rows: list[list[str]], position: int, missing: set[str]) -> tuple[str, ...]:
    cells = (row[position].strip() for row in rows if position < len(row))
    return tuple(cell for cell in cells if cell not in missing)
