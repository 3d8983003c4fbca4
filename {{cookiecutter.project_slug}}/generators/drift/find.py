"""Whether a file still fits an import as it stands; if not, what has drifted.

No value of the file is told: only headers, numbers, and the words for nothing that
``startimport`` would print in a cleaning class.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl

from generators.drift.dialect import (
    NEW_HEADER,
    new_header,
    settle,
    written,
)
from generators.drift.existing_import import (
    Standing,
    find_standing,
    kept,
    read,
)
from generators.drift.findings import Finding, of_headers, of_problems
from generators.drift.headers import Headers, compare_headers
from generators.inference import Column
from generators.matching import Trial, try_import
from generators.request import Request, read_requested
from generators.sample import Sample
from importkit import problems
from importkit.errors import SourceError
from importkit.source import Frame, shown

MOST = 10  # Findings of a kind that are listed.
DIALECT = "written otherwise"
# In the order in which they are told; behind them come what the codes of problems say.
REMEDIES = {
    "not read": "An import refuses the file as a whole.",
    DIALECT: "If that is to stay, say so in the Dialect of the command.",
    "renamed?": "If it is the same column, give get_rename_map its new header.",
    "gone": "Ask for it, or take it out of the class and the model, or let it be empty: "
    "on_missing_column = Policy.WARN.",
    "added": "Name it in get_col_dtype_map and give the model a field, or leave it out: "
    "on_new_column = Policy.IGNORE.",
    "retyped": "If that is to stay, change its type in get_col_dtype_map, or how it is "
    "read in get_col_parser_map, and the field.",
    "widened": "Widen the field, and the type in get_col_dtype_map.",
    "words for nothing": "Name them in get_null_tokens, if that is what they are.",
    **{code.value: code.remedy for code in problems.Code},
}


@dataclass(frozen=True)
class Drift:
    """What a file is against an import as it stands.

    Attributes:
        source: The name of the file.
        name: The name of the command.
        size: How many rows and columns the file has, in words; empty if unknown.
        findings: What an import would refuse, or leave out; nothing if the file fits.
        remarks: What is to be known besides, a line each.
    """

    source: str
    name: str
    size: str = ""
    findings: tuple[Finding, ...] = ()
    remarks: tuple[str, ...] = ()


def find_drift(request: Request) -> Drift:
    """Compare a file with the import that exists for it; nothing is written.

    Args:
        request: The name of the import, the file, and what is said of the file.

    Raises:
        ValueError: There is no such import, or it cannot be used.
        SourceError: The file cannot be read in any way.
        ConfigurationError: The import cannot work, whatever it is given.
    """
    standing = find_standing(request)
    blank = Drift(Path(shown_source(request.sample)).name, standing.name)
    with kept(request.sample) as path:
        sample = _inferred(replace(request, sample=path, natural_key=None))
        try:
            return _compared(blank, standing, path, sample)
        except SourceError as error:
            if isinstance(sample, SourceError):
                raise sample from error
            found = [Finding("not read", str(error))]
            if told := written(sample.dialect):
                found.append(Finding(DIALECT, told))
            return replace(blank, findings=tuple(found))


def describe_drift(drift: Drift) -> str:
    """Return a drift in words: one line if there is none, else one for each finding."""
    if not drift.findings:
        fits = f"{drift.source} fits {drift.name}: {drift.size}."
        return "\n".join([fits, *drift.remarks])
    size = f" ({drift.size})" if drift.size else ""
    lines = [f"{drift.source} does not fit {drift.name}{size}:"]
    for kind, remedy in REMEDIES.items():
        texts = [found.text for found in drift.findings if found.kind == kind]
        if texts:
            lines += [f"  {kind}: {remedy}", *(f"    {text}" for text in texts[:MOST])]
        if len(texts) > MOST:
            lines.append(f"    ... and {len(texts) - MOST:,} more")
    return "\n".join([*lines, *drift.remarks])


def _inferred(request: Request) -> Sample | SourceError:
    """Return what the file is on its own, which explains; an import may do without."""
    try:
        return read_requested(request)[0]
    except SourceError as error:
        return error


def _compared(
    blank: Drift, standing: Standing, path: Path, sample: Sample | SourceError
) -> Drift:
    """Compare a file as it is read with the rules, the models, and what it is alone."""
    rules, reading = standing.rules, read(standing, path)
    columns: dict[str, Column] = {}
    told, line = "", None
    if isinstance(sample, Sample):
        columns = {column.header: column for column in sample.columns}
        taken, told = settle(rules, path, reading, sample.dialect)
        if taken is None:
            return replace(blank, findings=(Finding(DIALECT, told),))
        reading, line = taken, new_header(taken, sample.dialect)
    headers = compare_headers(rules, reading.headers, columns)
    trial = _tried(standing, reading.frame, headers)
    if line in trial.problems["line"]:
        told = NEW_HEADER
        rest = trial.problems.filter(pl.col("line") != line)
        trial = replace(trial, problems=rest, rows=trial.rows - 1)
    findings = (
        *([Finding(DIALECT, told)] if told else []),
        *of_headers(headers, columns),
        *of_problems(trial, headers, columns, rules),
    )
    width = len(reading.headers)
    size = (
        f"{trial.rows:,} row{'' if trial.rows == 1 else 's'}, "
        f"{width:,} column{'' if width == 1 else 's'}"
    )
    return replace(blank, size=size, findings=findings, remarks=(*_remarks(trial),))


def _tried(standing: Standing, frame: Frame, headers: Headers) -> Trial:
    """Try the import, with columns that may be renamed under the headers it knows."""
    # What a file lacks is told once, not for each of its rows.
    empty = [pl.lit(None, pl.String).alias(name) for name in headers.absent.values()]
    trial = try_import(
        standing.rules,
        frame.rename(headers.stand_ins).with_columns(empty),
        standing.command.get_bulks_by_model,
        standing.command.get_natural_keys(),
    )
    is_absent = pl.col("column").is_in([*headers.absent])
    return replace(trial, problems=trial.problems.filter(~is_absent))


def _remarks(trial: Trial) -> Iterator[str]:
    """Yield what is no drift, but worth to know."""
    if not trial.left_out.is_empty():
        told = problems.describe_left_out(trial.left_out, trial.place)
        yield told.replace("Left out", "An import leaves out")
    for label in trial.unchecked:
        yield (
            f"What is made of instances of {label} was not looked at: see the import "
            "with --dry_run."
        )
