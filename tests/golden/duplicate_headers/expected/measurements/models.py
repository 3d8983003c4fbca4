from django.db import models


class Measurement(models.Model):
    """One row of a CSV file, with the natural key source_id."""

    # Guess: lengths and digits leave more room than the 4 sample rows needed.
    value = models.DecimalField(max_digits=12, decimal_places=3)
    value_2 = models.IntegerField()
    column_3 = models.CharField(max_length=10, blank=True)
    unit = models.CharField(max_length=10)
    class_value = models.CharField(verbose_name="class", max_length=10, blank=True)
    source_id = models.BigIntegerField(verbose_name="id", unique=True)
    unit_2 = models.CharField(max_length=10)

    def __str__(self) -> str:
        return str(self.source_id)
