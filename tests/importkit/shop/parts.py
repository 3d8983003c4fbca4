"""A model with the fields of PostgreSQL whose values have parts; it has no other table."""

from typing import Any

from django.contrib.postgres import fields
from django.db import models


class Parts(models.Model):
    """A row with arrays and ranges."""

    code = models.CharField(max_length=10, unique=True)
    tags: "fields.ArrayField[Any, Any]" = fields.ArrayField(
        models.CharField(max_length=3), null=True, blank=True
    )
    numbers: "fields.ArrayField[Any, Any]" = fields.ArrayField(
        models.SmallIntegerField(), null=True, blank=True, size=2
    )
    days: "fields.ArrayField[Any, Any]" = fields.ArrayField(
        models.DateField(), null=True, blank=True
    )
    prices: "fields.ArrayField[Any, Any]" = fields.ArrayField(
        models.DecimalField(max_digits=4, decimal_places=1), null=True, blank=True
    )
    sizes: "fields.ArrayField[Any, Any]" = fields.ArrayField(
        models.CharField(max_length=1, choices={"s": "Small", "l": "Large"}),
        default=list,
        blank=True,
    )
    board: "fields.ArrayField[Any, Any]" = fields.ArrayField(
        fields.ArrayField(models.IntegerField(null=True, blank=True)),
        null=True,
        blank=True,
    )
    seats = fields.IntegerRangeField(null=True, blank=True)
    weight = fields.DecimalRangeField(null=True, blank=True)
    stay = fields.DateRangeField(null=True, blank=True)
    shift = fields.DateTimeRangeField(null=True, blank=True)

    class Meta:
        """Only PostgreSQL has such columns."""

        required_db_vendor = "postgresql"

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code
