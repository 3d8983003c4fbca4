from django.db import models


class Reading(models.Model):
    """One row of a CSV file with tabs without a header."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    column_1 = models.IntegerField()
    column_2 = models.TimeField()
    column_3 = models.FloatField()
    column_4 = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.column_4
