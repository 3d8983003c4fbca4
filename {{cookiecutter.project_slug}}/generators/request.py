"""From arguments to a plan: read the sample, find the app, the model and the key."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from generators.infer import infer_columns
from generators.matching import normal
from generators.names import check_import_name, identifiers
from generators.place import did_you_mean, find_model, find_place, own_app
from generators.plan import ImportPlan, Sample, plan_existing_model, plan_new_model
from generators.visible import visible
from importkit.detect import detect_dialect
from importkit.errors import SourceError
from importkit.source import LINE, read_csv


@dataclass(frozen=True)
class Request:
    """What the user asks for: the arguments of ``startimport``."""

    name: str
    sample: Path
    app: str | None = None
    model: str | None = None
    model_name: str | None = None
    natural_key: str | None = None


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
    model = find_model(request.model) if request.model else None
    app = request.app or (own_app(model, root) if model else None)
    place = find_place(name, app, root)
    sample, df = _read(request.sample)
    key = _find_key(request.natural_key, df) if request.natural_key else ()
    if model is not None:
        return plan_existing_model(name, place, sample, model, key)
    return plan_new_model(name, place, sample, key, request.model_name)


def _read(path: Path) -> tuple[Sample, pl.DataFrame]:
    dialect = detect_dialect(path)
    df = read_csv(path, dialect)
    if df.is_empty():
        raise SourceError(
            f'"{visible(path.name)}" has a header but no rows: '
            "a sample needs some to tell what its columns hold."
        )
    return Sample(dialect, infer_columns(df)), df.drop(LINE)


def _find_key(text: str, df: pl.DataFrame) -> tuple[str, ...]:
    """Return the headers of a natural key that is written with commas."""
    headers = {**_by_name(df.columns), **{header: header for header in df.columns}}
    # A header may hold a comma itself.
    wanted = [text] if text in headers else [part.strip() for part in text.split(",")]
    key = [headers.get(name) or headers.get(normal(name)) for name in wanted]
    unknown = [name for name, header in zip(wanted, key, strict=True) if not header]
    if unknown:
        raise ValueError(
            f'The sample has no column "{visible(unknown[0])}" for --natural-key'
            f"{did_you_mean(unknown[0], df.columns)}"
        )
    found = tuple(dict.fromkeys(header for header in key if header))
    _refuse_repeats(found, df)
    return found


def _by_name(headers: Sequence[str]) -> dict[str, str]:
    """Return headers by what they may be called: loosely, and as the field's name."""
    names = zip(identifiers(headers), headers, strict=True)
    return {**{normal(header): header for header in headers}, **dict(names)}


def _refuse_repeats(key: Sequence[str], df: pl.DataFrame) -> None:
    whole = df.select(pl.col(key).str.strip_chars()).drop_nulls()
    repeats = whole.height - whole.n_unique()
    if repeats:
        names = ", ".join(f'"{visible(header)}"' for header in key)
        raise ValueError(
            f"{names} cannot be the natural key: {repeats:,} of {df.height:,} sample "
            "rows repeat an earlier one."
        )
