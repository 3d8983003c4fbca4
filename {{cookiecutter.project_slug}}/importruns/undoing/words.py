"""What undoing a run did, or would do, in words."""

from collections.abc import Iterator

from importkit.errors import visible
from importruns.undoing.told import Difference, Kept, Undone, UndoneTable


def describe(undone: Undone) -> str:
    """Return what became of the rows of each table, and the rows that are kept."""
    lines = [line for table in undone.tables for line in _table(table)]
    if undone.dry_run:
        lines.append("Dry run: nothing was written.")
    else:
        lines.append(f"Run {undone.run} is undone.")
    return "\n".join(lines)


def _table(table: UndoneTable) -> Iterator[str]:
    numbers = (
        (table.taken_back, "created taken back"),
        (table.restored, "changed restored"),
        (table.put_back, "deleted put back"),
        (sum(table.kept.values()), "kept as they are"),
    )
    told = ", ".join(f"{number:,} {what}" for number, what in numbers if number)
    yield f"{table.label}: {told or 'nothing to undo'}."
    for reason, number in table.kept.items():
        yield f"  Kept because {reason}: {number:,}."
    for example in table.examples:
        yield f"    {_kept(example)}"
    more = sum(table.kept.values()) - len(table.examples)
    if more > 0 and table.examples:
        yield f"    ... and {more:,} more"


def _kept(row: Kept) -> str:
    start = f"{visible(row.key)}: {row.reason}"
    told = "; ".join(map(_difference, row.differences))
    return f"{start} ({told})" if told else start


def _difference(each: Difference) -> str:
    return f"{each.column} {_shown(each.written)} -> {_shown(each.now)}"


def _shown(value: str | None) -> str:
    # repr shows control and bidi characters instead of sending them.
    return "nothing" if value is None else repr(value)
