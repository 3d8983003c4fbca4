"""Which column fills which field of an existing model: as stated, by name, by values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db.models import Model
from django.db.models.signals import pre_save

from generators.code import (
    AnyField,
    Filled,
    Unmatched,
    is_required,
    target_of,
)
from generators.inference import Column
from generators.matching.by_name import (
    find_candidates,
    find_named_fields,
    find_near_headers,
    names_of,
)
from generators.matching.by_values import match_by_values
from generators.matching.filling import FieldPath, Pair, why_not_filled
from generators.matching.labels import are_in_another_case, find_labels
from generators.matching.relations.by_parent import find_look_up, foreign_keys_of
from generators.matching.relations.links import find_link, find_named_links
from generators.naming import normal
from importkit.errors import visible

NO_MARKS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Match:
    """The columns that fill a model's fields, in file order.

    Attributes:
        model: The model.
        pairs: Each column with its field.
        unmatched: The columns that fill no field.
    """

    model: type[Model]
    pairs: tuple[Pair, ...]
    unmatched: tuple[Unmatched, ...]

    @property
    def fields(self) -> list[Filled]:
        """Each field that is filled, what it takes, and how its values are written."""
        return [
            Filled(pair.field, pair.target, pair.written, pair.lookup)
            for pair in self.pairs
        ]


def match(
    columns: Sequence[Column],
    model: type[Model],
    cells: pl.DataFrame,
    stated: Mapping[str, FieldPath],
    marks: Mapping[str, str] = NO_MARKS,
) -> Match:
    """Find the field of each column.

    What the user states comes first; then a field's name, attname, verbose name and
    database column; then values, which are a guess.

    Args:
        columns: The columns of the sample.
        model: The model.
        cells: The sample's rows.
        stated: By header the fields that the user states.
        marks: By header what stands between the values of a many-to-many field, where
            the user states it.

    Raises:
        ValueError: No column fits, or required fields are left without one.
    """
    named = find_named_fields(columns, model, stated)
    links = {header: path for header, path in named.items() if path.field.many_to_many}
    named = {header: path for header, path in named.items() if header not in links}
    links |= find_named_links(columns, model, {**named, **links})
    nameless = [c for c in columns if c.header not in {*named, *links}]
    filled_by_name = [path.field for path in named.values()]
    fields = [f for f in model._meta.concrete_fields if f not in filled_by_name]
    found, rivals = match_by_values(model, nameless, fields, cells)
    found_links = {
        column.header: find_link(
            links[column.header],
            column,
            cells[column.header],
            marks.get(column.header, ""),
        )
        for column in columns
        if column.header in links
    }
    linked = [link.pair for link in found_links.values() if link.pair]
    whys = {header: link.why for header, link in found_links.items()}
    pairs = [*_fillable(columns, named, cells), *found, *linked]
    filled = {pair.column.header: pair for pair in pairs}
    taken = [pair.field for pair in pairs]
    free = [f for f in fields if f not in taken and not why_not_filled(f)]
    unmatched = tuple(
        Unmatched(column.header, whys[column.header])
        if column.header in whys
        else _unmatched(
            column, model, named, find_candidates(column.header, free, rivals)
        )
        for column in columns
        if column.header not in filled
    )
    _refuse_gaps(model, taken, [item.header for item in unmatched])
    in_order = (filled[c.header] for c in columns if c.header in filled)
    return Match(model, tuple(in_order), unmatched)


def _fillable(
    columns: Sequence[Column],
    named: Mapping[str, FieldPath],
    cells: pl.DataFrame,
) -> list[Pair]:
    pairs = []
    for column in columns:
        path = named.get(column.header)
        if path is None or why_not_filled(path.lookup or path.field):
            continue
        evidence = ""
        keys = foreign_keys_of(path.field.model)
        key = next((key for key in keys if path == FieldPath(key)), None)
        if key:
            path, evidence = find_look_up(key, column, cells[column.header])
        if target := target_of(path.lookup or path.field, column):
            labels = find_labels(path.field, target.kind, cells[column.header])
            pairs.append(
                Pair(
                    column,
                    path.field,
                    target,
                    evidence,
                    path.lookup,
                    labels,
                    ignores_case=are_in_another_case(labels, cells[column.header]),
                )
            )
    return pairs


def _unmatched(
    column: Column,
    model: type[Model],
    named: Mapping[str, FieldPath],
    candidates: tuple[str, ...],
) -> Unmatched:
    """Return why a column fills no field, and which fields it may be meant for."""
    if path := named.get(column.header):
        return Unmatched(column.header, why_not_filled(path.lookup or path.field))
    reason = _reason(normal(column.header), model, named)
    return Unmatched(column.header, reason, candidates)


def _reason(name: str, model: type[Model], named: Mapping[str, FieldPath]) -> str:
    for header, path in named.items():
        if name in names_of(path.field):
            return f'"{visible(header)}" fills "{path.field.name}" already'
    for field in model._meta.private_fields:
        if isinstance(field, GenericForeignKey) and name == normal(field.name):
            return (
                f'"{field.name}" refers to rows of several models: give "{field.ct_field}" '
                f'and "{field.fk_field}" a column each'
            )
    return f"not a field of {model._meta.label}"


def _refuse_gaps(
    model: type[Model], filled: Sequence[AnyField], headers: Sequence[str]
) -> None:
    fields = model._meta.concrete_fields
    if not filled:
        names = ", ".join(f'"{field.name}"' for field in fields)
        raise ValueError(
            f"No column of the sample is a field of {model._meta.label}, which has "
            f"{names}. State which column fills which field with --field HEADER=FIELD."
        )
    gaps = [field for field in fields if field not in filled and is_required(field)]
    if gaps:
        names = ", ".join(f'"{field.name}"' for field in gaps)
        near = "; ".join(find_near_headers(gaps, headers))
        near = f" Nearest: {near}." if near else ""
        raise ValueError(
            f"{model._meta.label} requires {names}, for which the sample has no column."
            f"{near} State the columns with --field HEADER=FIELD, add them to the "
            f"sample, or give the fields a default.{_note_on_save(model)}"
        )


def _note_on_save(model: type[Model]) -> str:
    """Return what to do about a save() of the model that sets fields; empty without one."""
    has_own = model.save is not Model.save
    if not (has_own or pre_save.has_listeners(model)):
        return ""
    own = "save() of its own" if has_own else "receiver of pre_save"
    return (
        f" {model._meta.label} has a {own}, which may set them, but an import writes many "
        "rows at once without it. Either compute the values in get_bulks_by_model, or give "
        f"the fields blank=True and let get_models_with_signals return {model.__name__}, so "
        "that each row is saved by itself."
    )
