"""Text becomes columns: kinds, notations and the evidence for them."""

from generators.inference.as_imported import fits, is_unusual, keeps, odd, value_of
from generators.inference.column import (
    BLANKS,
    FORMS,
    MANY,
    NUMBERS,
    PLAIN,
    TEXTS,
    Column,
    Kind,
    includes,
    merged,
)
from generators.inference.infer import (
    CHOICES,
    KEY_KINDS,
    infer_columns,
    names_key,
    natural_key,
    stripped,
)
from generators.inference.rules.dates import Order
from generators.inference.rules.durations import COMPACT
from generators.inference.rules.notations import NULL_WORDS
from generators.inference.rules.numbers import longest
from generators.inference.typed_columns import check_types, column_of, with_text

__all__ = [
    "BLANKS",
    "CHOICES",
    "COMPACT",
    "FORMS",
    "KEY_KINDS",
    "MANY",
    "NULL_WORDS",
    "NUMBERS",
    "PLAIN",
    "TEXTS",
    "Column",
    "Kind",
    "Order",
    "check_types",
    "column_of",
    "fits",
    "includes",
    "infer_columns",
    "is_unusual",
    "keeps",
    "longest",
    "merged",
    "names_key",
    "natural_key",
    "odd",
    "stripped",
    "value_of",
    "with_text",
]
