"""Step 3 of fuzzing: a file, and the way in which it is imported."""

from dataclasses import dataclass
from random import Random

from importkit.source import Dialect
from tests.importkit.fuzzing.mutations import mutated, other_dialect
from tests.importkit.fuzzing.seeds import Seed, seeds

SEEDS = seeds()
# Bytes read at a time; all have more than a byte order mark.
SLICES = (9, 64, 500)
SMALL = 2_000  # Bytes of a file that may be read and written in many small pieces.


@dataclass(frozen=True)
class Case:
    """A file and everything that its import depends on.

    Attributes:
        name: The seed that it was made of.
        data: The bytes of the file.
        dialect: How it is read.
        headers: What its header calls the columns.
        slice_bytes: How much of it is read at a time.
        records: How many records are taken at a time, where they are read one by one.
        batch_size: How many rows are written at a time, as a flag.
        mode: What may be done to the table.
        is_filled: Whether the table has a row before.
        stale: How many rows of the file the table has before, with other values.
        is_unique: Whether cleaning leaves out rows with the key of another.
        through_django: Whether rows are written as instances.
        is_whole: Whether the file is read whole, with ``read_csv``.
        imports: Whether the file is imported, not only planned.
        again: Whether the same file is planned once more after that.
        stops: Whether it is also imported to stop at a problem.
        rejects: Whether the rejects are imported as well.
    """

    name: str
    data: bytes
    dialect: Dialect
    headers: tuple[str, ...]
    slice_bytes: int = 4_000_000
    records: int = 20_000
    batch_size: int = 50_000
    mode: str = "upsert"
    is_filled: bool = False
    stale: int = 0
    is_unique: bool = True
    through_django: bool = False
    is_whole: bool = False
    imports: bool = True
    again: bool = False
    stops: bool = False
    rejects: bool = False

    def __str__(self) -> str:
        """Tell everything but the bytes."""
        known = {name: value for name, value in vars(self).items() if name != "data"}
        return "\n".join(f"{name}: {value}" for name, value in known.items())


def case(seed: int, number: int) -> Case:
    """Return the file of a number, the same one every time."""
    chance = Random(f"{seed}:{number}")  # noqa: S311  to be repeated, not to be secret
    base: Seed = chance.choice(SEEDS)
    data = mutated(base.data, base.dialect, chance)
    is_other = chance.random() < 0.1
    mode = chance.choice(["upsert", "upsert", "upsert", "insert", "sync"])
    imports = chance.random() < 0.5
    is_cut = len(data) < SMALL and chance.random() < 0.2
    return Case(
        name=base.name,
        data=data,
        dialect=other_dialect(base.dialect, chance) if is_other else base.dialect,
        headers=base.headers,
        slice_bytes=chance.choice(SLICES) if is_cut else 4_000_000,
        records=chance.choice([2, 20_000]) if is_cut else 20_000,
        batch_size=chance.choice([3, 50_000]) if is_cut else 50_000,
        mode=mode,
        is_filled=chance.random() < 0.5,
        # Without it an insert meets the same key twice, and the database refuses all.
        is_unique=mode == "insert" or chance.random() < 0.5,
        through_django=chance.random() < 0.1,
        is_whole=chance.random() < 0.05,
        imports=imports,
        again=imports and chance.random() < 0.1,
        stops=chance.random() < 0.1,
        rejects=imports and chance.random() < 0.1,
        # An insert would meet the keys of these rows.
        stale=0 if mode == "insert" else chance.choice([0, 0, 2, 5]),
    )
