"""Fields that hold values in the table, and that empty cells of a file would empty."""

from collections.abc import Iterator

from django.db.models import Model

from generators.code import ImportPlan
from generators.matching.relations.stored import holds_values


def told_of_cleared_fields(model: type[Model], plan: ImportPlan) -> Iterator[str]:
    """Yield which fields empty cells of a sample empty, though the table has values there.

    Without a natural key no stored row is changed.

    Args:
        model: The model.
        plan: The plan of the import.
    """
    fields = {field.attname: field for field in model._meta.concrete_fields}
    names = [
        column.relation or fields[column.name].name
        for column in plan.columns
        if column.column.nulls and not (column.required or column.keeps)
        if plan.keys and not column.is_link
    ]
    held = [f'"{name}"' for name in dict.fromkeys(names) if holds_values(model, name)]
    if held:
        yield (
            f"An empty cell of {', '.join(held)} empties the field of a stored row. To keep "
            "what is stored, return OnEmpty.KEEP for the field in get_on_empty of the command."
        )
