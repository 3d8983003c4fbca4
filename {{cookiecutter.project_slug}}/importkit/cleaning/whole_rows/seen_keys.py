"""Step 2, clean: find the rows that repeat the key of a row in an earlier batch."""

import secrets

import polars as pl

HASHES = ["hash", "more of hash"]
NO_FACTS = pl.DataFrame()


class SeenKeys:
    """The keys of all earlier rows as hashes of 72 bits: 9 bytes a row, and its facts.

    Two different keys with the same hash count as one key. That happens by chance in
    one of ninety million files of ten million rows.
    """

    def __init__(self) -> None:
        """Start without keys, and with seeds that are new in each run."""
        self._seeds = (secrets.randbits(64), secrets.randbits(64))
        self._seen = pl.DataFrame(
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
        first, second = (keys.hash_rows(seed) for seed in self._seeds)
        batch = pl.DataFrame(
            [first.alias(HASHES[0]), (second % 2**8).cast(pl.UInt8).alias(HASHES[1])]
        )
        batch = batch.hstack(facts)
        if self._seen.is_empty():
            self._seen = batch.clear()
        # Fast: the many earlier keys are looked up in the few of the batch, and nearly
        # always none is found.
        candidates = self._seen.filter(self._seen[HASHES[0]].is_in(first.implode()))
        numbered = batch.select(HASHES).with_row_index("row")
        found = numbered.join(candidates, on=HASHES).drop(HASHES)
        is_new = ~numbered["row"].is_in(found["row"].implode())
        new = batch if found.is_empty() else batch.filter(is_new)
        self._seen = pl.concat([self._seen, new], rechunk=False)
        return found
