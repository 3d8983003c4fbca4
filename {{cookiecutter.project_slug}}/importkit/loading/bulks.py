"""Step 4, load: what get_bulks_by_model returned is rows of models, or is refused."""

from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.db.models import Model, signals

from importkit.errors import ConfigurationError
from importkit.models import ModelClass

SIGNALS = ("pre_save", "post_save")

type Bulk = Iterable[Model] | pl.DataFrame | pl.LazyFrame

RETURN = "Return a mapping of models to frames, or to instances: {Product: df}."


def checked_bulks(bulks: Any) -> Mapping[ModelClass, Bulk]:
    """Return bulks as they are.

    Raises:
        ConfigurationError: They are no mapping of models to rows.
    """
    if not isinstance(bulks, Mapping):
        kind = "nothing" if bulks is None else f'a "{type(bulks).__name__}"'
        raise ConfigurationError(f"get_bulks_by_model returned {kind}. {RETURN}")
    wrong = [text for item in bulks.items() for text in _complaints(*item)]
    if wrong:
        raise ConfigurationError(f"get_bulks_by_model: {'; '.join(wrong)}. {RETURN}")
    return bulks


def _complaints(model: Any, bulk: Any) -> Iterable[str]:
    if not (isinstance(model, type) and issubclass(model, Model)):
        yield f"{model!r} is not a model"
        return
    if model._meta.abstract:
        yield f"{model.__name__} is abstract, so that it has no table"
    if isinstance(bulk, Model | str | bytes | Mapping) or not (
        isinstance(bulk, pl.DataFrame | pl.LazyFrame | Iterable)
    ):
        what = "nothing" if bulk is None else f'a "{type(bulk).__name__}"'
        yield f"{model.__name__} has {what} in the place of rows"


def left_out(model: ModelClass) -> str:
    """Return what else happens when a row of a model is saved; empty if nothing does.

    Receivers of the signals of all models, such as those of a log, are not told.
    """
    found = []
    if not model.save.__module__.startswith("django."):
        found.append("a save() of its own")
    names = [n for n in SIGNALS if _has_receiver(getattr(signals, n), model)]
    if names:
        found.append(f"receivers of {' and '.join(names)}")
    return " and ".join(found)


def _has_receiver(signal: Any, model: ModelClass) -> bool:
    return any(sender == id(model) for (_, sender), *_ in signal.receivers)
