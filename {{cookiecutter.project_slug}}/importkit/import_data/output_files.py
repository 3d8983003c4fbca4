"""The files that a run writes beside the table: its rejects and its report.

Each is written under another name and gets its own name when it is complete, so that
nobody reads half a file.
"""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex

import polars as pl

from importkit.display_names import shown, shown_name
from importkit.errors import ConfigurationError, SourceError, visible
from importkit.source import (
    DEFAULT_DIALECT,
    DelimitedFile,
    Opener,
    SourceFile,
    Stamp,
    are_rejects,
    is_temporary,
    stamp_of,
    write_rejects,
)

PART_CHARACTERS = 50  # So much of its name a file keeps while it is written.
NO_LINK = getattr(os, "O_NOFOLLOW", 0)  # Windows has no such flag.
SUFFIX = ".rejects.csv"
# With these bytes every report starts: a file without them is never replaced by one.
REPORT_OPENING = b'{\n"version": '


@dataclass
class SideFile:
    """A file that is written as ``part`` and then gets its name, ``path``.

    The part has a name of its own in each run, and is made only where nothing is: so no
    file of another program or of a run that was killed is written to or taken over.

    Attributes:
        path: The file.
        option: The option that names it, for messages.
        before: What is at the path when the run begins: a file that may be replaced, or
            None.
        token: What makes the name of the part one that no other run has.
    """

    path: Path
    option: str
    before: Stamp | None = None
    token: str = field(default_factory=lambda: token_hex(4))

    @property
    def part(self) -> Path:
        """Return the path of the file while it is written."""
        start = self.path.name[:PART_CHARACTERS]
        return self.path.parent / f"{start}.{self.token}.part"

    def opener(self, like: Path | None = None) -> Opener:
        """Return what makes the part, for ``open``; no link is followed.

        Args:
            like: The file that may be read by nobody who may not read this one.
        """
        mode = 0o666 if like is None else _mode_like(like)
        return lambda name, flags: os.open(name, flags | NO_LINK, mode)

    def refuse(self) -> None:
        """Refuse a path that is not that of a file, and keep in mind what is there.

        Raises:
            SourceError: There is something else.
        """
        if self.path.is_symlink():
            raise SourceError(
                f'{self.option}: "{shown(self.path)}" is a link. Name the file itself.'
            )
        if self.path.exists() and not self.path.is_file():
            raise SourceError(f'{self.option}: "{shown(self.path)}" is not a file.')
        self.before = stamp_of(self.path)

    def refuse_change(self) -> None:
        """Refuse a path at which something has happened since the run began.

        Raises:
            SourceError: There is another file now.
        """
        if self.path.is_symlink() or stamp_of(self.path) != self.before:
            raise SourceError(
                f'{self.option}: "{shown(self.path)}" has changed since this import began. Does '
                "another import write to it? Name another file, or run the command again."
            )

    def publish(self) -> Path | None:
        """Give the part its name; return the path, or None if nothing was written.

        Raises:
            OSError: There is another file now, or it cannot be replaced.
        """
        if not self.part.exists():
            return None
        if self.before is not None:
            return self.part.replace(self.path)
        try:
            # Unlike a new name, a link never replaces a file that another run has made.
            self.path.hardlink_to(self.part)
        except FileExistsError:
            raise
        except OSError:  # Some file systems have no links.
            if os.path.lexists(self.path):
                raise
            return self.part.rename(self.path)
        self.part.unlink()
        return self.path

    def discard(self) -> None:
        """Remove what was written and not published."""
        self.part.unlink(missing_ok=True)

    def may_replace(self, question: str, confirm: Callable[[str], bool]) -> None:
        """Ask before a file that is there is replaced.

        Raises:
            SourceError: The answer is no.
        """
        if self.before is not None and not confirm(question):
            raise SourceError("Not confirmed.")

    def unwritable(self, what: str, error: OSError) -> SourceError:
        """Return the error of a file that cannot be written."""
        return SourceError(
            f'{what} cannot be written to "{shown(self.path)}": {error.strerror}.'
        )


