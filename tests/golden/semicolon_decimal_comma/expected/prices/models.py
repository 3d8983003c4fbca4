from django.db import models


class Price(models.Model):
    """One row of a CSV file with semicolons."""

    # Guess: lengths and digits leave more room than the 6 sample rows needed.
    artikel = models.CharField(max_length=50)
    preis = models.DecimalField(max_digits=12, decimal_places=2)
    menge = models.IntegerField(null=True, blank=True)
    gultig_ab = models.DateField(verbose_name="Gültig ab")
    rabatt = models.DecimalField(max_digits=12, decimal_places=2, null=True, blank=True)
    lieferbar = models.BooleanField()

    def __str__(self) -> str:
        return self.artikel
