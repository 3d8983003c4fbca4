"""Step 2, clean: find the rows that repeat the key of a row in an earlier batch."""

import secrets
from functools import cached_property

import polars as pl

from importkit.cleaning.whole_rows.filed_keys import HASH, FiledKeys

HASHES = [HASH, "more of hash"]
NO_FACTS = pl.DataFrame()
RECENT = 250_000  # The most keys that each batch reads; all earlier ones are sorted.


class SeenKeys:
    """The keys of all earlier rows as hashes of 72 bits, 9 bytes a row, and its facts.

    The keys of recent rows are in memory, the others in temporary files.

    Two different keys with the same hash count as one key. That happens by chance in
    one of ninety million files of ten million rows.
    """

    def __init__(self) -> None:
        """Start without keys, and with seeds that are new in each run."""
        self._seeds = (secrets.randbits(64), secrets.randbits(64))
        self._earlier = FiledKeys()
        self._recent = pl.DataFrame(
            schema=dict(zip(HASHES, (pl.UInt64, pl.UInt8), strict=True))
        )

    def repeats(self, keys: pl.DataFrame) -> pl.Series:
        """Return which rows have a key of an earlier batch, and add the other keys.

        Args:
            keys: The key columns of a batch, each key once.

        Returns:
            One boolean a row.
        """
        repeated = pl.Series([False]).new_from_index(0, keys.height)
        found = self.matches(keys)
        return repeated if found.is_empty() else repeated.scatter(found["row"], True)

    def matches(
        self, keys: pl.DataFrame, facts: pl.DataFrame = NO_FACTS
    ) -> pl.DataFrame:
        """Return the rows with a key of an earlier batch, and add the other keys.

        Args:
            keys: The key columns of a batch, each key once.
            facts: What is kept of each row beside its key; always the same columns.

        Returns:
            ``row``, the place of the row in the batch, and the facts of the earlier row.
        """
        batch = self._batch(keys, facts)
        found = self._found(batch.select(HASHES))
        is_new = ~pl.int_range(batch.height, eager=True).is_in(found["row"].implode())
        self._add(batch if found.is_empty() else batch.filter(is_new))
        return found

    def find(self, keys: pl.DataFrame) -> pl.DataFrame:
        """Return what ``matches`` returns, and add nothing; call it once there are keys."""
        return self._found(self._hashed(keys))

    def add(self, keys: pl.DataFrame, facts: pl.DataFrame) -> None:
        """Add the keys of rows, also those that are known: ``find`` returns all rows."""
        self._add(self._batch(keys, facts))

    def is_empty(self) -> bool:
        """Return whether there is no key yet."""
        return self._earlier.is_empty() and self._recent.is_empty()

    @cached_property
    def of_bad_rows(self) -> "SeenKeys":
        """The keys of rows with problems, which do not count as keys of earlier rows."""
        return SeenKeys()

    def _batch(self, keys: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
        batch = self._hashed(keys).hstack(facts)
        if self.is_empty():  # The first batch says which facts there are.
            self._recent = batch.clear()
        return batch

    def _hashed(self, keys: pl.DataFrame) -> pl.DataFrame:
        first, second = (keys.hash_rows(seed) for seed in self._seeds)
        return pl.DataFrame(
            [first.alias(HASHES[0]), (second % 2**8).cast(pl.UInt8).alias(HASHES[1])]
        )

    def _found(self, hashed: pl.DataFrame) -> pl.DataFrame:
        first = hashed[HASH]
        # Fast: the recent keys are looked up in the few of the batch, and nearly always
        # none is found.
        recent = self._recent.filter(self._recent[HASH].is_in(first.implode()))
        candidates = pl.concat([recent, *self._earlier.find(first)])
        numbered = hashed.with_row_index("row")
        return numbered.join(candidates, on=HASHES).drop(HASHES)

    def _add(self, batch: pl.DataFrame) -> None:
        self._recent = pl.concat([self._recent, batch], rechunk=False)
        if self._recent.height > RECENT:
            self._earlier.add(self._recent)
            self._recent = self._recent.clear()
