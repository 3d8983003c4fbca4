"""Step 4, load: rows go into their tables, parents first, in one transaction."""

from importkit.loading.bulks import Bulk, checked_bulks
from importkit.loading.database_errors import (
    is_locked,
    is_transient,
    lacks_table,
    repeats_unique,
    sentence,
)
from importkit.loading.empty_cells import with_values_beside
from importkit.loading.instances.defaults import defaults_noticed
from importkit.loading.journal import (
    Column,
    Images,
    Journal,
    exact_texts,
    images_of,
    noted,
    refuse_to_note,
    touched_by_deletion,
)
from importkit.loading.pipeline import PAUSES
from importkit.loading.plan import (
    Change,
    Loaded,
    Mode,
    OnEmpty,
    RunOptions,
    TableTarget,
    Watch,
    counted,
)
from importkit.loading.row_checks import RowChecks
from importkit.loading.run import load
from importkit.loading.unguarded_keys import UnguardedKey, find_unguarded_key
from importkit.loading.writers.locks import (
    holders_of,
    keep_others_out,
    one_at_a_time,
    waiting,
)
from importkit.models import EXACT_DIGITS, significant_digits

__all__ = [
    "EXACT_DIGITS",
    "PAUSES",
    "Bulk",
    "Change",
    "Column",
    "Images",
    "Journal",
    "Loaded",
    "Mode",
    "OnEmpty",
    "RowChecks",
    "RunOptions",
    "TableTarget",
    "UnguardedKey",
    "Watch",
    "checked_bulks",
    "counted",
    "defaults_noticed",
    "exact_texts",
    "find_unguarded_key",
    "holders_of",
    "images_of",
    "is_locked",
    "is_transient",
    "keep_others_out",
    "lacks_table",
    "load",
    "noted",
    "one_at_a_time",
    "refuse_to_note",
    "repeats_unique",
    "sentence",
    "significant_digits",
    "touched_by_deletion",
    "waiting",
    "with_values_beside",
]
