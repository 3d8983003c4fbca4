"""What one run has found so far: each step adds its part, and the reporter reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl
from django.db.models import Model

from importkit import problems
from importkit.cleaning import CleaningDF, CleanStream, Masking, Measured
from importkit.errors import CleaningError, ImplausibleError, SourceError
from importkit.import_data.deletion import Deleted
from importkit.import_data.expectations import (
    Expectation,
    Facts,
    FindLastRun,
    Recorded,
    Verdict,
    describe_broken,
    judge,
    numbers_of,
)
from importkit.import_data.options import ImportOptions
from importkit.import_data.output_files import RejectsFile, ReportFile
from importkit.loading import Loaded
from importkit.source import (
    LINE,
    MISFITS,
    Frame,
    SourceFile,
    is_temporary,
    refuse_change,
)


@dataclass
class Run:
    """What one run has found so far.

    A run starts with its options. The steps set the other attributes, in this order.

    Attributes:
        options: The options of the run.
        expectations: What the command expects of a delivery.
        report_file: The file for the report, if one is wanted and can be written.
        files: Step 1: the files that ``handle_import`` has read.
        rejects_file: Step 1: the file for the rejects, if rows are skipped.
        rules: Step 1: the cleaning class.
        place: Step 1: what the line numbers of the source count.
        rows: Step 1: how many rows the source has, if this is known before cleaning.
        cleaned: Step 2: the clean rows.
        warnings: Step 4: the remarks that everybody should read.
        is_written: Step 4: whether all rows are written and committed.
        loaded: Step 4: what became of the rows of each model.
        deleted: Step 4: what was deleted.
        verdicts: Step 4: whether the delivery is as expected.
        numbers: Step 4: what the delivery shows, by the names of expectations.
        found: Step 4, or at an error: the problems, of ``problems.SCHEMA``, masked.
        found_place: At an error: what the line numbers in ``found`` count.
        is_rejected: Whether the run ended because of problems, or of expectations.
        rejects: The path of the rejects, once they are written.
    """

    options: ImportOptions
    expectations: Sequence[Expectation] = ()
    report_file: ReportFile | None = None
    files: Sequence[SourceFile] = ()
    rejects_file: RejectsFile | None = None
    rules: type[CleaningDF] | None = None
    place: problems.Place = problems.ROWS
    rows: int | None = None
    cleaned: CleaningDF | CleanStream | None = None
    warnings: list[str] = field(default_factory=list)
    is_written: bool = False
    loaded: Mapping[type[Model], Loaded] = field(default_factory=dict)
    deleted: Deleted = field(default_factory=Deleted)
    verdicts: Sequence[Verdict] = ()
    numbers: Mapping[str, Recorded] = field(default_factory=dict)
    found: pl.DataFrame = field(
        default_factory=lambda: pl.DataFrame(schema=problems.SCHEMA)
    )
    found_place: problems.Place | None = None
    is_rejected: bool = False
    rejects: Path | None = None

    @property
    def masking(self) -> Masking:
        """What must not be shown, as far as the cleaning class is known."""
        return self.rules.masking() if self.rules else Masking()

    @property
    def model_file(self) -> Path | None:
        """Of the files whose rows the report shows, the one that fewest may read."""
        paths = [file.path for file in self.files if not is_temporary(file.path)]
        there = [path for path in paths if path.exists()]
        return min(there, key=lambda path: path.stat().st_mode & 0o066, default=None)

    def add_source(self, source: Frame, rules: type[CleaningDF]) -> None:
        """Add what is known of the source before it is cleaned."""
        self.rules = rules
        if LINE in source.collect_schema():
            self.place = problems.LINES
        if isinstance(source, pl.DataFrame):
            self.rows = source.height

    def judge(
        self,
        loaded: Mapping[type[Model], Loaded],
        found: pl.DataFrame,
        find_last_run: FindLastRun,
    ) -> None:
        """Compare the delivery with what the command expects.

        Args:
            loaded: What became of the rows of each model.
            found: The problems of the rows that were skipped.
            find_last_run: Returns the last run of the command that was done.

        Raises:
            ImplausibleError: The delivery is not as expected.
        """
        measured = self.cleaned.measured if self.cleaned else Measured()
        facts = Facts(measured, found["line"].n_unique(), loaded)
        self.numbers = numbers_of(self.expectations, facts)
        self.verdicts = judge(
            self.expectations, facts, find_last_run, self.options.accept
        )
        if any(each.is_broken for each in self.verdicts):
            self.is_rejected = True
            self.found = self.masking.masked(found)
            raise ImplausibleError(describe_broken(self.verdicts))

    def keep_report_apart(self) -> None:
        """Refuse a report that would replace another file of the run.

        Raises:
            SourceError: The report has the path of one; no report is written then.
        """
        if self.report_file is None:
            return
        others = {file.path: "the file that is imported" for file in self.files}
        if self.rejects_file:
            others[self.rejects_file.path] = "the file with the rejects"
        try:
            self.report_file.refuse(others)
        except SourceError:
            self.report_file = None
            raise

    def add_skipped(self, found: pl.DataFrame) -> None:
        """Add the problems for which rows were skipped, and write the rejects.

        Raises:
            SourceError: The rejects cannot be written, or ``handle_import`` dropped
                rows with problems before these were told.
        """
        if self.rejects_file and not (found.is_empty() or self.options.dry_run):
            self.rejects_file.write(found)
        self.found = self.masking.masked(found)
        read = sum(file.misfits for file in self.files)
        told = found.filter(pl.col("code").is_in(MISFITS))["line"].n_unique()
        if read > told:
            raise SourceError(
                "handle_import filters out rows that do not have the fields of the "
                f"header ({read - told:,}). Keep the rows that have a _problem."
            )

    def refuse_changed_files(self) -> None:
        """Refuse files that have changed since they were read for the first time.

        Raises:
            SourceError: A file has: its rows may be of two states of it.
        """
        for file in self.files:
            refuse_change(file.path, file.stamp)

    def reject(self, error: CleaningError) -> None:
        """Add the problems that stop the run."""
        if error.problems is None:
            return
        self.is_rejected = True
        self.found = self.masking.masked(error.problems)
        if error.place not in (None, problems.ROWS, problems.LINES):
            self.found_place = problems.Place(*error.place)  # Instances have no lines.
            return
        # In a lazy frame without lines, the line numbers of a batch count rows.
        is_row = problems.ROWS in (error.place, self.place)
        self.found_place = problems.ROWS if is_row else problems.LINES

    def for_traceback(self, error: Exception) -> Exception | None:
        """Return the error, unless a traceback with it might show personal values."""
        found = error.problems if isinstance(error, CleaningError) else None
        names = () if found is None else found["column"].unique()
        hides = self.masking.personal or any(map(self.masking.hides, names))
        return None if hides else error
