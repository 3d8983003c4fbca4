"""Models that keep each other from being deleted, or hide what was deleted."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from importkit.models import BaseModel


class Poet(models.Model):
    """A parent that its poems protect."""

    name = models.CharField(max_length=20, unique=True)
    teacher = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    def __str__(self) -> str:
        """Name the poet."""
        return self.name


class Poem(models.Model):
    """A child that protects its poet."""

    isbn = models.CharField(max_length=20, unique=True)
    poet = models.ForeignKey(Poet, models.PROTECT)
    sequel_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)

    def __str__(self) -> str:
        """Name the poem by its number."""
        return self.isbn


class Print(models.Model):
    """A child that its poem may not lose, unless both go."""

    code = models.CharField(max_length=20, unique=True)
    poem = models.ForeignKey(Poem, models.RESTRICT)

    def __str__(self) -> str:
        """Name the print by its code."""
        return self.code


class Lending(BaseModel):
    """A row of another model, which goes with its print."""

    print = models.ForeignKey(Print, models.CASCADE)


class Rack(BaseModel):
    """A row that only the database keeps in step."""

    print = models.ForeignKey(Print, models.DB_SET_NULL, null=True, blank=True)


class Mark(BaseModel):
    """A row that nobody keeps in step."""

    print = models.ForeignKey(Print, models.DO_NOTHING)


class Living(models.Manager[Any]):
    """Hide what is marked as deleted."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows that are not deleted."""
        return super().get_queryset().filter(is_deleted=False)


class Supplier(models.Model):
    """A supplier of items, whose default manager hides rows."""

    name = models.CharField(max_length=20, unique=True)
    is_deleted = models.BooleanField(default=False)

    objects: ClassVar[models.Manager[Any]] = models.Manager()
    living: ClassVar[Living] = Living()

    class Meta:
        """The other manager is for tests."""

        default_manager_name = "living"

    def __str__(self) -> str:
        """Name the supplier."""
        return self.name


class Item(models.Model):
    """A row that is marked, not deleted; its code is unique among live rows."""

    code = models.CharField(max_length=20)
    barcode = models.IntegerField(null=True, blank=True, unique=True)
    amount = models.IntegerField(default=0)
    deleted_at = models.DateField(null=True, blank=True)
    supplier = models.ForeignKey(Supplier, models.CASCADE, null=True, blank=True)
    part_of = models.ForeignKey("self", models.CASCADE, null=True, blank=True)

    class Meta:
        """A code may come again once its row is deleted."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(deleted_at=None), name="item_code"
            ),
        ]

    def __str__(self) -> str:
        """Name the item by its code."""
        return self.code
