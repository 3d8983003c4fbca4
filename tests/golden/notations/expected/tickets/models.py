from django.db import models


class Ticket(models.Model):
    """One row of a CSV file."""

    # Guess: lengths and digits leave more room than the 4 sample rows needed.
    ticket = models.UUIDField()
    account = models.IntegerField()
    contact = models.EmailField(blank=True)
    page = models.URLField(blank=True)
    host = models.GenericIPAddressField(null=True, blank=True)
    details = models.JSONField(null=True, blank=True)
    paid = models.DecimalField(max_digits=12, decimal_places=2, help_text="In $.")
    share = models.DecimalField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        help_text="In percent: 12 is 12%.",
    )
    change = models.DecimalField(max_digits=12, decimal_places=2)
    booked = models.DateField()
    due = models.DateField(null=True, blank=True)
    opening_date = models.DateField(null=True, blank=True)
    unix_time = models.DateTimeField(null=True, blank=True)
    stay = models.DurationField(null=True, blank=True)
    doors = models.TimeField(null=True, blank=True)
    article = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.article
