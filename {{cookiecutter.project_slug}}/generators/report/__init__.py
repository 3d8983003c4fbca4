"""What startimport says: the sample and its columns, the files, and what to do next."""

from generators.report.output import describe_changes, describe_end, describe_sample
from generators.report.table import WIDTH, width_of_terminal

__all__ = [
    "WIDTH",
    "describe_changes",
    "describe_end",
    "describe_sample",
    "width_of_terminal",
]
