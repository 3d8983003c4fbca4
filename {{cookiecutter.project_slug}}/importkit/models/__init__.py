"""Step 3, transform: what Django's models demand of the rows of a frame.

``BaseModel`` is for the models of a project: it loads at once. All else loads when a step
asks for it, so that a web server with such models does not load polars.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from importkit.models.base_model import BaseModel

if TYPE_CHECKING:
    from importkit.models.fields import (
        TEXTS,
        AnyField,
        attname_of,
        column_of,
        default_series,
        dtype_of,
        field_of,
        fit_values,
        is_update_time,
        json_text,
        own_meaning,
        series_of,
        sets_itself,
        shown_value,
        target,
        unique_sets,
        writable_fields,
    )
    from importkit.models.frame_checks import check_columns, fit
    from importkit.models.natural_keys import Parents, Relation, relations
    from importkit.models.ordering import (
        Key,
        ModelClass,
        concrete,
        foreign_keys,
        in_levels,
        refers_to,
        refuse_unsaved,
        topological_sort_models,
        unsaved_parent,
    )
    from importkit.models.rows import (
        all_rows,
        atomic_for,
        comparison_key,
        in_steps,
        own_rows,
        quiet,
        values_among,
    )
    from importkit.models.stored_keys import References
    from importkit.models.validation import SURELY
else:
    MODULES = (
        "fields",
        "frame_checks",
        "natural_keys",
        "ordering",
        "rows",
        "stored_keys",
        "validation",
    )

    def __getattr__(name: str) -> object:
        """Return what one of the modules of this step defines."""
        if name in __all__:
            for module in MODULES:
                found = import_module(f"{__name__}.{module}")
                if hasattr(found, name):
                    return getattr(found, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "SURELY",
    "TEXTS",
    "AnyField",
    "BaseModel",
    "Key",
    "ModelClass",
    "Parents",
    "References",
    "Relation",
    "all_rows",
    "atomic_for",
    "attname_of",
    "check_columns",
    "column_of",
    "comparison_key",
    "concrete",
    "default_series",
    "dtype_of",
    "field_of",
    "fit",
    "fit_values",
    "foreign_keys",
    "in_levels",
    "in_steps",
    "is_update_time",
    "json_text",
    "own_meaning",
    "own_rows",
    "quiet",
    "refers_to",
    "refuse_unsaved",
    "relations",
    "series_of",
    "sets_itself",
    "shown_value",
    "target",
    "topological_sort_models",
    "unique_sets",
    "unsaved_parent",
    "values_among",
    "writable_fields",
]
