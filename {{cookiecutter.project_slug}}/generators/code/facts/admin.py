"""What admin.py prints: the columns of the list, its filters, its search."""

from collections.abc import Iterator

from generators.code.expressions import texts
from generators.code.facts import Facts
from generators.code.plan import ColumnPlan, ImportPlan
from generators.inference import Kind
from generators.naming import Identifier, literal

# How many columns a list shows.
LISTED = 5
DAYS = frozenset({Kind.DATE, Kind.DATETIME})
# Rows. To count the years of its days takes SQLite 1.6 seconds for a million rows, each
# time that the list is shown.
MANY_ROWS = 100_000


def of_admin(plan: ImportPlan) -> Facts:
    """Return what admin.py prints. Secrets are neither shown nor searched."""
    public = [column for column in plan.columns if not column.is_secret]
    filters = [column.name for column in public if _is_filter(column)]
    searched = [*_searched(plan, public)]
    return {
        "list_display": texts(_listed(plan, public)) if public else None,
        "list_filter": texts(filters) if filters else None,
        "search_fields": texts(searched) if searched else None,
        "date_hierarchy": _day(plan, public),
    }


def _listed(plan: ImportPlan, public: list[ColumnPlan]) -> list[Identifier]:
    """Return the key and the first other columns, long texts only if there are no others."""
    keys = [column for column in public if column.name in plan.key_columns]
    short = [c for c in public if c.field and c.field.function != "models.TextField"]
    listed = dict.fromkeys(column.name for column in (*keys, *(short or public)))
    return [*listed][:LISTED]


def _is_filter(column: ColumnPlan) -> bool:
    """Return whether the values are few. Evidence: true and false, or choices in text."""
    return column.column.kind is Kind.BOOLEAN or column.column.choices > 0


def _searched(plan: ImportPlan, public: list[ColumnPlan]) -> Iterator[str]:
    """Yield the key and the first text, such as a name; a number is searched as a whole."""
    for column in public:
        if column.name in plan.key_columns:
            if column.is_text:
                yield column.name
            elif column.column.kind is Kind.INTEGER:
                yield f"={column.name}"
    names = (column for column in public if column.is_text and not _is_filter(column))
    if name := next((c for c in names if c.name not in plan.key_columns), None):
        yield name.name


def _day(plan: ImportPlan, public: list[ColumnPlan]) -> str | None:
    """Return the column of days, if there is one alone and it is never empty."""
    days = [column for column in public if column.column.kind in DAYS]
    if len(days) != 1 or days[0].column.nullable or plan.rows > MANY_ROWS:
        return None
    return literal(days[0].name)