def _mode_like(path: Path) -> int:
    """Return the mode of a new file that nobody may read who may not read another file.

    Whoever imports may read it and write to it. The umask of the process counts as well.
    """
    found = path.stat()
    mode = found.st_mode & 0o066
    if hasattr(os, "getegid") and os.getegid() != found.st_gid:
        # The new file has another group, which may do what everybody may.
        mode = mode & 0o006 | (mode & 0o006) << 3
    return mode | 0o600


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
                f'--on-error skip: "{visible(shown_name(source.path))}" was read from a pipe or a '
                "URL, so that there is no file beside which its rejects could lie: say "
                "with --rejects where they go."
            )
        beside = source.path.with_name(f"{source.path.name}{SUFFIX}")
        return cls(source, SideFile(path or beside, "--rejects"))

    @property
    def path(self) -> Path:
        """Return where the rejects go."""
        return self.file.path

    def refuse(self) -> None:
        """Refuse a path that is not that of rejects; a dry run does so as well.

        Raises:
            SourceError: The path holds the imported file, or something else than the
                rejects of an earlier import.
        """
        path, source = self.path, self.source
        if path.exists() and path.samefile(source.path):
            raise SourceError(
                f'--rejects: "{shown(path)}" is the file that is imported.'
            )
        self.file.refuse()
        dialect = DEFAULT_DIALECT
        if isinstance(source, DelimitedFile):
            dialect = source.dialect
        try:
            if self.file.before is None or are_rejects(path, dialect):
                return
        except OSError as error:
            raise self.file.unwritable("The rejects", error) from error
        raise SourceError(
            f'--rejects: "{shown(path)}" exists and does not hold rejects of an import. Name '
            "another file, or remove this one."
        )

    def ask(self, confirm: Callable[[str], bool]) -> None:
        """Ask before earlier rejects are replaced.

        Raises:
            SourceError: The answer is no.
        """
        self.file.may_replace(
            f'There are rejects in "{shown(self.path)}" already. Replace them?', confirm
        )

    def write(self, found: pl.DataFrame) -> None:
        """Write the rows with problems; they are published later.

        Args:
            found: The problems, of ``problems.SCHEMA``.

        Raises:
            SourceError: The file cannot be written, or another run has made it.
        """
        known = None if is_temporary(self.source.path) else self.source.path
        try:
            opener = self.file.opener(known)
            write_rejects(self.source, found, self.file.part, opener)
        except OSError as error:
            raise self.file.unwritable("The rejects", error) from error
        self.file.refuse_change()

    def publish(self) -> Path | None:
        """Give the rejects their name; return where they are, None if there are none.

        The rows are committed. If the name cannot be had any more, the rejects keep
        another one beside it, so that no row is lost.
        """
        try:
            return self.file.publish()
        except OSError:
            return self.file.part.rename(self.file.part.with_suffix(".csv"))


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
            self.file.refuse()
            if self.file.before is not None and not self._holds_report():
                raise SourceError(
                    f'--report: "{shown(path)}" exists and is not a report of an import.'
                )
            part.touch(exist_ok=False)
            part.unlink()
        except OSError as error:
            raise self.file.unwritable("The report", error) from error
        self.file.may_replace(
            f'There is a report in "{shown(path)}" already. Replace it?', confirm
        )

    def refuse(self, others: Mapping[Path, str]) -> None:
        """Refuse to replace another file of the run.

        Args:
            others: The paths of these files, with what each of them is.

        Raises:
            SourceError: The report has the path of one of them.
        """
        own = self.path.resolve()
        for path, what in others.items():
            if path.resolve() == own:
                raise SourceError(f'--report: "{shown(path)}" is {what}.')

    def write(self, chunks: Iterable[bytes], like: Path | None = None) -> None:
        """Write and publish the report.

        Args:
            chunks: The text of the report, after ``REPORT_OPENING``.
            like: The file whose values it shows: whoever may not read that file may not
                read the report either.

        Raises:
            SourceError: The file cannot be written.
        """
        try:
            with open(self.file.part, "xb", opener=self.file.opener(like)) as file:
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
