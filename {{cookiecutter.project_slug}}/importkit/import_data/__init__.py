"""The command that runs the four steps in order and says what each run did."""

from importkit.import_data.command import ImportDataBaseCommand
from importkit.import_data.expectations import (
    Changed,
    Distinct,
    Expectation,
    Missing,
    New,
    Newest,
    Nulls,
    Rejected,
    Rows,
    Sum,
)
from importkit.import_data.reports.outcome import ModelCounts, Outcome, Status
from importkit.import_data.run import Run
from importkit.import_data.starting import import_named, run_import
from importkit.import_data.watching import Cancelled, LastRun, NothingToDo, Watcher
from importkit.loading import OnEmpty

__all__ = [
    "Cancelled",
    "Changed",
    "Distinct",
    "Expectation",
    "ImportDataBaseCommand",
    "LastRun",
    "Missing",
    "ModelCounts",
    "New",
    "Newest",
    "NothingToDo",
    "Nulls",
    "OnEmpty",
    "Outcome",
    "Rejected",
    "Rows",
    "Run",
    "Status",
    "Sum",
    "Watcher",
    "import_named",
    "run_import",
]
