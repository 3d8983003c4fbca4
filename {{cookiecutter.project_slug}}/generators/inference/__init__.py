"""Takes the text of a sample, gives its columns: kind, notation and the evidence."""

from generators.inference.as_imported import (
    is_misfit,
    is_readable,
    is_unchanged,
    needs_number_parser,
    value_of,
)
from generators.inference.column import (
    EMPTY_AS_TEXT,
    FEW_VALUES,
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
    KEY_KINDS,
    MAX_CHOICES,
    infer_columns,
    natural_key,
)
from generators.inference.raw_columns import stripped
from generators.inference.rules.codes import names_key
from generators.inference.rules.cut_digits import CUT_TO_EXPONENT, CUT_TO_ZEROS
from generators.inference.rules.dates import Order
from generators.inference.rules.durations import COMPACT_DATE
from generators.inference.rules.notations import ERRORS, NO_VALUES
from generators.inference.rules.numbers import longest
from generators.inference.typed_columns import check_types, column_of, with_text

__all__ = [
    "COMPACT_DATE",
    "CUT_TO_EXPONENT",
    "CUT_TO_ZEROS",
    "EMPTY_AS_TEXT",
    "ERRORS",
    "FEW_VALUES",
    "KEY_KINDS",
    "MANY_VALUES",
    "MAX_CHOICES",
    "NO_VALUES",
    "NUMBERS",
    "PLAIN",
    "TEXTS",
    "Column",
    "Kind",
    "Order",
    "check_types",
    "column_of",
    "includes",
    "infer_columns",
    "is_misfit",
    "is_readable",
    "is_unchanged",
    "longest",
    "merged",
    "names_key",
    "natural_key",
    "needs_number_parser",
    "stripped",
    "value_of",
    "with_text",
]
