"""A router that sends stores, and nothing else, to the other database."""

from django.db.models import Model


class StoresElsewhere:
    """Read and write stores on ``other``."""

    def db_for_read(self, model: type[Model], **hints: object) -> str | None:
        """Name the database to read from, or leave it open."""
        return "other" if model.__name__ == "Store" else None

    db_for_write = db_for_read
