"""Step 2, clean: text becomes values of the declared types, and problems; no Django."""

from importkit.cleaning.asking import remedy_for_sender
from importkit.cleaning.casting import DType, cast, cast_lost, expected
from importkit.cleaning.cleaner import CleaningDF
from importkit.cleaning.columns import Match, RenameMap, match_columns
from importkit.cleaning.labels import labels
from importkit.cleaning.moments import (
    at_midnight,
    calendars_of,
    date,
    datetime,
    far_days,
    this_year,
    time,
    with_ascii_digits,
)
from importkit.cleaning.parsing import (
    FALSE,
    PER_SECOND,
    TRUE,
    Parser,
    boolean,
    duration,
    epoch,
    number,
    unwrapped,
)
from importkit.cleaning.policies import Contradiction, Policy, TotalRows
from importkit.cleaning.signs import signs_before
from importkit.cleaning.steps import find_invisible, first_control, seen, with_controls
from importkit.cleaning.stream import CleanStream, clean
from importkit.cleaning.whole_columns import (
    MOST_DISTINCT,
    Asked,
    Measure,
    Measured,
    Number,
    Value,
)
from importkit.cleaning.whole_rows import SeenKeys, find_totals
from importkit.problems import MASK, Masking

__all__ = [
    "FALSE",
    "MASK",
    "MOST_DISTINCT",
    "PER_SECOND",
    "TRUE",
    "Asked",
    "CleanStream",
    "CleaningDF",
    "Contradiction",
    "DType",
    "Masking",
    "Match",
    "Measure",
    "Measured",
    "Number",
    "Parser",
    "Policy",
    "RenameMap",
    "SeenKeys",
    "TotalRows",
    "Value",
    "at_midnight",
    "boolean",
    "calendars_of",
    "cast",
    "cast_lost",
    "clean",
    "date",
    "datetime",
    "duration",
    "epoch",
    "expected",
    "far_days",
    "find_invisible",
    "find_totals",
    "first_control",
    "labels",
    "match_columns",
    "number",
    "remedy_for_sender",
    "seen",
    "signs_before",
    "this_year",
    "time",
    "unwrapped",
    "with_ascii_digits",
    "with_controls",
]
