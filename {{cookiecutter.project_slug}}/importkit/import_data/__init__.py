"""The command that runs the four steps in order and says what each run did."""

from importkit.import_data.command import ImportDataBaseCommand

__all__ = ["ImportDataBaseCommand"]
