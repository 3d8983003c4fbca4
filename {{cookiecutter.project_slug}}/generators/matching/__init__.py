"""Columns of a sample are matched with the fields of a model that exists."""

from generators.matching.by_values import LOOKED_UP, count_stored, is_small
from generators.matching.matches import match
from generators.matching.parents import notes_on_parents
from generators.matching.plan import plan_existing_model
from generators.matching.rehearsal import describe_misfits
from generators.matching.stated import find_fields

__all__ = [
    "LOOKED_UP",
    "count_stored",
    "describe_misfits",
    "find_fields",
    "is_small",
    "match",
    "notes_on_parents",
    "plan_existing_model",
]
