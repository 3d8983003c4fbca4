from django.db import models


class Town(models.Model):
    """One row of a file of towns."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    column_1 = models.CharField(max_length=20)
    column_2 = models.IntegerField()
    column_3 = models.CharField(max_length=20)

    def __str__(self) -> str:
        return self.column_1
