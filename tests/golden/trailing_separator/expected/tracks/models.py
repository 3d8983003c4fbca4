from django.db import models


class Track(models.Model):
    """One row of a CSV file with semicolons."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    time = models.DecimalField(max_digits=12, decimal_places=2)
    x = models.DecimalField(max_digits=12, decimal_places=2)
    y = models.DecimalField(max_digits=12, decimal_places=2)
    column_4 = models.CharField(max_length=255, blank=True)

    def __str__(self) -> str:
        return self.column_4
