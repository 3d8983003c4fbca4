"""A file is compared with the import that exists for its kind; nothing is written."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl

from generators.drift.dialect import (
    NEW_HEADER,
    choose_dialect,
    describe_difference,
    find_new_header,
)
from generators.drift.existing_import import (
    ExistingImport,
    FileAsRead,
    find_import,
    lasting_copy,
    read,
)
from generators.drift.findings import (
    DIALECT,
    NOT_READ,
    Drift,
    Finding,
    find_in_headers,
    find_in_values,
)
from generators.drift.headers import Headers, compare_headers
from generators.matching import Trial, try_import
from generators.request import Request, read_requested
from generators.sample import Sample
from importkit import problems
from importkit.errors import SourceError
from importkit.loading import RunOptions
from importkit.source import Dialect, Frame, shown_source


def find_drift(request: Request) -> Drift:
    """Compare a file with the import that exists for it.

    Args:
        request: The name of the import, the file, and what the user states of the file.

    Raises:
        ValueError: There is no such import, or it cannot be used.
        SourceError: The file cannot be read in any way.
        ConfigurationError: The import cannot work, whatever the file is.
    """
    existing = find_import(request)
    blank = Drift(Path(shown_source(request.sample)).name, existing.name)
    with lasting_copy(request.sample) as path:
        sample = _infer(replace(request, sample=path, natural_key=None))
        try:
            return _compare(blank, existing, path, sample)
        except SourceError as error:
            if isinstance(sample, SourceError):
                raise sample from error
            findings = [Finding(NOT_READ, str(error))]
            own = error.dialect
            difference = (
                describe_difference(own, sample.dialect)
                if isinstance(own, Dialect)
                else ""
            )
            if difference:
                findings.append(Finding(DIALECT, difference))
            return replace(blank, findings=tuple(findings))


def _infer(request: Request) -> Sample | SourceError:
    """Return what is inferred of the file, or why it cannot be: an import may read it."""
    try:
        return read_requested(request)[0]
    except SourceError as error:
        return error


def _compare(
    blank: Drift, existing: ExistingImport, path: Path, sample: Sample | SourceError
) -> Drift:
    file = read(existing, path)
    if isinstance(sample, SourceError):
        return _compare_rows(blank, existing, file)
    choice = choose_dialect(existing.rules, path, file, sample.dialect)
    if choice.read is None:
        return replace(blank, findings=(Finding(DIALECT, choice.difference),))
    try:
        return _compare_rows(blank, existing, choice.read, sample, choice.difference)
    except SourceError as error:
        # Its header was found, so that the dialect is right, or the error says what is not.
        return replace(blank, findings=(Finding(NOT_READ, str(error)),))


def _compare_rows(
    blank: Drift,
    existing: ExistingImport,
    file: FileAsRead,
    sample: Sample | None = None,
    difference: str = "",
) -> Drift:
    """Compare the columns and rows of a file with the rules and models of an import.

    Args:
        blank: The drift without findings.
        existing: The import.
        file: The file, read so that it has the columns of the import.
        sample: What is inferred of the file, if it can be.
        difference: How the dialect of the file differs from that of the command.
    """
    columns = {column.header: column for column in sample.columns} if sample else {}
    line = find_new_header(file, sample.dialect) if sample else None
    headers = compare_headers(existing.rules, file.headers, columns)
    trial = _try(existing, file.frame, headers)
    if line in trial.problems["line"]:
        difference = NEW_HEADER
        rest = trial.problems.filter(pl.col("line") != line)
        trial = replace(trial, problems=rest, rows=trial.rows - 1)
    findings = (
        *([Finding(DIALECT, difference)] if difference else []),
        *find_in_headers(headers, columns),
        *find_in_values(trial, headers, columns, existing.rules),
    )
    width = len(file.headers)
    size = (
        f"{trial.rows:,} row{'' if trial.rows == 1 else 's'}, "
        f"{width:,} column{'' if width == 1 else 's'}"
    )
    return replace(
        blank, size=size, findings=findings, remarks=(*_remarks(trial, file),)
    )


def _try(existing: ExistingImport, frame: Frame, headers: Headers) -> Trial:
    """Try the import, with renamed columns under the headers that it knows."""
    # A column that is missing is one finding, not one for each row.
    empty = [pl.lit(None, pl.String).alias(name) for name in headers.absent.values()]
    trial = try_import(
        existing.rules,
        frame.rename(headers.old_by_new).with_columns(empty),
        existing.command.get_bulks_by_model,
        RunOptions(
            keys=existing.command.get_natural_keys(),
            on_empty=existing.command.get_on_empty(),
        ),
    )
    is_absent = pl.col("column").is_in([*headers.absent])
    return replace(trial, problems=trial.problems.filter(~is_absent))


def _remarks(trial: Trial, file: FileAsRead) -> Iterator[str]:
    if file.file:
        yield from file.file.warnings
    if not trial.left_out.is_empty():
        rows = problems.describe_left_out(trial.left_out, trial.place)
        yield rows.replace("Left out", "An import leaves out")
    for label in trial.unchecked:
        yield (
            f"{label} gets instances, which --check does not look at: run the import "
            "with --dry_run."
        )
