"""Cleaning classes whose hooks a test gives."""

from types import new_class
from typing import Any

import polars as pl
import pytest

from importkit.cleaning import CleaningDF, DType
from importkit.errors import CleaningError


def rules(dtypes: dict[str, DType], **hooks: Any) -> type[CleaningDF]:
    """Return a cleaning class whose hooks give these values.

    Args:
        dtypes: The types of its columns.
        hooks: The values of other hooks, without ``get_``; ``on_...`` as it is.
    """
    body = {
        f"get_{name}": classmethod(lambda _cls, value=value: value)
        for name, value in {"col_dtype_map": dtypes, **hooks}.items()
        if not name.startswith("on_")
    }
    body |= {name: hooks[name] for name in hooks if name.startswith("on_")}
    return new_class("Rules", (CleaningDF,), exec_body=lambda names: names.update(body))


def clean(dtypes: dict[str, DType], data: Any, **hooks: Any) -> pl.DataFrame:
    """Return what such a class makes of a frame."""
    return rules(dtypes, **hooks)(data).df


def problems_of(cls: type[CleaningDF], data: dict[str, list[Any]]) -> str:
    """Return what a class says is wrong with a frame."""
    with pytest.raises(CleaningError) as error:
        cls(data)
    return str(error.value)
