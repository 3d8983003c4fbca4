"""What is imported."""

from django.db import models


class Price(models.Model):
    """The price of an article."""

    sku = models.CharField(max_length=50, unique=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self) -> str:
        """Return the article."""
        return self.sku


class Label(models.Model):
    """A row without a key."""

    sku = models.CharField(max_length=50)

    def __str__(self) -> str:
        """Return the text."""
        return self.sku
