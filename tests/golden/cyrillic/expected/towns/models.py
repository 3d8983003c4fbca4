from django.db import models


class Town(models.Model):
    """One row of a CSV file with semicolons in cp1251."""

    # Guess: lengths and digits leave more room than the 3 sample rows needed.
    gorod = models.CharField(verbose_name="Город", max_length=20)
    naselenie = models.IntegerField(verbose_name="Население")
    oblast = models.CharField(verbose_name="Область", max_length=20)

    def __str__(self) -> str:
        return self.gorod
