from django.db import models


class Visit(models.Model):
    """One row of a CSV file."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    day = models.DateField()
    visitors = models.IntegerField()
    note_if_any = models.CharField(max_length=50, blank=True)

    def __str__(self) -> str:
        return self.note_if_any
