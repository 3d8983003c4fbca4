"""From arguments to a plan: read the sample, find the app, the model and the key."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import polars as pl
from django.apps import AppConfig, apps
from django.core.management import get_commands
from django.db.models import Model

from generators.columns import Kind
from generators.existing import normal, plan_existing_model
from generators.infer import infer_columns
from generators.moments import Order
from generators.names import (
    Identifier,
    Source,
    check_import_name,
    identifiers,
    is_inside,
    literal,
)
from generators.plan import ImportPlan, Place, Sample, plan_new_model
from importkit.delimited import LINE, PROBLEM
from importkit.detect import detect_dialect
from importkit.errors import SourceError, did_you_mean, visible
from importkit.source import read_csv, scan_csv

OWN = frozenset({"config", "generators", "importkit", "tests"})
PACKAGES = ("cleaning", "management")


@dataclass(frozen=True)
class Request:
    """What the user asks for: the arguments of ``startimport``."""

    name: str
    sample: Path
    app: str | None = None
    model: str | None = None
    model_name: str | None = None
    natural_key: str | None = None
    type: tuple[str, ...] | list[str] = ()
    date_order: str | None = None


def make_plan(request: Request, root: Path) -> ImportPlan:
    """Return the plan for a request.

    Args:
        request: What is asked for.
        root: The project's folder.

    Raises:
        ValueError: It cannot be done; one sentence says why.
        SourceError: The sample cannot be read.
    """
    name = check_import_name(request.name)
    if request.model and request.model_name:
        raise ValueError(
            "--model-name names a new model, but --model takes an existing one: "
            "choose one of them."
        )
    model = _find_model(request.model) if request.model else None
    app = request.app or (_own_app(model, root) if model else None)
    place = _find_place(name, app, root)
    sample, df = read_sample(request.sample, request.type or (), request.date_order)
    key = find_key(request.natural_key, df) if request.natural_key else ()
    if model is not None:
        return plan_existing_model(name, place, sample, model, key)
    return plan_new_model(name, place, sample, key, request.model_name)


def _find_model(label: str) -> type[Model]:
    """Return the model of a label such as ``shop.Product``."""
    try:
        return apps.get_model(label)
    except (LookupError, ValueError):
        labels = [model._meta.label for model in apps.get_models()]
        raise ValueError(
            f"There is no model {literal(label)}{_nearest(label, labels)}"
        ) from None


def _own_app(model: type[Model], root: Path) -> str:
    """Return the label of a model's app, for the import to live beside the model."""
    config = apps.get_app_config(model._meta.app_label)
    if not _is_own(config, root):
        raise ValueError(
            f'"{model._meta.label}" is a model of an app outside this project: '
            "say with --app which app the import goes into."
        )
    return config.label


def _find_place(name: Identifier, app: str | None, root: Path) -> Place:
    """Return the app for an import; one that does not exist is to be made."""
    wanted = app or name
    installed = (c for c in apps.get_app_configs() if wanted in {c.label, c.name})
    config = next(installed, None)
    place = _new_app(wanted, root) if config is None else _existing_app(config, root)
    command = f"import_{name}"
    owner = get_commands().get(command)
    if owner is not None and owner != place.module:
        raise ValueError(
            f'The app "{owner}" has a command "{command}" already: '
            "choose another name for the import."
        )
    return place


def _is_own(config: AppConfig, root: Path) -> bool:
    return config.label not in OWN and is_inside(config.label, root)


def _existing_app(config: AppConfig, root: Path) -> Place:
    if not _is_own(config, root):
        raise ValueError(
            f'"{config.label}" is an installed app that is not yours to add to: '
            "choose another name, or an app of this project with --app."
        )
    folder = Path(config.path).resolve()
    for package in PACKAGES:
        if (folder / f"{package}.py").exists():
            raise ValueError(
                f'"{config.label}/{package}.py" would be hidden by the package '
                f'"{package}/" that the import needs: rename the file, or choose '
                "another app with --app."
            )
    return Place(
        module=Source(config.name),
        label=Identifier(config.label),
        folder=PurePosixPath(folder.relative_to(root.resolve()).as_posix()),
        is_new=False,
        tests_in_package=not (folder / "tests.py").exists(),
    )


