"""Keys of earlier batches are found in memory, in temporary files, and without a disk."""

import gc
import tempfile
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from importkit.cleaning import SeenKeys
from importkit.cleaning.whole_rows import seen_keys

# Each key comes once in its batch; 3 and 40 come in several.
BATCHES = [[1, 2, 3], [40, 5, 6, 7], [8], [3, 40, 9], [], [10, 3], [40, 1, 11]]
FOUND = [(3, 0, 3), (3, 1, 40), (5, 1, 3), (6, 0, 40), (6, 1, 1)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the only folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def find_all(look: Callable[[SeenKeys], None]) -> list[tuple[int, int, int]]:
    """Return batch, row and fact of each key that an earlier batch had."""
    seen, found = SeenKeys(), []
    for number, batch in enumerate(BATCHES):
        keys = pl.DataFrame({"key": pl.Series(batch, dtype=pl.Int64)})
        matched = seen.matches(keys, keys.select(fact="key")).sort("row")
        found += [(number, *row) for row in matched.select("row", "fact").rows()]
    look(seen)
    return found


@pytest.mark.parametrize("recent", [0, 3, 1_000])
def test_keys_of_all_earlier_batches_are_found(
    folder: Path, monkeypatch: pytest.MonkeyPatch, recent: int
) -> None:
    monkeypatch.setattr(seen_keys, "RECENT", recent)
    files: list[Path] = []

    found = find_all(lambda _seen: files.extend(folder.glob("*/*")))

    assert found == FOUND
    assert bool(files) is (recent < 1_000)
    gc.collect()
    assert not list(folder.iterdir())


def test_keys_stay_in_memory_where_there_is_no_place_for_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen_keys, "RECENT", 0)
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "nowhere"))

    assert find_all(lambda _seen: None) == FOUND


def test_each_row_with_a_key_is_found_in_files(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(seen_keys, "RECENT", 0)
    seen = SeenKeys()
    keys = pl.DataFrame({"key": [7, 7, 8, 7]})
    seen.add(keys, pl.DataFrame({"fact": [0, 1, 2, 3]}))

    found = seen.find(pl.DataFrame({"key": [9, 7]}))

    assert list(folder.glob("*/*"))
    assert sorted(found.select("row", "fact").rows()) == [(1, 0), (1, 1), (1, 3)]
