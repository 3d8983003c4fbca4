from django.db import models


class Customer(models.Model):
    """One row of a CSV file, with the natural key e_mail."""

    # Guess: lengths and digits leave more room than the 4 sample rows needed.
    e_mail = models.EmailField(unique=True)
    full_name = models.CharField(max_length=20)
    signed_up = models.DateTimeField()
    last_seen = models.TimeField(null=True, blank=True)
    newsletter = models.BooleanField()
    access_token = models.CharField(max_length=10, blank=True)

    def __str__(self) -> str:
        return self.e_mail
