"""Models in every kind of relation to each other."""

from typing import Any, ClassVar
from uuid import uuid4

from django.db import models

from importkit.models import BaseModel
from tests.importkit.shop.constrained import (
    Bar,
    Deferred,
    Labelled,
    Loose,
    Nickname,
    Nulls,
    Position,
    Seat,
    Shout,
    Strict,
    Venue,
    Weighing,
)
from tests.importkit.shop.demands import Bid, Demanding, Offer
from tests.importkit.shop.fields import (
    City,
    Country,
    Everything,
    Parcel,
    Slogan,
    Street,
    Voucher,
)
from tests.importkit.shop.library import (
    Item,
    Lending,
    Mark,
    Poem,
    Poet,
    Print,
    Rack,
    Supplier,
)
from tests.importkit.shop.parts import Parts
from tests.importkit.shop.relations import (
    Answer,
    Article,
    Author,
    Biography,
    Book,
    Club,
    Comrade,
    Counter,
    Loan,
    Membership,
    Player,
    Shelf,
    Team,
    Trip,
    Truck,
    Vehicle,
)

__all__ = [
    "Answer",
    "Article",
    "Author",
    "Bar",
    "Bid",
    "Biography",
    "Book",
    "City",
    "Club",
    "Comrade",
    "Counter",
    "Country",
    "Deferred",
    "Demanding",
    "Everything",
    "Item",
    "Labelled",
    "Lending",
    "Loan",
    "Loose",
    "Mark",
    "Membership",
    "Nickname",
    "Nulls",
    "Offer",
    "Parcel",
    "Parts",
    "Player",
    "Poem",
    "Poet",
    "Position",
    "Print",
    "Rack",
    "Seat",
    "Shelf",
    "Shout",
    "Slogan",
    "Street",
    "Strict",
    "Supplier",
    "Team",
    "Ticket",
    "Trip",
    "Truck",
    "Vehicle",
    "Venue",
    "Voucher",
    "Weighing",
]


class Store(BaseModel):
    """A parent."""

    name = models.CharField(max_length=50)


class Product(models.Model):
    """A child, with a many-to-many relation."""

    sku = models.CharField(max_length=20, unique=True)
    price = models.DecimalField(max_digits=8, decimal_places=2, default=0)
    tags = models.JSONField(default=list)
    store = models.ForeignKey(
        Store, models.CASCADE, null=True, blank=True, related_name="products"
    )
    labels: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        "Label", through="Labelling"
    )

    def __str__(self) -> str:
        """Name the product by its number."""
        return self.sku


class CheapProduct(Product):
    """A product under another class, in the same table."""

    class Meta:
        """No table of its own."""

        proxy = True


class Label(models.Model):
    """The other side of the many-to-many relation."""

    name = models.CharField(max_length=20)

    def __str__(self) -> str:
        """Name the label."""
        return self.name


class Labelling(models.Model):
    """The table between products and labels."""

    product = models.ForeignKey(Product, models.CASCADE)
    label = models.ForeignKey(Label, models.CASCADE)

    def __str__(self) -> str:
        """Name both sides."""
        return f"{self.product} {self.label}"


class Review(BaseModel):
    """A child of a proxy, two steps below a store; the database itself cascades."""

    product = models.ForeignKey(CheapProduct, models.DB_CASCADE)


class Category(BaseModel):
    """A tree."""

    name = models.CharField(max_length=20)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)


class Link(BaseModel):
    """A chain whose rows all need another one."""

    before = models.ForeignKey("self", models.CASCADE)


class Employee(BaseModel):
    """One half of a cycle, which needs the other half."""

    department = models.ForeignKey("Department", models.CASCADE)


class Department(BaseModel):
    """The other half, which can do without."""

    head = models.ForeignKey(
        Employee, models.SET_NULL, null=True, blank=True, related_name="heads"
    )


class Badge(BaseModel):
    """A row that hangs on the cycle with a key that may be null."""

    employee = models.ForeignKey(Employee, models.CASCADE, null=True, blank=True)


class Chicken(BaseModel):
    """One half of a cycle that nobody can start."""

    egg = models.ForeignKey("Egg", models.CASCADE)


class Egg(BaseModel):
    """The other half."""

    chicken = models.OneToOneField(Chicken, models.CASCADE)


class Place(models.Model):
    """A table that others extend."""

    name = models.CharField(max_length=20)

    def __str__(self) -> str:
        """Name the place."""
        return self.name


class Restaurant(Place):
    """A table of its own, one to one with places."""

    stars = models.IntegerField(default=0)


class Cinema(Place):
    """A sibling of the restaurant."""

    seats = models.IntegerField(default=0)


class Visit(BaseModel):
    """A child of places of any kind."""

    place = models.ForeignKey(Place, models.CASCADE)


class Ticket(models.Model):
    """A row that has its key before it is saved."""

    id = models.UUIDField(primary_key=True, default=uuid4)

    def __str__(self) -> str:
        """Name the ticket by its key."""
        return str(self.pk)


class Fresh(models.Manager[Any]):
    """Hide what is old."""

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows that are not old."""
        return super().get_queryset().filter(old=False)


class Note(models.Model):
    """A model whose default manager hides rows."""

    old = models.BooleanField(default=False)
    objects: ClassVar[Fresh] = Fresh()

    def __str__(self) -> str:
        """Name the note by its key."""
        return str(self.pk)


class Node(BaseModel):
    """A tree whose rows have a natural key."""

    name = models.CharField(max_length=20, unique=True)
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True)


class Guarded(models.Model):
    """A row that keeps a product from being deleted."""

    product = models.ForeignKey(Product, models.PROTECT)

    def __str__(self) -> str:
        """Name the row by its key."""
        return str(self.pk)
