from django.db import models


class City(models.Model):
    """One row of a CSV file with semicolons in cp1252.

    It has the natural key code_postal.
    """

    # Guess: lengths and digits leave more room than the 5 sample rows needed.
    ville = models.CharField(max_length=50)
    region = models.CharField(verbose_name="Région", max_length=50)
    code_postal = models.CharField(max_length=10, unique=True)
    population = models.IntegerField()
    densite = models.DecimalField(
        verbose_name="Densité", max_digits=12, decimal_places=2
    )

    class Meta:
        verbose_name_plural = "cities"

    def __str__(self) -> str:
        return self.code_postal
