"""Parents that an import creates where they are missing: what their rows need."""

from collections.abc import Iterable, Sequence

from django.db.models import Model

from generators.code import AnyField, Link, MadeParent, is_required
from generators.matching.filling import Pair
from generators.matching.relations.by_parent import parent_of
from generators.naming import Identifier, identifiers, model_name

OPTION = "--create-parents"
# Names that the method of a command uses itself.
USED = frozenset({"df", "self", "pl"})
FRAME = Identifier("df")

# For each parent the columns that name it: the frame, and the fields with the columns.
type Source = tuple[Identifier, Sequence[tuple[AnyField, Identifier]]]


def find_made_parents(
    model: type[Model], pairs: Sequence[Pair], links: Sequence[Link]
) -> tuple[MadeParent, ...]:
    """Return the parents that columns name by other fields than their key.

    A parent in the table of the model itself is a row of the file, and needs no other.

    Args:
        model: The model.
        pairs: The columns and the fields that they fill.
        links: The frames of links, which name rows of the other side.

    Raises:
        ValueError: No column names a parent, or a parent needs other values as well.
    """
    by_column = {link.column: link for link in links}
    by_key: dict[str, list[Pair]] = {}
    for pair in pairs:
        if pair.lookup:
            by_key.setdefault(pair.field.attname, []).append(pair)
    sources: dict[type[Model], list[Source]] = {}
    for named in by_key.values():
        parent = parent_of(named[0].field)
        if parent._meta.concrete_model is model._meta.concrete_model:
            continue
        frame, columns = FRAME, [pair.name for pair in named]
        if link := by_column.get(columns[0]):
            frame, columns = link.variable, [link.target]
        fields = [pair.lookup for pair in named if pair.lookup]
        source = (frame, list(zip(fields, columns, strict=True)))
        sources.setdefault(parent, []).append(source)
    if not sources:
        raise ValueError(
            f"{OPTION}: no column of the sample names a row of another model. Leave the "
            "option out, or state such a column with --field, for example "
            '--field "Author=author__name".'
        )
    return tuple(make_parent(parent, found) for parent, found in sources.items())


def make_parent(parent: type[Model], sources: Sequence[Source]) -> MadeParent:
    """Return how the missing rows of a parent are created.

    Args:
        parent: The parent.
        sources: The columns that name it.

    Raises:
        ValueError: Its rows need other values, or columns name it in different ways.
    """
    fields = [field for field, _ in sources[0][1]]
    label = parent._meta.label
    if any([field for field, _ in other] != fields for _, other in sources):
        raise ValueError(
            f"{OPTION}: columns of the sample name {label} by different fields, so that a "
            "new row would lack some of them. State the same field for each with --field."
        )
    if gaps := [
        f'"{field.name}"'
        for field in parent._meta.concrete_fields
        if is_required(field) and field not in fields
    ]:
        given = ", ".join(f'"{field.name}"' for field in fields)
        raise ValueError(
            f"{OPTION}: a new row of {label} needs {', '.join(gaps)} besides {given}, and "
            "the sample has no column for it. Give the field a default, allow null, or "
            f"import {label} before."
        )
    return MadeParent(
        model=model_name(parent),
        variable=variable_of(str(parent._meta.verbose_name_plural)),
        fields=tuple(Identifier(field.name) for field in fields),
        sources=tuple(
            (frame, tuple(column for _, column in named)) for frame, named in sources
        ),
    )


def variable_of(words: str, taken: Iterable[str] = USED) -> Identifier:
    """Return the name of the frame with the rows of a model."""
    [name] = identifiers([words])
    return Identifier(f"{name}_rows") if name in {*taken} else name
