"""Models whose tables have each kind of constraint that Django can declare."""

from django.db import models


class Seat(models.Model):
    """A row that several columns identify."""

    pk = models.CompositePrimaryKey("hall", "number")
    hall = models.CharField(max_length=10)
    number = models.IntegerField()
    guest = models.CharField(max_length=10, default="nobody")

    def __str__(self) -> str:
        """Name the seat by its key."""
        return f"{self.hall} {self.number}"


class Weighing(models.Model):
    """A row with a number of more digits than a float has."""

    code = models.CharField(max_length=10, unique=True)
    mass = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    double = models.GeneratedField(
        expression=models.F("mass") * 2,
        output_field=models.DecimalField(max_digits=21, decimal_places=2),
        db_persist=True,
    )

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code
