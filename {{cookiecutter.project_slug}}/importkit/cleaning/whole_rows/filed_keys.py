"""Step 2, clean: the keys of many rows are kept in files, and 4 bytes of each in memory.

Nearly all keys of a batch are new, which 37 bits of their hashes tell. Only for the others
the files are read.
"""

import weakref
from functools import cached_property
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

import polars as pl

HASH = "hash"
# The first bits of a hash say in which part the next ones are kept, of which 32 fit 4 bytes.
BITS, KEPT_BITS = 5, 32
PARTS = 2**BITS
PIECE = 25_000  # Rows that polars makes bytes of at a time, when it writes a file.


class FiledKeys:
    """Keys as hashes of 64 bits, each with its facts, that are added many at a time.

    Where no temporary file can be written, all stay in memory.
    """

    def __init__(self) -> None:
        """Start without keys."""
        self._parts = [pl.Series(HASH, dtype=pl.UInt32)] * PARTS
        self._runs: list[pl.DataFrame | Path] = []

    def is_empty(self) -> bool:
        """Return whether there is no key yet."""
        return not self._runs

    def add(self, keys: pl.DataFrame) -> None:
        """Add keys: the column ``hash``, and columns of facts, always the same."""
        keys = keys.sort(HASH)
        # Part by part, so that merging takes the memory of one part more, not of all.
        for number, added in enumerate(_parted(keys[HASH])):
            part = self._parts[number].to_frame()
            merged = part.merge_sorted(added.to_frame(), key=HASH)
            self._parts[number] = merged.to_series().rechunk()
        self._runs.append(self._filed(keys))

    def find(self, hashes: pl.Series) -> list[pl.DataFrame]:
        """Return the keys that have one of these hashes, and perhaps others."""
        if self.is_empty() or hashes.is_empty():
            return []
        known = self._known(hashes.sort())
        if known.is_empty():
            return []
        found = (_found(run, known) for run in self._runs)
        return [keys for keys in found if not keys.is_empty()]

    def _known(self, hashes: pl.Series) -> pl.Series:
        """Return the hashes, of sorted ones, whose first bits are those of a key."""
        pairs = zip(self._parts, _parted(hashes), strict=True)
        # One call of polars for all parts, which are too many for one call each.
        is_known = pl.concat_list(_are_in(part, some).implode() for part, some in pairs)
        return hashes.filter(pl.select(is_known.explode()).to_series())

    @cached_property
    def _folder(self) -> Path:
        """A folder that is there as long as these keys are."""
        folder = Path(mkdtemp(prefix="importkit-"))
        weakref.finalize(self, rmtree, folder, ignore_errors=True)
        return folder

    def _filed(self, keys: pl.DataFrame) -> pl.DataFrame | Path:
        try:
            path = self._folder / f"{len(self._runs)}"
            pieces = pl.concat(keys.iter_slices(PIECE), rechunk=False)
            pieces.write_ipc_stream(path)
        except (OSError, pl.exceptions.PolarsError):
            return keys
        return path


def _parted(hashes: pl.Series) -> list[pl.Series]:
    """Return for each part the bits that are kept of the hashes in it, which are sorted."""
    starts = [number << (64 - BITS) for number in range(PARTS)]
    places = hashes.search_sorted(pl.Series(starts, dtype=pl.UInt64), side="left")
    ends = [*places.to_list()[1:], hashes.len()]
    kept = hashes // 2 ** (64 - BITS - KEPT_BITS) % 2**KEPT_BITS
    kept = kept.cast(pl.UInt32).alias(HASH)
    return [kept[start:end] for start, end in zip(places, ends, strict=True)]


def _are_in(part: pl.Series, some: pl.Series) -> pl.Expr:
    """Return which of some sorted values are in a sorted part."""
    if part.is_empty():
        return pl.repeat(False, some.len())
    places = pl.lit(part).search_sorted(pl.lit(some), side="left")
    # Behind the last one there is none, so that a larger value is compared with it.
    return pl.lit(part).gather(places.clip(0, part.len() - 1)) == pl.lit(some)


def _found(run: pl.DataFrame | Path, hashes: pl.Series) -> pl.DataFrame:
    """Return the keys of a run that have one of some hashes; few pages of a file are read."""
    earlier = (
        run
        if isinstance(run, pl.DataFrame)
        else pl.read_ipc_stream(run, columns=[HASH])
    )
    first, behind = (
        earlier[HASH].search_sorted(hashes, side=side) for side in ("left", "right")
    )
    is_found = first < behind
    if not is_found.any():  # Mostly: the bits that are kept were equal by chance.
        return earlier.clear()
    keys = run if isinstance(run, pl.DataFrame) else pl.read_ipc_stream(run)
    bounds = pl.DataFrame([first.alias("first"), behind.alias("behind")])
    bounds = bounds.filter(is_found).unique()
    return keys[bounds.select(pl.int_ranges("first", "behind").explode()).to_series()]
