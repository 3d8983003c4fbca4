"""Arguments become a plan: the sample is read, the app and the model are found."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from django.apps import apps
from django.db.models import Model

from generators.code import ImportPlan, check_digits, check_width, plan_new_model
from generators.matching import (
    find_marks,
    find_stated_fields,
    forecast,
    match,
    notes_on_parents,
    plan_existing_model,
    refuse_raw_passwords,
)
from generators.naming import check_import_name, literal
from generators.request.places import find_place, is_own
from generators.sample import Sample, Statements, nearest, read_sample
from importkit.errors import visible
from importkit.source import LINE


@dataclass(frozen=True)
class Request:
    """The arguments of ``startimport`` that describe an import."""

    name: str
    sample: Path | str
    app: str | None = None
    model: str | None = None
    model_name: str | None = None
    natural_key: str | None = None
    encoding: str | None = None
    type: tuple[str, ...] | list[str] = ()
    date_order: str | None = None
    sheet: str | None = None
    rows: int | None = None
    separator: str | None = None
    quote: str | None = None
    escape: str | None = None
    no_header: bool = False
    header_rows: int | None = None
    skip: int | None = None
    fill_merged: bool = False
    field: tuple[str, ...] | list[str] = ()
    create_parents: bool = False
    split: tuple[str, ...] | list[str] = ()


def divided(request: Request) -> Request:
    """Divide a dotted name: ``apps.products`` is the import products in that app.

    Raises:
        ValueError: ``--app`` states an app as well.
    """
    package, _, name = request.name.rpartition(".")
    if not all(part.isidentifier() for part in request.name.split(".")) or not package:
        return request
    if request.app:
        raise ValueError(
            f'"{visible(request.name)}" names an app, and so does --app: leave one out.'
        )
    return replace(request, name=name, app=request.name)


def make_plan(request: Request, root: Path) -> tuple[ImportPlan, pl.DataFrame]:
    """Return the plan of an import, and the rows of the sample that it was made from.

    Args:
        request: The arguments.
        root: The project's folder.

    Raises:
        ValueError: The arguments do not fit each other, the project or the sample.
        SourceError: The sample cannot be read.
    """
    name = check_import_name(request.name)
    _refuse_contradictions(request)
    model = _find_model(request.model) if request.model else None
    app = request.app or (_own_app(model, root) if model else None)
    place = find_place(name, app, root)
    # What no table can hold is refused before all rows are read.
    sample, rows = read_requested(request, None if model else check_width)
    if model is None:
        parents = notes_on_parents(sample.columns, rows)
        sample = replace(sample, notes=(*sample.notes, *parents))
        plan = plan_new_model(name, place, sample, request.model_name)
        check_digits(plan.columns, rows)
        return plan, rows
    stated = find_stated_fields(request.field, sample.columns, model)
    marks = find_marks(request.split, sample.columns)
    found = match(sample.columns, model, rows.drop(LINE), stated, marks)
    refuse_raw_passwords(found.pairs, rows)
    plan = plan_existing_model(
        name, place, sample, found, creates_parents=request.create_parents
    )
    seen = forecast(model, plan, _file_of(request), rows)
    return replace(plan, misfits=seen.lines, advice=seen.advice), rows


def _file_of(request: Request) -> Path | None:
    """Return the file of the sample; None where an import cannot read the same rows."""
    path = request.sample
    if request.rows is None and isinstance(path, Path) and path.is_file():
        return path
    return None


def read_requested(
    request: Request, check: Callable[[int], None] | None = None
) -> tuple[Sample, pl.DataFrame]:
    """Read the sample of a request, as ``read_sample`` does."""
    stated = Statements(
        encoding=request.encoding,
        types=request.type or (),
        date_order=request.date_order,
        sheet=request.sheet,
        natural_key=request.natural_key,
        rows=request.rows,
        separator=request.separator,
        quote=request.quote,
        escape=request.escape,
        no_header=request.no_header,
        header_rows=request.header_rows,
        skip=request.skip,
        fill_merged=request.fill_merged,
    )
    return read_sample(request.sample, stated, check)


def _refuse_contradictions(request: Request) -> None:
    if request.model and request.model_name:
        raise ValueError(
            "--model-name names a new model, but --model takes an existing one: "
            "choose one of them."
        )
    if request.create_parents and not request.model:
        raise ValueError(
            "--create-parents makes rows of models to which an existing model points: name "
            "that model with --model, or leave --create-parents out."
        )
    if request.field and not request.model:
        raise ValueError(
            "--field states which field of an existing model a column fills: name the "
            "model with --model, or leave --field out."
        )


def _find_model(label: str) -> type[Model]:
    """Return the model of a label such as ``shop.Product``."""
    try:
        model = apps.get_model(label)
    except (LookupError, ValueError):
        _refuse_abstract(label)
        labels = [model._meta.label for model in apps.get_models()]
        raise ValueError(
            f"There is no model {literal(label)}{nearest(label, labels)}"
        ) from None
    if model._meta.swapped:
        raise ValueError(
            f"{model._meta.label} has no table, because the project uses "
            f"{model._meta.swapped} in its place: name that with --model."
        )
    return model


def _refuse_abstract(label: str) -> None:
    """Refuse the name of an abstract model, and name the models that inherit from it."""
    app, _, name = label.partition(".")
    config = next((c for c in apps.get_app_configs() if c.label == app), None)
    model = getattr(config and config.models_module, name, None)
    if not (isinstance(model, type) and issubclass(model, Model)):
        return
    heirs = [m._meta.label for m in apps.get_models() if issubclass(m, model)]
    raise ValueError(
        f"{literal(label)} is abstract and has no table: name a model that inherits from "
        f"it{': ' if heirs else ''}{', '.join(heirs)}."
    )


def _own_app(model: type[Model], root: Path) -> str:
    """Return the label of a model's app, into which the import is written."""
    config = apps.get_app_config(model._meta.app_label)
    if not is_own(config, root):
        raise ValueError(
            f'"{model._meta.label}" is a model of an app outside this project: '
            "state with --app which app the import goes into."
        )
    return config.label
