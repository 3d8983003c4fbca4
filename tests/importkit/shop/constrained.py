"""Models whose tables have each kind of constraint that Django can declare."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower

from tests.importkit.shop.fields import Shouting


class Seat(models.Model):
    """A row that several columns identify."""

    pk = models.CompositePrimaryKey("hall", "number")
    hall = models.CharField(max_length=10)
    number = models.IntegerField()
    guest = models.CharField(max_length=10, default="nobody")

    def __str__(self) -> str:
        """Name the seat by its key."""
        return f"{self.hall} {self.number}"


class Labelled(models.Model):
    """A row whose codes must differ in more than upper and lower case."""

    code = models.CharField(max_length=10, unique=True)
    plain = models.GeneratedField(
        expression=Lower("code"),
        output_field=models.CharField(max_length=10),
        db_persist=True,
    )
    number = models.IntegerField(default=0)

    class Meta:
        """Unique as computed."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["plain"], name="labelled_plain")
        ]

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Weighing(models.Model):
    """A row with a number of more digits than a float has."""

    code = models.CharField(max_length=10, unique=True)
    mass = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    double = models.GeneratedField(
        expression=models.F("mass") * 2,
        output_field=models.DecimalField(max_digits=21, decimal_places=2),
        db_persist=True,
    )

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Position(models.Model):
    """A row of a list whose places are unique, in each way in which a place can be."""

    code = models.CharField(max_length=10, unique=True)
    place = models.IntegerField(unique=True)
    label = models.CharField(max_length=1, unique=True, null=True, blank=True)
    day = models.DateField(unique=True, null=True, blank=True)
    price = models.DecimalField(
        max_digits=6, decimal_places=2, unique=True, null=True, blank=True
    )

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Strict(models.Model):
    """A row with a constraint of each kind that all databases have."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=10, default="", blank=True)
    group = models.CharField(max_length=10, null=True, blank=True)  # noqa: DJ001  nulls
    number = models.IntegerField(null=True, blank=True)
    low = models.IntegerField(default=0)
    state = models.CharField(max_length=10, default="open")
    double = models.GeneratedField(
        expression=models.F("low") * 2,
        output_field=models.IntegerField(),
        db_persist=True,
    )

    class Meta:
        """Partial, computed and plain."""

        unique_together: ClassVar[list[tuple[str, ...]]] = [("group", "number")]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["number"], condition=models.Q(state="open"), name="strict_open"
            ),
            models.UniqueConstraint(
                Lower("name"),
                condition=~models.Q(name=""),
                name="strict_name",
            ),
            models.CheckConstraint(
                condition=~models.Q(name__startswith="x"), name="strict_x"
            ),
            models.CheckConstraint(
                condition=models.Q(double__lt=100), name="strict_double"
            ),
        ]

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Nulls(models.Model):
    """A row in which nulls are equal, where the database can say so."""

    code = models.CharField(max_length=10, unique=True)
    a = models.IntegerField(null=True, blank=True)
    b = models.IntegerField(null=True, blank=True)

    class Meta:
        """One row without both."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["a", "b"], nulls_distinct=False, name="nulls_equal"
            ),
        ]

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Deferred(models.Model):
    """A row whose place is unique at the end of a transaction, where that exists."""

    code = models.CharField(max_length=10, unique=True)
    place = models.IntegerField(default=0)

    class Meta:
        """Checked at the end."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["place"],
                deferrable=models.Deferrable.DEFERRED,
                name="deferred_place",
            ),
        ]

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Loose(models.Model):
    """A row whose key is one, in capitals or not."""

    code = models.CharField(max_length=10, unique=True)
    number = models.IntegerField(default=0)

    class Meta:
        """Created by a test, with what Django does not know."""

        managed = False

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Shout(models.Model):
    """A row whose key is written in capitals."""

    code = Shouting(max_length=10, unique=True)
    number = models.IntegerField(default=0)

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code


class Venue(models.Model):
    """A table that others extend, with what is unique."""

    code = models.CharField(max_length=10, unique=True)
    phone = models.CharField(max_length=10, unique=True, null=True, blank=True)

    def __str__(self) -> str:
        """Name the place by its code."""
        return self.code


class Bar(Venue):
    """A table of its own, one to one with venues."""

    stools = models.IntegerField(default=0)


class Nickname(models.Model):
    """A row whose unique name has a default, which only one row can have."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=10, unique=True, default="nobody")

    def __str__(self) -> str:
        """Name the row by its code."""
        return self.code
