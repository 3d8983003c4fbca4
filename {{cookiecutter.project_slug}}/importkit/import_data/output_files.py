"""The file of rejects gets its name when all else has been done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from importkit.errors import ConfigurationError, SourceError
from importkit.source import DelimitedFile, TableFile, is_temporary, write_rejects

SUFFIX = ".rejects.csv"


@dataclass(frozen=True)
class Rejects:
    """The file for the rows of another file that do not fit.

    It is written under another name, and gets its own when all else has been done.

    Attributes:
        source: The file that is imported.
        path: Where its rejects go.
    """

    source: DelimitedFile | TableFile
    path: Path

    @classmethod
    def of(
        cls, files: Sequence[DelimitedFile | TableFile], path: Path | None
    ) -> "Rejects":
        """Choose the file, by default beside that which was read.

        Raises:
            ConfigurationError: It is not one file that was read, or a download.
        """
        if len(files) != 1:
            raise ConfigurationError(
                "--on-error skip: rejects are rows of one file, and handle_import has "
                f"read {len(files) or 'none'} with scan_csv or scan_source."
            )
        [source] = files
        if path is None and is_temporary(source.path):
            raise ConfigurationError(
                f'--on-error skip: "{source.path.name}" has no folder to put rejects '
                "beside it: say with --rejects where they go."
            )
        return cls(source, path or source.path.with_name(f"{source.path.name}{SUFFIX}"))

    @property
    def _part(self) -> Path:
        return self.path.with_name(f"{self.path.name}.part")

    def check(self, confirm: Callable[[str], bool]) -> None:
        """Ask before a file is replaced.

        Raises:
            SourceError: It is the file that is imported, or the answer is no.
        """
        if self._part == self.source.path:
            raise SourceError(
                f'--rejects: "{self._part}" is the file that is imported.'
            )
        if not self.path.exists():
            return
        if self.path.samefile(self.source.path):
            raise SourceError(f'--rejects: "{self.path}" is the file that is imported.')
        if not confirm(f'There are rejects in "{self.path}" already. Replace them?'):
            raise SourceError("Not confirmed.")

    def prepare(self, found: pl.DataFrame) -> None:
        """Write the rows with problems, of ``problems.SCHEMA``, under another name.

        Raises:
            SourceError: They cannot be written.
        """
        try:
            write_rejects(self.source, found, self._part)
        except OSError as error:
            raise SourceError(
                f'The rejects cannot be written to "{self.path}": {error.strerror}.'
            ) from error

    def publish(self) -> Path | None:
        """Give what was prepared, if anything was, its name, and return that."""
        if not self._part.exists():
            return None
        return self._part.replace(self.path)

    def clean_up(self) -> None:
        """Remove what was prepared, if it has not been published."""
        self._part.unlink(missing_ok=True)
