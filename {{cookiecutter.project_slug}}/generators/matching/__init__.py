"""Columns of a sample are matched with the fields of a model that exists."""

from generators.matching.by_name import find_stated_fields
from generators.matching.cautions.passwords import refuse_raw_passwords
from generators.matching.matches import match
from generators.matching.misfits import forecast
from generators.matching.plan import plan_existing_model
from generators.matching.relations.links import find_marks
from generators.matching.relations.parents import notes_on_parents
from generators.matching.trial import Trial, try_import

__all__ = [
    "Trial",
    "find_marks",
    "find_stated_fields",
    "forecast",
    "match",
    "notes_on_parents",
    "plan_existing_model",
    "refuse_raw_passwords",
    "try_import",
]
