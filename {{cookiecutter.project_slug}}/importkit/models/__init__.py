"""Step 3, transform: frames are checked against models, and keys of parents are looked up.

``BaseModel`` is for the models of a project and loads at once. All other names load when
they are used, so that a web server with such models does not load polars.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from importkit.models.base_model import BaseModel

if TYPE_CHECKING:
    from importkit.models.checks.constraints import (
        broken_constraints,
        checks_of_frames,
        is_enforced,
        words_of_check,
    )
    from importkit.models.checks.field_checks import (
        EXACT_DIGITS,
        VALID_PATTERNS,
        are_hashed,
        is_password,
        runs_code_of_project,
        significant_digits,
        table_checks,
    )
    from importkit.models.checks.frame_checks import (
        NOUNS,
        check_columns,
        fit,
        problems_of_parts,
    )
    from importkit.models.collations import Comparison, text_collations
    from importkit.models.deletions import (
        GUARDS,
        Deletion,
        Links,
        collect_together,
        delete_together,
        refuse_protected,
        simulate_deletion,
    )
    from importkit.models.fields import (
        INTEGERS,
        TEXTS,
        AnyField,
        attname_of,
        column_of,
        default_series,
        dtype_of,
        field_of,
        inherited_pk_fields,
        is_update_time,
        json_text,
        overridden_method,
        pk_fields,
        python_value,
        series_of,
        sets_itself,
        shown_value,
        stored_value,
        unique_sets,
        value_field,
        writable_fields,
    )
    from importkit.models.keys.natural_keys import Parents, Relation, relations
    from importkit.models.keys.parent_names import with_names_of_parents
    from importkit.models.keys.stored_keys import StoredKeys
    from importkit.models.ordering import (
        AnyForeignKey,
        ModelClass,
        concrete,
        foreign_keys,
        refers_to,
        topological_sort_models,
    )
    from importkit.models.row_levels import (
        frame_levels,
        instance_levels,
        relations_to_own_rows,
    )
    from importkit.models.rows import (
        PlannedKey,
        all_rows,
        atomic_for,
        checks_keys_at_once,
        comparison_key,
        in_steps,
        instances_of,
        is_given,
        natural_key,
        natural_key_of_each,
        scoped_rows,
        values_among,
        without_query_log,
    )
    from importkit.models.values.composites import composite_text, is_composite
    from importkit.models.values.fitting import (
        beside,
        can_be_read,
        fit_values,
        is_empty_cell,
    )
    from importkit.models.values.unread import Unread, unread_values_kept
else:
    MODULES = (
        "collations",
        "fields",
        "ordering",
        "row_levels",
        "rows",
        "deletions",
        "checks.constraints",
        "checks.field_checks",
        "checks.frame_checks",
        "keys.natural_keys",
        "keys.parent_names",
        "keys.stored_keys",
        "values.composites",
        "values.fitting",
        "values.unread",
    )

    def __getattr__(name: str) -> object:
        """Return a name that one of the modules of this step defines."""
        if name in __all__:
            for module in MODULES:
                found = import_module(f"{__name__}.{module}")
                if hasattr(found, name):
                    return getattr(found, name)
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "EXACT_DIGITS",
    "GUARDS",
    "INTEGERS",
    "NOUNS",
    "TEXTS",
    "VALID_PATTERNS",
    "AnyField",
    "AnyForeignKey",
    "BaseModel",
    "Comparison",
    "Deletion",
    "Links",
    "ModelClass",
    "Parents",
    "PlannedKey",
    "Relation",
    "StoredKeys",
    "Unread",
    "all_rows",
    "are_hashed",
    "atomic_for",
    "attname_of",
    "beside",
    "broken_constraints",
    "can_be_read",
    "check_columns",
    "checks_keys_at_once",
    "checks_of_frames",
    "collect_together",
    "column_of",
    "comparison_key",
    "composite_text",
    "concrete",
    "default_series",
    "delete_together",
    "dtype_of",
    "field_of",
    "fit",
    "fit_values",
    "foreign_keys",
    "frame_levels",
    "in_steps",
    "inherited_pk_fields",
    "instance_levels",
    "instances_of",
    "is_composite",
    "is_empty_cell",
    "is_enforced",
    "is_given",
    "is_password",
    "is_update_time",
    "json_text",
    "natural_key",
    "natural_key_of_each",
    "overridden_method",
    "pk_fields",
    "problems_of_parts",
    "python_value",
    "refers_to",
    "refuse_protected",
    "relations",
    "relations_to_own_rows",
    "runs_code_of_project",
    "scoped_rows",
    "series_of",
    "sets_itself",
    "shown_value",
    "significant_digits",
    "simulate_deletion",
    "stored_value",
    "table_checks",
    "text_collations",
    "topological_sort_models",
    "unique_sets",
    "unread_values_kept",
    "value_field",
    "values_among",
    "with_names_of_parents",
    "without_query_log",
    "words_of_check",
    "writable_fields",
]
