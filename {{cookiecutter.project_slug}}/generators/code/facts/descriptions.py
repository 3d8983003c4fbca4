"""What docstrings say of a file: its kind, its columns, and what makes a row known again."""

import codecs
import textwrap

from generators.code.plan import ImportPlan
from generators.naming import Source
from importkit.source import DEFAULT_DIALECT, SEPARATORS, Format

# Characters of a docstring in a line, so that a line fits where it is indented once.
WIDTH = 80
OTHER_SEPARATOR = "a separator of its own"
# How files of a format end, in the example of a command.
SUFFIXES = {
    Format.DELIMITED: "csv",
    Format.WORKBOOK: "xlsx",
    Format.PARQUET: "parquet",
    Format.JSON: "json",
    Format.NDJSON: "ndjson",
}


def file_of(plan: ImportPlan) -> Source:
    """Return the kind of the file, with its article: a CSV file with semicolons."""
    match plan.format:
        case Format.DELIMITED:
            kind = f"a CSV file{_notation(plan)}"
        case Format.WORKBOOK:
            kind = "a sheet of a workbook"
        case Format.NDJSON:
            kind = "an NDJSON file"
        case other:
            kind = f"a {other} file"
    return Source(kind if plan.dialect.header else f"{kind} without a header")


def row_of(plan: ImportPlan) -> Source:
    """Return the docstring of a model: what a row of its table is."""
    row = f"One row of {file_of(plan)}"
    if not plan.natural_key:
        return Source(f"{row}.")
    short = f"{row}, with the {_key_of(plan)}."
    if len(short) <= WIDTH:
        return Source(short)
    return Source(f"{row}.\n\n    {_wrapped(f'It has the {_key_of(plan)}.')}\n    ")


def columns_of(plan: ImportPlan) -> Source:
    """Return the paragraph of the rules: how many columns the file has, and its key."""
    imported, others = len(plan.columns), len(plan.unmatched)
    number = imported + others
    text = f"It has {number:,} column{'' if number == 1 else 's'}"
    if others:
        text += f", of which {imported:,} {'is' if imported == 1 else 'are'} imported"
    if plan.natural_key:
        return _wrapped(f"{text}{',' * bool(others)} and the {_key_of(plan)}.")
    return _wrapped(f"{text}, and no natural key: each import adds all of its rows.")


def example_of(plan: ImportPlan) -> Source:
    """Return the name of a file in the example of the command."""
    return Source(f"{plan.name}.{SUFFIXES[plan.format]}")


def sample_rows(plan: ImportPlan) -> Source:
    """Return the rows of the sample, counted: the 3 sample rows."""
    many = f"the {plan.rows:,} sample rows"
    return Source(many if plan.rows > 1 else "the one sample row")


def _notation(plan: ImportPlan) -> str:
    """Return the separator and the encoding, unless they are the usual ones."""
    separator, encoding = plan.dialect.separator, plan.dialect.encoding
    text = ""
    if separator != DEFAULT_DIALECT.separator:
        text = f" with {SEPARATORS.get(separator, OTHER_SEPARATOR)}"
    # The name is that of a codec, however the user spells it.
    if encoding != DEFAULT_DIALECT.encoding:
        text += f" in {codecs.lookup(encoding).name}"
    return text


def _key_of(plan: ImportPlan) -> str:
    *names, last = plan.natural_key
    others = f"{', '.join(names)} and " if names else ""
    return f"natural key {others}{last}"


def _wrapped(text: str) -> Source:
    return Source("\n    ".join(textwrap.wrap(text, WIDTH, break_long_words=False)))
