"""Keys: which columns, or pairs of columns, no two rows of a sample may share."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations, islice

from generators.inference import (
    KEY_KINDS,
    MANY_VALUES,
    Column,
    Kind,
    names_key,
    natural_key,
)
from generators.naming import snake
from importkit.errors import visible

# Words in names of columns that identify a row only together with another column.
PARTS = "date day item line month period place pos position row store version year"
MOST_PAIRS = 6  # Each pair takes eight bytes a row.


def likely_pairs(columns: Mapping[int, Column]) -> list[tuple[int, int]]:
    """Return the pairs of columns that may be a key, by their names and places.

    Evidence: no column alone is a key; both columns are never empty; one has the name of
    a key, and the other the name, or the kind, of a part of a key.

    Args:
        columns: The columns by their places.
    """
    if natural_key(tuple(columns.values())):
        return []
    places = [place for place, column in columns.items() if _may_be_part(column)]
    named = {place for place in places if names_key(columns[place].header)}
    pairs = (pair for pair in combinations(places, 2) if not named.isdisjoint(pair))
    return list(islice(pairs, MOST_PAIRS)) if named else []


def notes_on_keys(
    columns: Sequence[Column], repeats: Mapping[tuple[str, ...], int]
) -> Iterator[str]:
    """Propose a natural key where no column has the name of one.

    Args:
        columns: The columns.
        repeats: For sets of headers, how many rows repeat an earlier one.
    """
    if natural_key(tuple(columns)) or not columns or columns[0].rows < MANY_VALUES:
        return
    rows = f"{columns[0].rows:,} rows"
    for column in columns:
        if column.unique and not column.nullable and column.kind in KEY_KINDS:
            name = f'"{visible(column.header)}"'
            yield f"natural key? no two of {rows} have the same {name}; state it with --natural-key"
            return
    for headers in repeats:
        if len(headers) > 1 and not repeats[headers]:
            names = " and ".join(f'"{visible(header)}"' for header in headers)
            yield f"natural key? no two of {rows} have the same {names}; state them with --natural-key"
            return


def _may_be_part(column: Column) -> bool:
    """Return whether a column may identify rows together with another column."""
    if column.nullable or not column.rows:
        return False
    words: Collection[str] = snake(column.header).split("_")
    is_part = not {*words}.isdisjoint(PARTS.split())
    is_day = column.kind in {Kind.DATE, Kind.DATETIME}
    named = names_key(column.header) and column.kind in KEY_KINDS
    return is_day or named or (is_part and column.kind in KEY_KINDS)
