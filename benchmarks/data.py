"""Step 1, data: files of products that come out alike on every machine."""

import math
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from benchmarks.table import COLUMNS

CHUNK = 250_000  # Rows in memory at a time.
PRIME = 2_147_483_629  # Below 2**31, so that products of two fit 64 bits.
GOLDEN = (math.sqrt(5) - 1) / 2
CHANGED_EVERY = 100

CATEGORIES = ("Garden", "Tools", "Kitchen", "Office", "Toys", "Lighting", "Paint")
THINGS = ("Hose", "Clamp", "Drill", "Lamp", "Bracket", "Valve", "Brush", "Shelf")
DETAILS = (", 5 pieces", ' "large"', ', 3/4", brass', "", ", blue", "", "", ' 19"')
WORDS = ("keeps", "well", "sold", "apart", "since", "order", "stock", "cold", "dry")


@dataclass(frozen=True)
class DataFile:
    """A file of products, with what a table holds once it is imported.

    Attributes:
        path: Where it is.
        rows: How many rows stand below the header.
        cents: The sum of all prices, in cents.
    """

    path: Path
    rows: int
    cents: int


@dataclass(frozen=True)
class DataFolder:
    """The files of one benchmark, each written when it is first asked for."""

    folder: Path
    files: dict[tuple[int, bool], DataFile] = field(default_factory=dict)

    def get(self, rows: int, *, changed: bool = False) -> DataFile:
        """Return the file of this many rows, or the one with 1 % of prices changed."""
        if (rows, changed) not in self.files:
            name = f"products_{rows}{'_changed' if changed else ''}.csv"
            written = write_products(self.folder / name, rows, changed=changed)
            self.files[rows, changed] = written
        return self.files[rows, changed]

    def forget(self, rows: int) -> None:
        """Remove the files of this many rows."""
        for changed in (False, True):
            if written := self.files.pop((rows, changed), None):
                written.path.unlink()


def write_products(path: Path, rows: int, *, changed: bool) -> DataFile:
    """Write a file chunk by chunk; sums are kept to check a table against."""
    cents = 0
    with path.open("wb") as file:
        file.write(f"{','.join(COLUMNS)}\n".encode())
        for start in range(0, rows, CHUNK):
            numbers = pl.DataFrame(
                {"i": pl.int_range(start, min(start + CHUNK, rows), eager=True)}
            )
            chunk = numbers.select(_cents(changed).alias("cents"), *_texts(rows))
            cents += int(chunk["cents"].sum())
            whole, rest = pl.col("cents") // 100, pl.col("cents") % 100
            price = pl.format("{}.{}", whole, rest.cast(pl.String).str.zfill(2))
            chunk = chunk.with_columns(price.alias("price")).select(COLUMNS)
            chunk.write_csv(file, include_header=False)
    return DataFile(path, rows, cents)


def _texts(rows: int) -> list[pl.Expr]:
    """Return the columns but for the price."""
    i = pl.col("i")
    # A step of the golden ratio visits every number once, and jumps far each time.
    place = i * _coprime(int(rows * GOLDEN), rows) % rows + 1
    since = pl.lit(1_400_000_000) + _noise(3) % 300_000_000
    touched = pl.lit(1_600_000_000) + _noise(4) % 100_000_000
    words = [_pick(WORDS, 10 + n) for n in range(6)]
    note = pl.concat_str([*words, _noise(5).cast(pl.String)], separator=" ")
    return [
        pl.format("SKU-{}", place.cast(pl.String).str.zfill(9)).alias("sku"),
        pl.format(
            "{} {}{}", _pick(THINGS, 20), _noise(6) % 9973, _pick(DETAILS, 21)
        ).alias("name"),
        _pick(CATEGORIES, 22).alias("category"),
        pl.when(i % 10 != 3).then(_noise(7) % 1000).alias("stock"),
        pl.when(i % 17 != 5)
        .then(((_noise(8) % 500_000_000 + 1_000_000) / 10_000_000).round(7))
        .alias("weight"),
        (_noise(9) % 3 != 0).alias("active"),
        pl.from_epoch(since).dt.date().alias("since"),
        pl.from_epoch(touched)
        .dt.strftime("%Y-%m-%dT%H:%M:%S+02:00")
        .alias("updated_at"),
        note.str.pad_end(60, ".").str.slice(0, 60).alias("note"),
    ]


def _cents(changed: bool) -> pl.Expr:
    """Return prices in cents; changed, every hundredth row costs a cent more."""
    cents = _noise(2) % 10_000_000 + 1
    more = pl.col("i") % CHANGED_EVERY == CHANGED_EVERY // 2
    return cents + more.cast(pl.Int64) if changed else cents


def _noise(seed: int) -> pl.Expr:
    """Return numbers below 2**31 that look random and depend on nothing but the row."""
    mixed = (pl.col("i") + 7919 * seed) * 48_271 % PRIME
    return (mixed * mixed + 69_621 * mixed + seed) % PRIME


def _pick(texts: tuple[str, ...], seed: int) -> pl.Expr:
    return pl.lit(pl.Series(texts)).gather((_noise(seed) // 64) % len(texts))


def _coprime(number: int, other: int) -> int:
    """Return the next number from here on that shares no factor with the other."""
    while math.gcd(number, other) != 1:
        number += 1
    return number
