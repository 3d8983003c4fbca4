from django.db import models


class Rate(models.Model):
    """One row of a CSV file, with the natural key day and currency."""

    # Guess: lengths and digits leave more room than the 4 sample rows needed.
    day = models.DateField()
    currency = models.CharField(max_length=10)
    rate = models.DecimalField(max_digits=12, decimal_places=6)
    note = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("day", "currency"), name="unique_rates_rates"
            ),
        )

    def __str__(self) -> str:
        return str(self.day)
