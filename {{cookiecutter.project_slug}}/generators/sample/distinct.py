"""The sets of columns that no two rows of a sample share, by hashes of their values."""

from collections.abc import Iterable, Sequence

import polars as pl

# Hashes of eight bytes that are kept in memory for all sets together: 200 MB.
MOST_HASHES = 25_000_000


class Distinct:
    """Sets of columns in which no row has repeated another so far.

    A row with an empty cell in one of the columns of a set is left out of that set.
    """

    def __init__(
        self, sets: Iterable[Sequence[int]], asked: Sequence[int] = ()
    ) -> None:
        """Watch some sets of columns, each by the places of its columns.

        Args:
            sets: The sets, the likeliest keys first. Where a sample has so many rows
                that not all can be remembered, the last are given up.
            asked: The set that the user asks for, whose repeats are counted.
        """
        self._asked = tuple(asked)
        wanted = [self._asked, *map(tuple, sets)]
        self._hashes: dict[tuple[int, ...], list[pl.Series]] = {
            places: [] for places in wanted if places
        }
        self._rows = self._looked_at = 0

    def add(self, cells: pl.DataFrame) -> None:
        """Look at the next rows, of which empty cells are null."""
        for places in [*self._hashes]:
            rows = cells[:, [*places]]
            if any(cell.null_count() for cell in rows):
                rows = rows.drop_nulls()
            self._hashes[places].append(rows.hash_rows())
        self._rows += cells.height
        if self._rows > self._looked_at * 2:
            self._give_up_repeated()
        while self._size() > MOST_HASHES and len(self._hashes) > 1:
            del self._hashes[[*self._hashes][-1]]

    def repeats(self) -> dict[tuple[int, ...], int]:
        """Return how many rows repeat an earlier one, of the sets that are left."""
        return {places: _repeats(parts) for places, parts in self._hashes.items()}

    def _give_up_repeated(self) -> None:
        """Forget what repeats from batch to batch, as often as the rows have doubled."""
        self._looked_at = self._rows
        for places, count in self.repeats().items():
            if count and places != self._asked:
                del self._hashes[places]

    def _size(self) -> int:
        return sum(len(part) for parts in self._hashes.values() for part in parts)


def _repeats(parts: list[pl.Series]) -> int:
    if not parts:
        return 0
    # Sorting takes far less memory than counting what is distinct.
    hashes = pl.concat(parts).sort()
    return int((hashes.slice(1) == hashes.head(-1)).sum())
