"""Step 2, clean: find the rows that repeat the key of a row in an earlier batch."""

import secrets

import polars as pl


class SeenKeys:
    """The keys of all earlier rows as hashes of 72 bits: 9 bytes a row.

    Two different keys with the same hash count as one key. That happens by chance in
    one of ninety million files of ten million rows.
    """

    def __init__(self) -> None:
        """Start without keys, and with seeds that are new in each run."""
        self._seeds = (secrets.randbits(64), secrets.randbits(64))
        self._seen = pl.DataFrame(schema={"first": pl.UInt64, "second": pl.UInt8})

    def repeats(self, keys: pl.DataFrame) -> pl.Series:
        """Return which rows have a key of an earlier batch, and add the other keys.

        Args:
            keys: The key columns of a batch, each key once.

        Returns:
            One boolean a row.
        """
        first, second = (keys.hash_rows(seed) for seed in self._seeds)
        batch = pl.DataFrame({"first": first, "second": (second % 2**8).cast(pl.UInt8)})
        # Fast: the many earlier keys are looked up in the few of the batch, and nearly
        # always none is found.
        found = self._seen["first"].is_in(first.implode())
        candidates = self._seen.filter(found)
        repeated = pl.Series([False]).new_from_index(0, batch.height)
        if not candidates.is_empty():
            both = batch.with_row_index("row").join(candidates, on=["first", "second"])
            repeated = repeated.scatter(both["row"], values=True)
        self._seen = pl.concat([self._seen, batch.filter(~repeated)], rechunk=False)
        return repeated
