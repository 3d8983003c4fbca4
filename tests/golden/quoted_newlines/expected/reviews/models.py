from django.db import models


class Opinion(models.Model):
    """One row of a CSV file, with the natural key review_id."""

    # Guess: lengths and digits leave more room than the 4 sample rows needed.
    review_id = models.BigIntegerField(unique=True)
    text = models.CharField(max_length=100, blank=True)
    stars = models.IntegerField()
    written = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.review_id)
