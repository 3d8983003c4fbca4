from django.db import models


class Product(models.Model):
    """One row of a CSV file, with the natural key sku."""

    # Guess: lengths and digits leave more room than the 8 sample rows needed.
    sku = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=50)
    price = models.DecimalField(max_digits=12, decimal_places=2)
    quantity = models.IntegerField()
    active = models.BooleanField()
    created = models.DateField(null=True, blank=True)

    def __str__(self) -> str:
        return self.sku
