"""A page about the columns of a sample, for people who would rather look than read."""

from collections.abc import Iterable
from functools import cache
from pathlib import Path

import polars as pl
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from generators.code import ImportPlan
from generators.report.output import heading_of, why
from generators.report.profile import profiles_of
from generators.report.table import short
from importkit.errors import visible

TEMPLATES = Path(__file__).resolve().parent / "templates"
ENDINGS = {".html", ".htm"}


def check_page(path: Path, sample: Path | str, *, force: bool) -> None:
    """Refuse a path under which no page may be written.

    Args:
        path: The page.
        sample: The file that the page is about.
        force: Whether a page that is there is replaced.

    Raises:
        ValueError: Says what is wrong with the path.
    """
    shown = visible(str(path))
    if path.suffix.lower() not in ENDINGS or path == sample:
        raise ValueError(f'--html writes a page: "{shown}" has to end with .html.')
    if path.exists() and not force:
        raise ValueError(
            f'--html: "{shown}" exists: name another file, or replace it with --force.'
        )


def render_page(plan: ImportPlan, sample: Path | str, rows: pl.DataFrame) -> str:
    """Return the page as one file of HTML, without scripts, pictures or addresses.

    Args:
        plan: What startimport found and would write.
        sample: The file.
        rows: Rows of the sample, all or the first.
    """
    unmatched = [(short(item.header), why(item)) for item in plan.unmatched]
    return _template().render(
        heading=heading_of(plan, sample),
        notes=plan.notes,
        misfits=_paragraphs(plan.misfits),
        unmatched=unmatched,
        columns=[*profiles_of(plan, rows)],
        rows=plan.rows,
        counted=rows.height,
    )


def _paragraphs(lines: Iterable[str]) -> list[str]:
    return [line.strip() for line in lines if line.strip()]


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["percent"] = lambda share: f"{share:.1%}"
    environment.filters["number"] = lambda number: f"{number:,}"
    return environment.get_template("page.html.jinja")
