"""The ledger of imports: who imported what and when, what became of it, and how to undo it.

- ``models``: the runs on record, and what undoing one takes
- ``databases``: where the ledger lies: never in the transaction of an import
- ``ledger``: follows a run of an import, and writes its record
- ``locks``: one run at a time for each table
- ``queue``: what waits, what is taken and what is lost
- ``management``: ``imports`` shows and changes the record, ``runimports`` runs what is queued

Take the app out of INSTALLED_APPS, and an import does none of this.
"""

from typing import Any


def load_tests(_loader: Any, tests: Any, _pattern: str | None) -> Any:
    """Keep ``manage.py test`` from looking for tests in this folder.

    It would import the models, which is an error where the app is not in INSTALLED_APPS.
    """
    return tests
