"""What is where."""

from django.db import models


class Shelf(models.Model):
    """A place to put things."""

    code = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.code


class Supplier(models.Model):
    """One row of a CSV file."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    name = models.CharField(max_length=20)
    country = models.CharField(max_length=10)
    since = models.DateField()
    rating = models.DecimalField(max_digits=12, decimal_places=2)

    def __str__(self) -> str:
        return self.name
