"""A base for models: it keeps when a row was created and when it was changed."""

from typing import Any

from django.db import models
from django.db.models.options import Options


class BaseModel(models.Model):
    """Keep the times of creation and of the last change."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """Leave the table to the subclass."""

        abstract = True

    def __str__(self) -> str:
        """Name the row by its model and key: ``Product(3)``, ``Product(None)``."""
        return repr(self)

    def __repr__(self) -> str:
        """Show model and key only, so that no value of the row gets into a log."""
        return f"{type(self).__name__}({self.pk})"

    @property
    def meta(self) -> "Options[Any]":
        """Return what Django keeps in ``_meta``, under a public name."""
        return self._meta
