"""Step 4, load: held rows are counted, and what a dry run says of them is read."""

from collections.abc import Mapping
from itertools import batched

import polars as pl

from importkit.loading.plan import EXAMPLES, Change, Outcome, links_of
from importkit.loading.writers.held.holding import HeldRows
from importkit.loading.writers.held.matching import CHANGED, ROW
from importkit.loading.writers.interface import AT_ONCE
from importkit.models import Links, field_of, series_of, shown_value


def count(
    held: HeldRows, outcome: Outcome, first_row: int = 0, last_row: int | None = None
) -> None:
    """Add the numbers of held rows, and examples of changes, to the outcome."""
    outcome.new += held.counted
    if held.only_counts:
        return
    last_row = held.height if last_row is None else last_row
    among = f"a.{ROW} BETWEEN {first_row} AND {last_row}"
    [(rows, new, changed)] = held.loader.rows(
        f"SELECT COUNT(*), SUM(CASE WHEN {held.pks[0]} IS NULL THEN 1 ELSE 0 END), "
        f"SUM({CHANGED}) FROM {held.held} a WHERE {among}"
    )
    new, changed = int(new or 0), int(changed or 0)
    outcome.new += new
    outcome.changed += changed
    outcome.unchanged += rows - new - changed
    if not changed:
        return
    for names in batched(held.compared, AT_ONCE):
        sums = ", ".join(
            f"SUM(CASE WHEN {held.differs(name)} THEN 1 ELSE 0 END)" for name in names
        )
        [counts] = held.loader.rows(f"SELECT {sums} FROM {_changed(held)} AND {among}")
        found = zip(names, counts, strict=True)
        outcome.changed_by_field.update({n: int(c) for n, c in found if c})
    if len(outcome.examples) < EXAMPLES:
        outcome.add_examples(_examples(held, among))


def planned(held: HeldRows) -> pl.DataFrame:
    """Return ``keeps`` of the new rows, for the rows that refer to them."""
    names = [name for name in held.target.keeps if name in held.full]
    if not names:
        return pl.DataFrame()
    columns = [f"{held.table.column(name)}" for name in names]
    rows = held.loader.rows(
        f"SELECT {', '.join(columns)} FROM {held.held} "
        f"WHERE {held.pks[0]} IS NULL ORDER BY {ROW}"
    )
    values = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pl.DataFrame(
        series_of(
            field_of(held.target.model, name),
            name,
            [held.table.python_value(name, value) for value in column],
        )
        for name, column in zip(names, values, strict=True)
    )


def add_links(held: HeldRows, found: Mapping[str, Links]) -> None:
    """Add the foreign keys that the rows would have written, by attname."""
    for key in links_of(held.target, held.given):
        links, name = found[key.attname], key.attname
        column = held.table.column(name)
        rows = held.loader.rows(
            f"SELECT {', '.join(held.pks)}, {column} FROM {held.held} "
            f"WHERE {held.pks[0]} IS NULL OR {CHANGED} = 1"
        )
        for *pk, value in rows:
            parent = held.table.python_value(name, value)
            if pk[0] is None:
                links.new[parent] += 1
            else:
                links.moved[held.table.key(pk)] = parent


def _changed(held: HeldRows) -> str:
    pairs = zip(held.table.pk, held.pks, strict=True)
    same = " AND ".join(f"t.{column} = a.{name}" for column, name in pairs)
    return f"{held.held} a JOIN {held.table.name} t ON {same} WHERE a.{CHANGED} = 1"


def _examples(held: HeldRows, among: str) -> list[Change]:
    """Return the first changes, in the order of the rows."""
    parts = [*batched(held.compared, AT_ONCE)]
    found = []
    for part in parts:
        names = [f"a.{held.table.column(name)}" for name in held.key]
        for name in part:
            column = held.table.column(name)
            names.append(held.differs(name))
            names += [f"{held.loader.as_stored}{row}.{column}" for row in "ta"]
        found.append(
            held.loader.rows(
                f"SELECT {', '.join(names)} FROM {_changed(held)} "
                f"AND {among} ORDER BY a.{ROW} LIMIT {EXAMPLES}"
            )
        )
    width = len(held.key)
    return [
        Change(
            tuple(_shown(held, key, value) for key, value in keys),
            name,
            *(_shown(held, name, value) for value in pair),
        )
        for row in zip(*found, strict=True)
        for part, values in zip(parts, row, strict=True)
        for keys in [[*zip(held.key, values, strict=False)]]
        for name, start in zip(part, range(width, len(values), 3), strict=True)
        for differs, *pair in [values[start : start + 3]]
        if differs
    ]


def _shown(held: HeldRows, attname: str, value: object) -> object:
    field = field_of(held.target.model, attname)
    return shown_value(field, held.table.python_value(attname, value))
