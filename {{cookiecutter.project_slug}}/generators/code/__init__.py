"""Plan an import, and turn the plan into source by templates."""

from generators.code.bulks import Link, MadeParent
from generators.code.expressions import Expression, call
from generators.code.fields import (
    KINDS,
    AnyField,
    Target,
    is_required,
    stored_field,
    suits,
    target_of,
)
from generators.code.guesses import notes_on_guesses
from generators.code.invented import EMPTY, Invented
from generators.code.invented.rows import Filled, Parent, invent_row
from generators.code.limits import check_digits, check_width, inexact_decimals
from generators.code.parsers import (
    dtype_of,
    find_parser,
    label_parser,
    parser_guess,
    value_of,
)
from generators.code.plan import (
    ColumnPlan,
    ImportPlan,
    Place,
    Unmatched,
    assumes_zone,
    plan_new_model,
)
from generators.code.rendering import (
    format_files,
    render,
    render_app,
    render_import,
    render_model,
)

__all__ = [
    "EMPTY",
    "KINDS",
    "AnyField",
    "ColumnPlan",
    "Expression",
    "Filled",
    "ImportPlan",
    "Invented",
    "Link",
    "MadeParent",
    "Parent",
    "Place",
    "Target",
    "Unmatched",
    "assumes_zone",
    "call",
    "check_digits",
    "check_width",
    "dtype_of",
    "find_parser",
    "format_files",
    "inexact_decimals",
    "invent_row",
    "is_required",
    "label_parser",
    "notes_on_guesses",
    "parser_guess",
    "plan_new_model",
    "render",
    "render_app",
    "render_import",
    "render_model",
    "stored_field",
    "suits",
    "target_of",
    "value_of",
]
