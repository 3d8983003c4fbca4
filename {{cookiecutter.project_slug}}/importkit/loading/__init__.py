"""Step 4, load: rows go into their tables, parents first, in one transaction."""

from importkit.loading.plan import Change, Loaded, Mode, Rules, Target, Watch, counted
from importkit.loading.row_checks import Vetting
from importkit.loading.run import Bulk, load
from importkit.loading.writers.orm import ORMWriter

__all__ = [
    "Bulk",
    "Change",
    "Loaded",
    "Mode",
    "ORMWriter",
    "Rules",
    "Target",
    "Vetting",
    "Watch",
    "counted",
    "load",
]
