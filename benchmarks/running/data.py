"""Step 1, data: files of products that come out alike on every machine."""

import math
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import polars as pl

from benchmarks.running.table import COLUMNS

CHUNK = 250_000  # Rows in memory at a time.
PRIME = 2_147_483_629  # Below 2**31, so that products of two fit 64 bits.
GOLDEN = (math.sqrt(5) - 1) / 2
CHANGED_EVERY = 100

CATEGORIES = ("Garden", "Tools", "Kitchen", "Office", "Toys", "Lighting", "Paint")
THINGS = ("Hose", "Clamp", "Drill", "Lamp", "Bracket", "Valve", "Brush", "Shelf")
DETAILS = (", 5 pieces", ' "large"', ', 3/4", brass', "", ", blue", "", "", ' 19"')
WORDS = ("keeps", "well", "sold", "apart", "since", "order", "stock", "cold", "dry")


class Kind(StrEnum):
    """What is special about a file.

    Attributes:
        CLEAN: Nothing.
        CHANGED: Every hundredth price is another one.
        DEARER: Every price is another one.
        LACKS_1, LACKS_5, LACKS_50: So many rows of a hundred are not there.
        ONE: There is the first row alone.
        BAD: No price is a number.
        UNEVEN: Every row has a field more than the header.
    """

    CLEAN = "clean"
    CHANGED = "changed"
    DEARER = "dearer"
    LACKS_1 = "lacks_1"
    LACKS_5 = "lacks_5"
    LACKS_50 = "lacks_50"
    ONE = "one"
    BAD = "bad"
    UNEVEN = "uneven"

    @property
    def is_refused(self) -> bool:
        """Say whether no row can be imported."""
        return self in (Kind.BAD, Kind.UNEVEN)

    def has(self, i: pl.Expr) -> pl.Expr:
        """Return for the number of each row whether the row is there."""
        if self is Kind.ONE:
            return i == 0
        every = GONE_EVERY.get(self)
        return i % every > 0 if every else i >= 0


# Of rows that are not there, how far it is from one to the next.
GONE_EVERY = {Kind.LACKS_1: 100, Kind.LACKS_5: 20, Kind.LACKS_50: 2}


@dataclass(frozen=True)
class DataFile:
    """A file of products, with what a table holds once it is imported.

    Attributes:
        path: Where it is.
        rows: How many rows there are in the table.
        cents: The sum of their prices, in cents.
    """

    path: Path
    rows: int
    cents: int


@dataclass(frozen=True)
class DataFolder:
    """The files of one benchmark, each written when it is first asked for."""

    folder: Path
    files: dict[tuple[int, Kind], DataFile] = field(default_factory=dict)

    def get(self, rows: int, kind: Kind = Kind.CLEAN) -> DataFile:
        """Return the file of this kind with this many rows."""
        if (rows, kind) not in self.files:
            path = self.folder / f"products_{rows}_{kind}.csv"
            self.files[rows, kind] = write_products(path, rows, kind)
        return self.files[rows, kind]

    def forget(self, rows: int) -> None:
        """Remove the files of this many rows."""
        for kind in Kind:
            if written := self.files.pop((rows, kind), None):
                written.path.unlink()


def write_products(path: Path, rows: int, kind: Kind) -> DataFile:
    """Write a file chunk by chunk; sums are kept to check a table against."""
    written = cents = 0
    columns = [*COLUMNS, "note"] if kind is Kind.UNEVEN else list(COLUMNS)
    with path.open("wb") as file:
        file.write(f"{','.join(COLUMNS)}\n".encode())
        for start in range(0, rows, CHUNK):
            numbers = pl.DataFrame(
                {"i": pl.int_range(start, min(start + CHUNK, rows), eager=True)}
            )
            chunk = numbers.select(_cents(kind).alias("cents"), *_texts(rows))
            chunk = chunk.filter(numbers.select(kind.has(pl.col("i"))).to_series())
            written += chunk.height
            cents += int(chunk["cents"].sum())
            whole, rest = pl.col("cents") // 100, pl.col("cents") % 100
            price = pl.format("{}.{}", whole, rest.cast(pl.String).str.zfill(2))
            if kind is Kind.BAD:
                price += " EUR"
            chunk = chunk.with_columns(price.alias("price"))
            chunk = pl.DataFrame(
                [chunk[n].alias(f"{i}") for i, n in enumerate(columns)]
            )
            chunk.write_csv(file, include_header=False)
    if kind.is_refused:
        return DataFile(path, 0, 0)
    return DataFile(path, written, cents)


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


def _cents(kind: Kind) -> pl.Expr:
    """Return prices in cents; changed, every hundredth row or each costs a cent more."""
    cents = _noise(2) % 10_000_000 + 1
    if kind is Kind.DEARER:
        return cents + 1
    more = pl.col("i") % CHANGED_EVERY == CHANGED_EVERY // 2
    return cents + more.cast(pl.Int64) if kind is Kind.CHANGED else cents


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
