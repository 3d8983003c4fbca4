"""Fields of an existing model are found by name: as the user states it, or by its header."""

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Model

from generators.code import AnyField
from generators.inference import Column
from generators.matching.filling import FieldPath, Pair, why_not_filled
from generators.matching.relations.by_parent import foreign_keys_of, key_of, parent_of
from generators.naming import literal, normal
from generators.sample import nearest
from importkit.errors import visible

OPTION = "--field"
# The least ratio of difflib that counts as alike, as difflib itself has it.
ALIKE = 0.6
# Candidates that are shown for a column.
SHOWN = 3


def names_of(field: AnyField) -> tuple[str, ...]:
    """Return the names of a field in their order of rank, normalised."""
    names = (field.name, field.attname, field.verbose_name, field.column)
    return tuple(normal(str(name)) for name in names)


def find_stated_fields(
    texts: Sequence[str], columns: Sequence[Column], model: type[Model]
) -> dict[str, FieldPath]:
    """Return by header the fields that the user states.

    Args:
        texts: The values of ``--field``, each ``HEADER=FIELD``, where the field may be one
            of a parent: ``Author=author__name``.
        columns: The columns of the sample.
        model: The model.

    Raises:
        ValueError: A column or a field does not exist, is named twice, or cannot be
            filled.
    """
    found: dict[str, FieldPath] = {}
    for text in texts:
        header, equals, name = text.rpartition("=")
        if not equals:
            raise ValueError(
                f"{OPTION} {visible(text)} is not of the form HEADER=FIELD."
            )
        column, path = _header(header, columns), _path(name, model)
        if column in found:
            raise ValueError(f"{OPTION} names the column {literal(column)} twice.")
        if path in found.values():
            raise ValueError(f'{OPTION} names the field "{_shown(path)}" twice.')
        is_link = path.field.many_to_many and path.lookup is None
        if not is_link and (reason := why_not_filled(path.lookup or path.field)):
            raise ValueError(f"{OPTION} {visible(text)}: {reason}.")
        found[column] = path
    return found


def find_named_fields(
    columns: Sequence[Column], model: type[Model], stated: Mapping[str, FieldPath]
) -> dict[str, FieldPath]:
    """Return fields by header: those that are stated, then those of the same name.

    The best name decides: a field goes to the column that has its name, not to an
    earlier column that has its verbose name. Last come the fields of parents, under the
    names of both: ``author__name``, "Author name".
    """
    found = {**stated}
    ranks = [
        [
            (names_of(field)[rank], FieldPath(field))
            for field in model._meta.concrete_fields
        ]
        for rank in range(4)
    ]
    for names in [*ranks, _names_of_look_ups(model)]:
        by_name: dict[str, FieldPath] = {}
        for name, path in names:
            by_name.setdefault(name, path)
        for column in columns:
            wanted = by_name.get(normal(column.header))
            if wanted and not _is_taken(wanted, found.values()):
                found.setdefault(column.header, wanted)
    return found


def _is_taken(wanted: FieldPath, taken: Iterable[FieldPath]) -> bool:
    """Return whether a field is filled, or the foreign key that a look-up would fill."""
    return any(
        path.field == wanted.field
        and (path == wanted or path.lookup is None or wanted.lookup is None)
        for path in taken
    )


def _names_of_look_ups(model: type[Model]) -> list[tuple[str, FieldPath]]:
    """Return the names of the fields of parents, each behind a name of the foreign key."""
    return [
        (own + name, FieldPath(field, other))
        for field in foreign_keys_of(model)
        for other in parent_of(field)._meta.concrete_fields
        if not (other.primary_key or other.is_relation)
        for own in dict.fromkeys(names_of(field))
        for name in dict.fromkeys(names_of(other))
    ]


def find_candidates(
    header: str, fields: Sequence[AnyField], rivals: Sequence[Pair]
) -> tuple[str, ...]:
    """Return the fields that a column may be meant for, the likeliest first, in words.

    Args:
        header: The column's header.
        fields: The fields that no column fills.
        rivals: Columns with fields that their values fit, where several do.
    """
    own = [pair for pair in rivals if pair.column.header == header]
    by_values = [f'"{pair.field.name}" ({pair.evidence})' for pair in own]
    others = [field for field in fields if all(field != pair.field for pair in own)]
    ratios = [(_likeness(header, field), field) for field in others]
    ratios.sort(key=lambda pair: -pair[0])
    by_name = [
        f'"{field.name}" ({ratio:.0%} alike)'
        for ratio, field in ratios
        if ratio >= ALIKE
    ]
    return tuple([*by_values, *by_name][:SHOWN])


def find_near_headers(
    fields: Sequence[AnyField], headers: Sequence[str]
) -> Iterator[str]:
    """Yield for each field the header that is most like its names, if any is alike."""
    for field in fields:
        ratios = {header: _likeness(header, field) for header in headers}
        header = max(ratios, key=lambda header: ratios[header], default="")
        if ratios.get(header, 0) >= ALIKE:
            yield f'"{visible(header)}" for "{field.name}" ({ratios[header]:.0%} alike)'


def _likeness(header: str, field: AnyField) -> float:
    word = normal(header)
    return max(
        difflib.SequenceMatcher(None, word, name).ratio() for name in names_of(field)
    )


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


def _path(text: str, model: type[Model]) -> FieldPath:
    """Return the field of a text such as ``title`` or ``author__name``."""
    first, path, second = text.partition("__")
    fields = model._meta.concrete_fields
    if not path or any(normal(text) in names_of(field) for field in fields):
        return FieldPath(_field(text, model))
    named = _field(first, model)
    relations = [*foreign_keys_of(model), *model._meta.many_to_many]
    field = next((each for each in relations if each == named), None)
    if field is None:
        raise ValueError(
            f'{OPTION} {literal(text)}: "{named.name}" is not a foreign key, so that no '
            "row can be looked up by it."
        )
    if "__" in second:
        raise ValueError(
            f"{OPTION} {literal(text)}: a parent is looked up by its own fields only, such "
            f'as "{field.name}__{second.partition("__")[0]}".'
        )
    other = _field(second, parent_of(field))
    return FieldPath(field) if other == key_of(field) else FieldPath(field, other)


def _field(text: str, model: type[Model]) -> AnyField:
    fields = model._meta.concrete_fields
    for field in fields:
        if normal(text) in names_of(field):
            return field
    for link in model._meta.many_to_many:
        if normal(text) in {normal(link.name), normal(str(link.verbose_name))}:
            return link
    known = [field.name for field in (*fields, *model._meta.many_to_many)]
    raise ValueError(
        f"{model._meta.label} has no field {literal(text)} for {OPTION}"
        f"{nearest(text, known)}"
    )


def _shown(path: FieldPath) -> str:
    return path.name if path.lookup else path.field.name
