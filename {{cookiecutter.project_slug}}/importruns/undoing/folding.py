"""The changes that a run made to one row, one after the other, become one change."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

type Image = Mapping[str, object]


@dataclass(frozen=True)
class RowImages:
    """One change of a row: what the row was before, and what it was after.

    Attributes:
        kind: ``c``: created, ``u``: changed, ``d``: deleted.
        before: The values that the change found; None if there was no row.
        after: The values that it left; None if there is no row any more.
    """

    kind: str
    before: Image | None
    after: Image | None


def folded(changes: Iterable[RowImages]) -> RowImages | None:
    """Return what all changes of a row did together; None if that is nothing."""
    kinds: list[str] = []
    before: dict[str, object] = {}
    after: dict[str, object] = {}
    for change in changes:
        kinds.append(change.kind)
        for name, value in (change.before or {}).items():
            before.setdefault(name, value)
        after.update(change.after or {})
    was_there, is_there = kinds[0] != "c", kinds[-1] != "d"
    if not was_there:
        return RowImages("c", None, after) if is_there else None
    if not is_there:
        return RowImages("d", before, None)
    names = [name for name in before if before[name] != after.get(name)]
    if not names:
        return None
    old, new = ({name: image[name] for name in names} for image in (before, after))
    return RowImages("u", old, new)
