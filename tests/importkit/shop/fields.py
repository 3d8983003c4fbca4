"""Models with every kind of field, and with keys of several fields."""

from typing import TYPE_CHECKING, Any, ClassVar
from uuid import uuid4

from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    Text = models.CharField[str, str]
else:
    Text = models.CharField


def made() -> str:
    """Return a default that is computed for each row."""
    return "made"


class Everything(models.Model):
    """A row with a field of every kind."""

    code = models.CharField(max_length=20, unique=True)
    char = models.CharField(max_length=60, null=True, blank=True)  # noqa: DJ001  null against ""
    words = models.TextField(blank=True)
    slug = models.SlugField(blank=True)
    url = models.URLField(blank=True)
    ip = models.GenericIPAddressField(null=True, blank=True)
    size = models.CharField(
        max_length=20, choices={"s": "Small", "l": "Large"}, default="s"
    )
    decimal = models.DecimalField(
        max_digits=12, decimal_places=3, null=True, blank=True
    )
    whole = models.IntegerField(db_column="Whole number", null=True, blank=True)
    small = models.SmallIntegerField(null=True, blank=True)
    big = models.BigIntegerField(null=True, blank=True)
    positive = models.PositiveIntegerField(default=3)
    real = models.FloatField(null=True, blank=True)
    flag = models.BooleanField(default=True)
    maybe = models.BooleanField(null=True, blank=True)
    day = models.DateField(null=True, blank=True)
    moment = models.DateTimeField(null=True, blank=True)
    time = models.TimeField(null=True, blank=True)
    lasting = models.DurationField(null=True, blank=True)
    token = models.UUIDField(null=True, blank=True)
    data = models.JSONField(null=True, blank=True)
    raw = models.BinaryField(null=True, blank=True)
    made = models.CharField(max_length=10, default=made, blank=True)
    from_database = models.IntegerField(db_default=7)
    next_small = models.GeneratedField(
        expression=models.F("small") + 1,
        output_field=models.BigIntegerField(null=True, blank=True),
        db_persist=True,
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Country(models.Model):
    """A parent with a natural key."""

    code = models.CharField(max_length=2, unique=True)

    def __str__(self) -> str:
        """Name the country by its code."""
        return self.code


class City(models.Model):
    """A parent with a natural key of two fields, one of them a foreign key."""

    name = models.CharField(max_length=20)
    region = models.IntegerField(default=0)
    country = models.ForeignKey(Country, models.CASCADE, null=True, blank=True)

    class Meta:
        """Cities of a name are told apart by their region."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["name", "region"], name="one_city")
        ]

    def __str__(self) -> str:
        """Name the city."""
        return self.name


class Street(models.Model):
    """A child of a city."""

    name = models.CharField(max_length=20, unique=True)
    city = models.ForeignKey(City, models.CASCADE, null=True, blank=True)

    def __str__(self) -> str:
        """Name the street."""
        return self.name


class Voucher(models.Model):
    """A row with defaults that functions make: two of them anew for each row."""

    code = models.CharField(max_length=20, unique=True)
    token = models.UUIDField(default=uuid4)
    opened = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, default=made)
    notes = models.JSONField(default=list)

    def __str__(self) -> str:
        """Name the voucher by its code."""
        return self.code


class Shouting(Text):
    """A text that is written in capitals."""

    def get_prep_value(self, value: Any) -> Any:
        """Write in capitals."""
        return value and value.upper()


class Stamped(Text):
    """A text that a save replaces."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        """Say that it was saved."""
        return "saved"


class Slogan(models.Model):
    """A row that is written in capitals."""

    code = models.CharField(max_length=20, unique=True)
    text = Shouting(max_length=20)

    def __str__(self) -> str:
        """Name the slogan by its code."""
        return self.code


class Parcel(models.Model):
    """A row with a stamp."""

    code = models.CharField(max_length=20, unique=True)
    stamp = Stamped(max_length=20, default="")
    seal = Stamped(max_length=20, editable=False)

    def __str__(self) -> str:
        """Name the parcel by its code."""
        return self.code
