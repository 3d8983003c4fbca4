"""Models that demand more of their rows than types."""

from decimal import Decimal
from typing import ClassVar

from django.core import validators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q


def even(value: int) -> None:
    """Refuse odd numbers, in words that name the number."""
    if value % 2:
        raise ValidationError("%(value)s is odd", params={"value": value})


class Demanding(models.Model):
    """A row with a field for each thing that a field can demand."""

    code = models.CharField(max_length=8, validators=[validators.MinLengthValidator(2)])
    words = models.TextField(max_length=5)
    slug = models.SlugField(blank=True)
    free = models.SlugField(allow_unicode=True, blank=True)
    mail = models.EmailField(blank=True)
    url = models.URLField(blank=True)
    ip = models.GenericIPAddressField(protocol="IPv4", null=True, blank=True)
    size = models.CharField(
        max_length=20, choices={"s": "Small", "l": "Large"}, default="s"
    )
    level = models.IntegerField(
        choices=[("Low", [(1, "1"), (2, "2")]), (9, "9")], null=True, blank=True
    )
    hidden = models.IntegerField(
        choices={1: "One"}, editable=False, null=True, default=1
    )
    must = models.IntegerField(null=True, default=1)
    small = models.PositiveSmallIntegerField(default=0)
    even = models.IntegerField(
        validators=[even, validators.MaxValueValidator(lambda: 100)], default=0
    )
    step = models.IntegerField(validators=[validators.StepValueValidator(5)], default=5)
    price = models.DecimalField(
        max_digits=6,
        decimal_places=2,
        validators=[
            validators.MinValueValidator(Decimal("0.01")),
            validators.MaxValueValidator(999.9),
        ],
        default=1,
    )
    share = models.FloatField(validators=[validators.MaxValueValidator(1)], default=0)
    plate = models.CharField(
        max_length=20,
        blank=True,
        validators=[validators.RegexValidator(r"^[A-Z]{1,3}(?!X) \d+$")],
    )
    names = models.CharField(
        max_length=20,
        blank=True,
        validators=[validators.validate_comma_separated_integer_list],
    )
    data = models.JSONField(default=dict)
    raw = models.BinaryField(max_length=3, blank=True, editable=True)
    token = models.UUIDField(null=True, blank=True)

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Offer(models.Model):
    """A row whose table has constraints of every kind."""

    number = models.CharField(max_length=10, unique=True)
    shop = models.CharField(max_length=10, default="s")
    place = models.IntegerField(null=True, blank=True)
    low = models.IntegerField(null=True, blank=True)
    high = models.IntegerField(null=True, blank=True)
    kind = models.CharField(max_length=10, default="plain")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)

    class Meta:
        """What polars can look at, and what only the database can."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["shop", "place"], name="offer_place"),
            models.UniqueConstraint(
                fields=["high"], condition=Q(kind="only"), name="offer_only"
            ),
            models.CheckConstraint(
                condition=Q(high__gte=F("low")) | Q(kind="turned"),
                name="offer_high",
                violation_error_message="high is below low",
            ),
            models.CheckConstraint(
                condition=~Q(low=13) & ~Q(kind__in=["bad", "worse"]), name="offer_low"
            ),
            models.CheckConstraint(
                condition=~Q(shop__startswith="x"), name="offer_shop"
            ),
        ]

    def __str__(self) -> str:
        """Name the offer by its number."""
        return self.number


class Bid(models.Model):
    """A row that refers to offers of one kind."""

    offer = models.ForeignKey(
        Offer, models.CASCADE, limit_choices_to={"kind": "plain"}, null=True, blank=True
    )
    amount = models.IntegerField(default=1)

    def __str__(self) -> str:
        """Name the bid by its amount."""
        return str(self.amount)
