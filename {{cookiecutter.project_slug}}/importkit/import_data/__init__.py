"""The command that runs the four steps in order and says what each run did."""

from importkit.import_data.command import ImportDataBaseCommand
from importkit.loading import OnEmpty

__all__ = ["ImportDataBaseCommand", "OnEmpty"]
