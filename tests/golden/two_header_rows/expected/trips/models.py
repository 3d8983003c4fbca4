from django.db import models


class Trip(models.Model):
    """One row of a CSV file."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    day = models.DateField()
    purpose = models.CharField(max_length=10)
    travel_rail = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True
    )
    travel_air = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True
    )
    total = models.DecimalField(max_digits=12, decimal_places=2)

    def __str__(self) -> str:
        return self.purpose
