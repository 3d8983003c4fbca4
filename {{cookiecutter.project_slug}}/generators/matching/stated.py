"""What the user says of columns and fields of an existing model: ``HEADER=FIELD``."""

from collections.abc import Sequence

from django.db.models import Model

from generators.code import AnyField
from generators.inference import Column
from generators.matching.matches import why_not
from generators.matching.nearest import names_of
from generators.naming import literal, normal
from generators.sample import nearest
from importkit.errors import visible

OPTION = "--field"


def find_fields(
    texts: Sequence[str], columns: Sequence[Column], model: type[Model]
) -> dict[str, AnyField]:
    """Return per header the field that the user says.

    Args:
        texts: What is said, each ``HEADER=FIELD``.
        columns: The columns of the sample.
        model: The model.

    Raises:
        ValueError: A column or a field is not known, is named twice, or cannot be filled.
    """
    found: dict[str, AnyField] = {}
    for text in texts:
        header, equals, name = text.rpartition("=")
        if not equals:
            raise ValueError(f"{OPTION} {visible(text)}: say HEADER=FIELD.")
        column, field = _header(header, columns), _field(name, model)
        if column in found or field in found.values():
            twice = (
                f"column {literal(column)}" if column in found else f'"{field.name}"'
            )
            raise ValueError(f"{OPTION} names {twice} twice: say one of them.")
        if reason := why_not(field):
            raise ValueError(f"{OPTION} {visible(text)}: {reason}.")
        found[column] = field
    return found


def _header(text: str, columns: Sequence[Column]) -> str:
    headers = {normal(column.header): column.header for column in columns}
    headers |= {column.header: column.header for column in columns}
    found = headers.get(text) or headers.get(normal(text))
    if found is None:
        known = [column.header for column in columns]
        raise ValueError(
            f"The sample has no column {literal(text)} for {OPTION}"
            f"{nearest(text, known)}"
        )
    return found


def _field(text: str, model: type[Model]) -> AnyField:
    fields = model._meta.concrete_fields
    for field in fields:
        if normal(text) in names_of(field):
            return field
    known = [field.name for field in fields]
    raise ValueError(
        f"{model._meta.label} has no field {literal(text)} for {OPTION}"
        f"{nearest(text, known)}"
    )
