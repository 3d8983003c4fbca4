from django.db import models


class Quote(models.Model):
    """One row of a CSV file, with the natural key source_id."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    source_id = models.BigIntegerField(verbose_name="id", unique=True)
    quote = models.CharField(max_length=50)
    by = models.CharField(max_length=10)

    def __str__(self) -> str:
        return str(self.source_id)
