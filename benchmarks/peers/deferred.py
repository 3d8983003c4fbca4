"""The project's settings with SQLite's own way to begin a transaction.

winidjango opens one transaction and writes from another thread, on another connection.
With the project's BEGIN IMMEDIATE that thread waits for the first until it fails.
"""

from config.settings import *  # noqa: F403  all of them, but for one
from config.settings import DATABASE

DATABASE.get("OPTIONS", {}).pop("transaction_mode", None)
