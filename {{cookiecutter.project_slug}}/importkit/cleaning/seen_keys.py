"""Step 2, clean: which rows repeat the key of a row that came in an earlier batch."""

import secrets

import polars as pl


class SeenKeys:
    """The keys of all rows so far, kept as hashes: 9 bytes a row.

    Two keys are taken for one when 72 bits of two hashes agree: by chance that happens
    in one of ninety million files of ten million rows.
    """

    def __init__(self) -> None:
        """Start with no keys; the seeds are new in each run."""
        self._seeds = (secrets.randbits(64), secrets.randbits(64))
        self._seen = pl.DataFrame(schema={"first": pl.UInt64, "second": pl.UInt8})

    def repeats(self, keys: pl.DataFrame) -> pl.Series:
        """Return which rows have a key of an earlier batch, and remember the others.

        Args:
            keys: The key columns of a batch, each key once.

        Returns:
            One boolean a row.
        """
        first, second = (keys.hash_rows(seed) for seed in self._seeds)
        batch = pl.DataFrame({"first": first, "second": (second % 2**8).cast(pl.UInt8)})
        # Looking up the many in the few is fast; nearly always nothing is found.
        found = self._seen["first"].is_in(first.implode())
        candidates = self._seen.filter(found)
        repeated = pl.Series([False]).new_from_index(0, batch.height)
        if not candidates.is_empty():
            both = batch.with_row_index("row").join(candidates, on=["first", "second"])
            repeated = repeated.scatter(both["row"], values=True)
        self._seen = pl.concat([self._seen, batch.filter(~repeated)], rechunk=False)
        return repeated