def _new_app(wanted: str, root: Path) -> Place:
    label = check_import_name(wanted)
    if label in OWN:
        raise ValueError(
            f'"{label}" is a part of the project itself: choose another name, or an '
            "app for the import with --app."
        )
    if (root / label).exists():
        raise ValueError(
            f'"{label}" exists but is not an installed app: add "{label}" to '
            "INSTALLED_APPS if it is one, or choose another name."
        )
    if find_spec(label) is not None:
        raise ValueError(
            f'An app "{label}" would hide the Python module "{label}": choose another '
            "name, or an app for the import with --app."
        )
    return Place(Source(label), label, PurePosixPath(label), is_new=True)


def read_sample(
    path: Path, types: Sequence[str] = (), date_order: str | None = None
) -> tuple[Sample, pl.DataFrame]:
    """Read a sample and infer its columns.

    Args:
        path: The file.
        types: What the user says of columns: ``price=decimal``.
        date_order: The order of day and month, if the user says one.

    Returns:
        The sample and its cells.

    Raises:
        ValueError: A column or a kind is not known, or values do not fit it.
        SourceError: The file cannot be read, or holds no rows.
    """
    dialect = detect_dialect(path)
    raw = scan_csv(path, dialect).collect()
    df = raw.filter(pl.col(PROBLEM).is_null()).drop(PROBLEM)
    misfits = raw.filter(pl.col(PROBLEM).is_not_null())[LINE]
    if df.is_empty() and not misfits.is_empty():
        read_csv(path, dialect)  # It says what is wrong with all of them.
    if df.is_empty():
        raise SourceError(
            f'"{visible(path.name)}" has a header but no rows: '
            "a sample needs some to tell what its columns hold."
        )
    order = Order(date_order) if date_order else None
    cells = df.drop(LINE)
    kinds = _find_kinds(types, cells)
    columns = infer_columns(df, order, kinds)
    return Sample(dialect, columns, tuple(misfits)), cells


def _find_kinds(types: Sequence[str], df: pl.DataFrame) -> dict[str, Kind]:
    """Return per header the kind that the user says: ``name=kind``."""
    headers = _headers_by_name(df)
    kinds = {}
    for text in types:
        name, _, word = text.rpartition("=")
        if word not in {*Kind}:
            raise ValueError(
                f"--type {visible(text)}: say NAME=KIND, with one of {', '.join(Kind)}."
            )
        header = headers.get(name) or headers.get(normal(name))
        if header is None:
            raise ValueError(
                f"The sample has no column {literal(name)} for --type"
                f"{_nearest(name, df.columns)}"
            )
        kinds[header] = Kind(word)
    return kinds


def _headers_by_name(df: pl.DataFrame) -> dict[str, str]:
    """Return headers by what they may be called: loosely, as fields, as they stand."""
    headers = {normal(header): header for header in df.columns}
    headers |= zip(identifiers(df.columns), df.columns, strict=True)
    return headers | {header: header for header in df.columns}


def find_key(text: str, df: pl.DataFrame) -> tuple[str, ...]:
    """Return the headers of a natural key that is written with commas.

    A header may be called loosely, by the name of its field, or as it stands, best last.
    """
    headers = _headers_by_name(df)
    # A header may hold a comma itself.
    wanted = [text] if text in headers else [part.strip() for part in text.split(",")]
    key = []
    for name in wanted:
        header = headers.get(name) or headers.get(normal(name))
        if header is None:
            raise ValueError(
                f"The sample has no column {literal(name)} for --natural-key"
                f"{_nearest(name, df.columns)}"
            )
        if header not in key:
            key.append(header)
    _refuse_repeats(key, df)
    return tuple(key)


def _nearest(word: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest, else all."""
    names = [visible(name) for name in known]
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{did_you_mean(word, names) or f'; there is {listed}'}."


def _refuse_repeats(key: Sequence[str], df: pl.DataFrame) -> None:
    # By position: to polars, a header such as "^x$" is a pattern.
    cells = [df[header].alias(str(position)) for position, header in enumerate(key)]
    whole = pl.DataFrame(cells).select(pl.all().str.strip_chars()).drop_nulls()
    repeats = whole.height - whole.n_unique()
    if repeats:
        names = ", ".join(f'"{visible(header)}"' for header in key)
        raise ValueError(
            f"{names} cannot be the natural key: {repeats:,} of {df.height:,} sample "
            "rows repeat an earlier one."
        )
