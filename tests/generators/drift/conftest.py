"""A model of gadgets without a table, and a check of files for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import models
from django.test.utils import isolate_apps

from tests.generators.drift.gadgets import Check

# pytest-django lets no test without its mark touch a database: a check needs none.


@pytest.fixture
def gadget() -> Iterator[type[models.Model]]:
    with isolate_apps("tests.importkit.shop"):

        class Gadget(models.Model):
            sku = models.CharField(max_length=10, unique=True)
            name = models.CharField(max_length=10, blank=True)
            price = models.DecimalField(max_digits=6, decimal_places=2)
            stock = models.IntegerField(null=True, blank=True)
            since = models.DateField()

            class Meta:
                app_label = "shop"

            def __str__(self) -> str:
                return self.sku

        yield Gadget


@pytest.fixture
def check(
    tmp_path: Path, gadget: type[models.Model], monkeypatch: pytest.MonkeyPatch
) -> Check:
    commands: dict[str, Any] = {}
    monkeypatch.setattr(
        "generators.drift.existing_import.get_commands", lambda: commands
    )
    return Check(tmp_path, gadget, commands)
