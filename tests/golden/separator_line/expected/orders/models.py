from django.db import models


class Order(models.Model):
    """One row of a CSV file with semicolons."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    order = models.CharField(max_length=10)
    net = models.DecimalField(max_digits=12, decimal_places=2)
    country = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.order
