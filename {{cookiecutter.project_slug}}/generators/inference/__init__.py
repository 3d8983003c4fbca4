"""Text becomes columns: kinds, notations and the evidence for them."""

from generators.inference.as_imported import is_readable, needs_number_parser, is_unchanged, is_misfit, value_of
from generators.inference.column import (
    EMPTY_AS_TEXT,
    FORMS,
    MANY_VALUES,
    NUMBERS,
    PLAIN,
    TEXTS,
    Column,
    Kind,
    includes,
    merged,
)
from generators.inference.infer import (
    MAX_CHOICES,
    KEY_KINDS,
    infer_columns,
    names_key,
    natural_key,
    stripped,
)
from generators.inference.rules.dates import Order
from generators.inference.rules.durations import COMPACT_DATE
from generators.inference.rules.notations import NULL_WORDS
from generators.inference.rules.numbers import longest
from generators.inference.typed_columns import check_types, column_of, with_text

__all__ = [
    "EMPTY_AS_TEXT",
    "MAX_CHOICES",
    "COMPACT_DATE",
    "FORMS",
    "KEY_KINDS",
    "MANY_VALUES",
    "NULL_WORDS",
    "NUMBERS",
    "PLAIN",
    "TEXTS",
    "Column",
    "Kind",
    "Order",
    "check_types",
    "column_of",
    "is_readable",
    "includes",
    "infer_columns",
    "needs_number_parser",
    "is_unchanged",
    "longest",
    "merged",
    "names_key",
    "natural_key",
    "is_misfit",
    "stripped",
    "value_of",
    "with_text",
]
