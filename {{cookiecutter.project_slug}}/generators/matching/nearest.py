"""The fields that a column may be meant for, and the columns meant for a field."""

import difflib
from collections.abc import Iterator, Sequence

from generators.code import AnyField
from generators.matching.filling import Pair
from generators.naming import normal
from importkit.errors import visible

# As difflib has it: less alike is not alike.
CUTOFF = 0.6
SHOWN = 3


def names_of(field: AnyField) -> tuple[str, ...]:
    """Return what a field may be called, the best name first."""
    names = (field.name, field.attname, field.verbose_name, field.column)
    return tuple(normal(str(name)) for name in names)


def candidates(
    header: str, fields: Sequence[AnyField], rivals: Sequence[Pair]
) -> tuple[str, ...]:
    """Return the fields that a column may be meant for, the likeliest first.

    Args:
        header: The column's header.
        fields: The fields that no column fills.
        rivals: The fields that values speak for, without deciding.
    """
    by_values = [
        f'"{pair.field.name}" ({pair.evidence})'
        for pair in rivals
        if pair.column.header == header
    ]
    near = [
        (_alike(header, field), field)
        for field in fields
        if all(field != pair.field or pair.column.header != header for pair in rivals)
    ]
    near.sort(key=lambda item: -item[0])
    by_name = [
        f'"{field.name}" ({alike:.0%} alike)'
        for alike, field in near
        if alike >= CUTOFF
    ]
    return tuple([*by_values, *by_name][:SHOWN])


def nearest_headers(
    fields: Sequence[AnyField], headers: Sequence[str]
) -> Iterator[str]:
    """Yield for fields the header that is most like each, if any is."""
    for field in fields:
        likeness = {header: _alike(header, field) for header in headers}
        header = max(headers, key=lambda header: likeness[header], default="")
        if likeness.get(header, 0) >= CUTOFF:
            yield (
                f'"{visible(header)}" for "{field.name}" ({likeness[header]:.0%} alike)'
            )


def _alike(header: str, field: AnyField) -> float:
    word = normal(header)
    return max(
        difflib.SequenceMatcher(None, word, name).ratio() for name in names_of(field)
    )
