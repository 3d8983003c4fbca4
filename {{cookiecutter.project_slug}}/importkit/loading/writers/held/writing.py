"""Step 4, load: held rows are written into their table."""

from importkit.loading.plan import Mode
from importkit.loading.writers.held.holding import HeldRows
from importkit.loading.writers.held.matching import CHANGED, ROW


def write(held: HeldRows, first: int, last: int) -> tuple[int, int]:
    """Write held rows; return how many rows the database created and changed.

    Args:
        held: The rows, with all columns of the table.
        first: The number of the first row.
        last: The number of the last row.
    """
    among = f"a.{ROW} BETWEEN {first} AND {last}"
    changed = new = 0
    if held.key and held.compared:
        changed = held.loader.execute(_update(held, among))
    if held.target.mode is not Mode.UPDATE:
        columns = [held.table.column(name) for name in held.full]
        new = held.loader.execute(
            f"{held.loader.insert_into} {held.table.name} "
            f"({', '.join(columns)}) {held.loader.given_keys} "
            f"SELECT {', '.join(columns)} FROM {held.held} a "
            f"WHERE a.{held.pks[0]} IS NULL AND {among} ORDER BY a.{ROW}"
        )
    return new, changed


def _update(held: HeldRows, among: str) -> str:
    names = [held.table.column(n) for n in [*held.compared, *held.times]]
    values = ", ".join(f"a.{name} AS v{n}" for n, name in enumerate(names))
    pks = ", ".join(f"a.{name}" for name in held.pks)
    pairs = zip(held.table.pk, held.pks, strict=True)
    same = " AND ".join(f"t.{column} = n.{name}" for column, name in pairs)
    return (
        f"UPDATE {held.table.name} AS t "
        f"SET {', '.join(f'{name} = n.v{n}' for n, name in enumerate(names))} "
        f"FROM (SELECT {pks}, {values} FROM {held.held} a "
        f"WHERE a.{CHANGED} = 1 AND {among}) AS n WHERE {same}"
    )


def mark_seen(held: HeldRows) -> None:
    """Add the primary keys of the held rows, once they are written, to those seen."""
    if not held.seen:
        return
    pks = ", ".join(held.pks)
    held.loader.execute(
        f"INSERT INTO {held.seen} SELECT {pks} FROM {held.held} "
        f"WHERE {held.pks[0]} IS NOT NULL"
    )
    columns = ", ".join(f"t.{column}" for column in held.table.pk)
    same = " AND ".join(
        f"t.{name} = a.{name}" for name in map(held.table.column, held.key)
    )
    held.loader.execute(
        f"INSERT INTO {held.seen} SELECT {columns} FROM {held.held} a "
        f"JOIN {held.table.name} t ON {same} WHERE a.{held.pks[0]} IS NULL"
    )
