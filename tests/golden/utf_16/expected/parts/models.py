from django.db import models


class Part(models.Model):
    """One row of a CSV file with tabs in utf-16."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    part = models.CharField(max_length=10)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    maker = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.part
