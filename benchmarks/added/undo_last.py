"""Undo the last run of import_noted, whatever its number is."""

from typing import Any

from django.core.management import BaseCommand

from importruns.models import ImportRun, Status
from importruns.undoing import undo


class Command(BaseCommand):
    """Undo the last run that was done."""

    def handle(self, *_args: Any, **_options: Any) -> None:
        runs = ImportRun.objects.filter(command="import_noted", status=Status.DONE)
        undo(runs.latest("pk").pk)
