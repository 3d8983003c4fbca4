"""The app of the ledger: it brings its database, and follows every import."""

from typing import ClassVar

from django.apps import AppConfig
from django.core.signals import setting_changed
from django.db.models.signals import post_migrate, pre_migrate

from importruns import databases


class ImportRunsConfig(AppConfig):
    """Adds the database of the ledger to those of the project."""

    name = "importruns"
    verbose_name = "imports"
    default_auto_field = "django.db.models.BigAutoField"
    # importkit asks each app for what is to follow its imports.
    import_watchers: ClassVar = ("importruns.ledger.Ledger",)

    def ready(self) -> None:
        """Add the database, and migrate it with that of the project."""
        databases.add()
        setting_changed.connect(databases.keep_router)
        pre_migrate.connect(databases.note_migration, sender=self)
        post_migrate.connect(databases.migrate_too, sender=self)
