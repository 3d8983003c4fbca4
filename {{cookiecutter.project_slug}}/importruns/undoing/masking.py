"""Which values of kept rows are shown: those that the import itself would show."""

from django.core.management import get_commands, load_command_class

from importkit.import_data import ImportDataBaseCommand
from importkit.problems import Masking

# Hides all values.
UNKNOWN = Masking((), ("",))


def masking_of(name: str | None) -> Masking:
    """Return the masking of a command; all values are hidden if it is not known.

    Args:
        name: The name of the command; None if nobody knows it.
    """
    app = get_commands().get(name or "")
    if name is None or app is None:
        return UNKNOWN
    try:
        command = load_command_class(app, name)
        if isinstance(command, ImportDataBaseCommand):
            return command.get_cleaning_df_cls().masking()
    except Exception:  # Whatever is wrong with the command, its values stay hidden.
        return UNKNOWN
    return UNKNOWN
