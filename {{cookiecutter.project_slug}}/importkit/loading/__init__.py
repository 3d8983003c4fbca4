"""Step 4, load: rows go into their tables, parents first, in one transaction."""

from importkit.loading.plan import (
    Change,
    Loaded,
    Mode,
    RunOptions,
    TableTarget,
    Watch,
    counted,
)
from importkit.loading.row_checks import RowChecks
from importkit.loading.run import Bulk, load

__all__ = [
    "Bulk",
    "Change",
    "Loaded",
    "Mode",
    "RowChecks",
    "RunOptions",
    "TableTarget",
    "Watch",
    "counted",
    "load",
]
