"""A base class for models that record when a row was created and last changed."""

from typing import Any

from django.db import models
from django.db.models.options import Options


class BaseModel(models.Model):
    """A model with the times of creation and of the last change."""

    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        """No table: each subclass has its own."""

        abstract = True

    def __str__(self) -> str:
        """Return the model and the key: ``Product(3)``, or ``Product(None)`` if not saved."""
        return repr(self)

    def __repr__(self) -> str:
        """Return the model and the key only, so that no value of the row gets into a log."""
        return f"{type(self).__name__}({self.pk})"

    @property
    def meta(self) -> "Options[Any]":
        """The options of the model: Django's ``_meta`` under a public name."""
        return self._meta
