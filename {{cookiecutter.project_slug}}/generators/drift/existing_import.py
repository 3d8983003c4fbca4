"""The import that exists: its command, its rules, and how it reads a file."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.apps import apps
from django.core.management import CommandError, get_commands, load_command_class
from django.core.management.base import BaseCommand

from generators.naming import check_import_name
from generators.request import Request
from importkit.cleaning import CleaningDF
from importkit.errors import SourceError, visible
from importkit.import_data import ImportDataBaseCommand
from importkit.source import (
    LINE,
    PROBLEM,
    DelimitedFile,
    Frame,
    SourceFile,
    discard,
    files_read,
    is_temporary,
    local_copy,
)


@dataclass(frozen=True)
class ExistingImport:
    """An import, with all that its owner has changed.

    Attributes:
        name: The name of the command: ``import_products``.
        command: The command.
        rules: The cleaning class that the command uses.
    """

    name: str
    command: ImportDataBaseCommand
    rules: type[CleaningDF]


@dataclass(frozen=True)
class FileAsRead:
    """A file as an import reads it.

    Attributes:
        frame: The rows.
        file: The file; None where the command reads no file, or several.
    """

    frame: Frame
    file: SourceFile | None = None

    @property
    def headers(self) -> list[str]:
        """The columns of the file, without those that reading adds."""
        names = self.frame.collect_schema().names()
        return [name for name in names if name not in (LINE, PROBLEM)]


def find_import(request: Request) -> ExistingImport:
    """Return the import of a request.

    Raises:
        ValueError: There is no such import, or it cannot be used; says why.
        ConfigurationError: Its rules contradict each other.
    """
    name = f"import_{check_import_name(request.name)}"
    owner = get_commands().get(name)
    if owner is None:
        raise ValueError(
            f"There is no import to check the file against: no app has a command {name}. "
            "Run startimport without --check to write it."
        )
    _refuse_other_app(name, owner, request.app)
    command = _load(name, owner)
    if not isinstance(command, ImportDataBaseCommand):
        raise ValueError(
            f"{name} is not an ImportDataBaseCommand, so that --check cannot know what "
            "its files have to be. --check is for imports like those that startimport "
            "writes."
        )
    rules: object = command.get_cleaning_df_cls()
    if not (isinstance(rules, type) and issubclass(rules, CleaningDF)):
        raise ValueError(
            f"{name} does not use a CleaningDF: get_cleaning_df_cls returns {rules!r}."
        )
    rules.check_rules()
    return ExistingImport(name, command, rules)


def read(existing: ExistingImport, path: Path) -> FileAsRead:
    """Read a file as the command reads the file of ``--file``.

    Raises:
        ValueError: The command refuses ``--file PATH`` alone.
        SourceError: The file cannot be read.
    """
    command = existing.command
    parser = command.create_parser("manage.py", existing.name)
    try:
        options = parser.parse_args(["--file", str(path)])
    except CommandError as error:
        raise ValueError(
            f"--check reads a file with {existing.name} --file {visible(path.name)}, "
            f"which the command refuses: {str(error).removeprefix('Error: ')}."
        ) from error
    command.base_handle(**vars(options))
    with files_read(command.has_columns) as files:
        try:
            frame = command.handle_import()
        except SourceError as error:
            if len(files) == 1 and isinstance(files[0], DelimitedFile):
                error.dialect = files[0].dialect
            raise
    return FileAsRead(frame, files[0] if len(files) == 1 else None)


@contextmanager
def lasting_copy(source: Path | str) -> Iterator[Path]:
    """Keep what a URL or standard input gives, which is read twice."""
    path = local_copy(source)
    if not is_temporary(path):
        yield path
        return
    with TemporaryDirectory() as folder:
        moved = Path(shutil.move(path, folder))
        discard(path)
        yield moved


def _refuse_other_app(name: str, owner: str | BaseCommand, app: str | None) -> None:
    module = owner if isinstance(owner, str) else type(owner).__module__
    known = {config.name for config in apps.get_app_configs() if config.label == app}
    if app and module not in {app, *known}:
        raise ValueError(f'{name} is a command of the app "{module}", not of "{app}".')


def _load(name: str, owner: str | BaseCommand) -> BaseCommand:
    if isinstance(owner, BaseCommand):
        return owner
    try:
        return load_command_class(owner, name)
    except Exception as error:
        raise ValueError(
            f"{name} cannot be imported: {type(error).__name__}: {error}"
        ) from error
