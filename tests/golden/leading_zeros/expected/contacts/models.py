from django.db import models


class Contact(models.Model):
    """One row of a CSV file, with the natural key customer_no."""

    # Guess: lengths and digits leave more room than the 4 sample rows needed.
    customer_no = models.CharField(max_length=20, unique=True)
    phone = models.CharField(max_length=50, blank=True)
    zip = models.CharField(max_length=10)
    account = models.CharField(max_length=10)
    visits = models.IntegerField()

    def __str__(self) -> str:
        return self.customer_no
