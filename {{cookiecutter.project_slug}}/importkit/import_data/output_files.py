"""The files that a run writes beside the table: its rejects and its report.

Each is written under another name and gets its own name when it is complete, so that
nobody reads half a file.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from importkit.errors import ConfigurationError, SourceError, visible
from importkit.source import SourceFile, is_temporary, write_rejects

SUFFIX = ".rejects.csv"
# With these bytes every report starts: a file without them is never replaced by one.
REPORT_OPENING = b'{\n"version": '


@dataclass(frozen=True)
class SideFile:
    """A file that is written as ``part`` and then renamed to ``path``."""

    path: Path

    @property
    def part(self) -> Path:
        """Return the path of the file while it is written."""
        return self.path.with_name(f"{self.path.name}.part")

    def publish(self) -> Path | None:
        """Rename what was written; return the path, or None if nothing was written."""
        if not self.part.exists():
            return None
        return self.part.replace(self.path)

    def discard(self) -> None:
        """Remove what was written and not published."""
        self.part.unlink(missing_ok=True)

    def may_replace(self, question: str, confirm: Callable[[str], bool]) -> None:
        """Ask before a file that is there is replaced.

        Raises:
            SourceError: The answer is no.
        """
        if self.path.exists() and not confirm(question):
            raise SourceError("Not confirmed.")

    def unwritable(self, what: str, error: OSError) -> SourceError:
        """Return the error of a file that cannot be written."""
        return SourceError(
            f'{what} cannot be written to "{self.path}": {error.strerror}.'
        )


@dataclass(frozen=True)
class RejectsFile:
    """The file for the rows of a source that have problems.

    Attributes:
        source: The file that is imported.
        file: The file for its rejects.
    """

    source: SourceFile
    file: SideFile

    @classmethod
    def of(cls, files: Sequence[SourceFile], path: Path | None) -> "RejectsFile":
        """Choose the file; without a path it lies beside the source.

        Args:
            files: The files that were read.
            path: The path that ``--rejects`` states.

        Raises:
            ConfigurationError: Not exactly one file was read, or the source has no
                folder, as a download.
        """
        if len(files) != 1:
            raise ConfigurationError(
                "--on-error skip: rejects are rows of one file, and handle_import has "
                f"read {len(files) or 'none'} with scan_csv or scan_source."
            )
        [source] = files
        if path is None and is_temporary(source.path):
            raise ConfigurationError(
                f'--on-error skip: "{visible(source.path.name)}" was read from a pipe or a '
                "URL, so that there is no file beside which its rejects could lie: say "
                "with --rejects where they go."
            )
        beside = source.path.with_name(f"{source.path.name}{SUFFIX}")
        return cls(source, SideFile(path or beside))

    @property
    def path(self) -> Path:
        """Return where the rejects go."""
        return self.file.path

    def check(self, confirm: Callable[[str], bool]) -> None:
        """Ask before rejects are replaced.

        Raises:
            SourceError: The path is that of the imported file, or the answer is no.
        """
        path, part, source = self.path, self.file.part, self.source.path
        if part == source:
            raise SourceError(f'--rejects: "{part}" is the file that is imported.')
        if path.exists() and path.samefile(source):
            raise SourceError(f'--rejects: "{path}" is the file that is imported.')
        self.file.may_replace(
            f'There are rejects in "{path}" already. Replace them?', confirm
        )

    def write(self, found: pl.DataFrame) -> None:
        """Write the rows with problems; they are published later.

        Args:
            found: The problems, of ``problems.SCHEMA``.

        Raises:
            SourceError: The file cannot be written.
        """
        try:
            write_rejects(self.source, found, self.file.part)
        except OSError as error:
            raise self.file.unwritable("The rejects", error) from error


@dataclass(frozen=True)
class ReportFile:
    """The file for the report of a run."""

    file: SideFile

    @property
    def path(self) -> Path:
        """Return where the report goes."""
        return self.file.path

    def check(self, confirm: Callable[[str], bool]) -> None:
        """Refuse a path that cannot be written, and ask before a report is replaced.

        Raises:
            SourceError: The path cannot be written, holds something else than a report,
                or the answer is no.
        """
        path, part = self.path, self.file.part
        try:
            if path.exists() and not path.is_file():
                raise SourceError(f'--report: "{path}" is not a file.')
            if part.exists():
                raise SourceError(f'--report: "{part}" is in the way. Remove it.')
            if path.exists() and not self._holds_report():
                raise SourceError(
                    f'--report: "{path}" exists and is not a report of an import.'
                )
            part.touch()
            part.unlink()
        except OSError as error:
            raise self.file.unwritable("The report", error) from error
        self.file.may_replace(
            f'There is a report in "{path}" already. Replace it?', confirm
        )

    def refuse(self, others: Mapping[Path, str]) -> None:
        """Refuse to replace another file of the run.

        Args:
            others: The paths of these files, with what each of them is.

        Raises:
            SourceError: The report has the path of one of them.
        """
        own = (self.path.resolve(), self.file.part.resolve())
        for path, what in others.items():
            if path.resolve() in own:
                raise SourceError(f'--report: "{path}" is {what}.')

    def write(self, chunks: Iterable[bytes]) -> None:
        """Write and publish the report.

        Args:
            chunks: The text of the report, after ``REPORT_OPENING``.

        Raises:
            SourceError: The file cannot be written.
        """
        try:
            with self.file.part.open("wb") as file:
                file.write(REPORT_OPENING)
                file.writelines(chunks)
            self.file.publish()
        except OSError as error:
            raise self.file.unwritable("The report", error) from error
        finally:
            self.file.discard()

    def _holds_report(self) -> bool:
        with self.path.open("rb") as file:
            start = file.read(len(REPORT_OPENING))
        return start in (REPORT_OPENING, b"")
