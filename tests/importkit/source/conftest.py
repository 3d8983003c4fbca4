"""What the tests of reading share: a file with some content, as a table."""

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from importkit.source import DEFAULT_DIALECT, Dialect, read_csv, scan_csv

type Read = Callable[..., pl.DataFrame]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "goods.csv"


def _write(path: Path, content: str | bytes) -> None:
    path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture
def table(path: Path) -> Read:
    """Return a function that reads content as ``read_csv`` does: "goods.csv" holds it."""

    def read(content: str | bytes, dialect: Dialect = DEFAULT_DIALECT) -> pl.DataFrame:
        _write(path, content)
        return read_csv(path, dialect)

    return read


@pytest.fixture
def scanned(path: Path) -> Read:
    """Return a function that reads content as ``scan_csv`` does: with ``_problem``."""

    def read(content: str | bytes, dialect: Dialect = DEFAULT_DIALECT) -> pl.DataFrame:
        _write(path, content)
        return scan_csv(path, dialect).collect()

    return read
