"""What startimport says: the sample and its columns, the files, and what to do next."""

from generators.report.output import (
    describe_changes,
    describe_end,
    describe_sample,
    heading_of,
)
from generators.report.page import check_page, render_page
from generators.report.table import WIDTH, width_of_terminal

__all__ = [
    "WIDTH",
    "check_page",
    "describe_changes",
    "describe_end",
    "describe_sample",
    "heading_of",
    "render_page",
    "width_of_terminal",
]
