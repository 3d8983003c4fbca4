"""What two imports at once are, and what the table may hold after them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from random import Random

# Prices by key.
type Rows = Mapping[str, int]

SYNC = ("--mode", "sync", "--delete", "--yes", "--max-delete", "100%")
BATCH = ("--commit", "batch")


@dataclass(frozen=True)
class Told:
    """One import of a pair.

    Attributes:
        rows: The rows of its source, in their order.
        flags: The flags of the command.
    """

    rows: Rows
    flags: tuple[str, ...]

    def after(self, table: Rows) -> Rows:
        """Return what a table holds after this import alone."""
        return self.rows if "sync" in self.flags else {**table, **self.rows}


@dataclass(frozen=True)
class Pair:
    """Two imports at once.

    Attributes:
        kind: What the two have to do with each other.
        before: The rows of the table.
        first: One import.
        second: The other.
    """

    kind: str
    before: Rows
    first: Told
    second: Told

    def allows(self, table: Rows) -> bool:
        """Return whether a table is what one after the other would leave."""
        if BATCH[1] in (*self.first.flags, *self.second.flags):
            # Each batch is by itself: of each row one of the two values stays.
            keys = {*self.before, *self.first.rows, *self.second.rows}
            return table.keys() == keys and all(
                self._is_known(*row) for row in table.items()
            )
        orders = ((self.first, self.second), (self.second, self.first))
        return any(table == b.after(a.after(self.before)) for a, b in orders)

    def _is_known(self, key: str, price: int) -> bool:
        own = [told.rows[key] for told in (self.first, self.second) if key in told.rows]
        return price in (own or [self.before[key]])


def pairs(chance: Random) -> Iterator[Pair]:
    """Yield pairs by chance: same keys, other keys, the other way around, sync."""
    while True:
        kind = chance.choice(
            ["same keys", "other keys", "opposite order", "sync", "batch"]
        )
        number = chance.choice([1, 20, 200])
        keys = [f"k{n}" for n in range(number)]
        stored = chance.sample(keys, chance.choice([0, number // 2, number]))
        others = [f"o{n}" for n in range(number)] if kind == "other keys" else keys
        chance.shuffle(others)
        if kind == "opposite order":
            others = keys[::-1]
        elif kind == "sync":
            others = others[: max(1, number // 2)]
        step = (
            "--batch_size",
            str(chance.choice([1, 7, 1000]) if number < 200 else 50),
        )
        flags = {"sync": SYNC, "batch": BATCH}.get(kind, ())
        yield Pair(
            kind,
            dict.fromkeys(stored, 1),
            Told(dict.fromkeys(keys, 2), (*step, *(flags if kind == "batch" else ()))),
            Told(dict.fromkeys(others, 3), (*step, *flags)),
        )
