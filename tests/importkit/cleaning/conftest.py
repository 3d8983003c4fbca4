"""How a test says: this file gives this table."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import pytest

from importkit.cleaning import DType, clean
from importkit.source import LINE, read_csv, scan_csv
from tests.importkit.rules import rules


class Problem(NamedTuple):
    """What is wrong with a value, or with a row as a whole: then the column is empty."""

    line: int
    column: str
    value: str | None
    reason: str


class LeftOut(NamedTuple):
    """Why a row was left out."""

    line: int
    reason: str


@dataclass(frozen=True)
class Table:
    """What cleaning makes of a file, without the rows that have a problem.

    Attributes:
        rows: The clean rows.
        lines: The line of each row.
        problems: What is wrong, by line.
        left_out: Which rows were left out, by line.
        warnings: What is said of the columns.
    """

    rows: list[tuple[Any, ...]]
    lines: list[int]
    problems: list[Problem]
    left_out: list[LeftOut]
    warnings: tuple[str, ...]


class CleanFile(Protocol):
    """Clean the text of a file: its columns by type, and what other hooks return."""

    def __call__(
        self, text: str, dtypes: Mapping[str, DType], **hooks: Any
    ) -> Table: ...


@pytest.fixture
def clean_file(tmp_path: Path) -> CleanFile:
    """Return a function that cleans a file: read as a whole, and batch by batch alike.

    ::

        table = clean_file("sku,n\\na,1\\nb,x\\n", {"sku": pl.String, "n": pl.Int64})

        assert table.rows == [("a", 1)]
        assert table.problems == [(3, "n", "x", "not a whole number between -9,223,372,036,854,775,808 and 9,223,372,036,854,775,807")]
    """

    def run(text: str, dtypes: Mapping[str, DType], **hooks: Any) -> Table:
        path = tmp_path / "file.csv"
        path.write_text(text)
        cls = rules(dict(dtypes), **hooks)
        whole, batches = (
            _table(clean(cls, source, skip=True))
            for source in (read_csv(path), scan_csv(path))
        )
        assert whole == batches
        return whole

    return run


def _table(cleaned: Any) -> Table:
    df = cleaned.df.lazy().collect()
    lines = df[LINE] if LINE in df.columns else cleaned.lines
    found = cleaned.problems.select("line", "column", "value", "reason")
    return Table(
        rows=df.drop(LINE, strict=False).rows(),
        lines=lines.to_list(),
        problems=[Problem(*row) for row in found.sort("line").rows()],
        left_out=[LeftOut(*row) for row in cleaned.left_out.sort("line").rows()],
        warnings=cleaned.warnings,
    )
