"""Models with natural keys, in every kind of relation that instances can have."""

from typing import Any
from uuid import uuid4

from django.db import models

from importkit.models import BaseModel


class Author(models.Model):
    """A parent with a natural key."""

    name = models.CharField(max_length=20, unique=True)
    country = models.CharField(max_length=20, default="", blank=True)
    mentor = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="pupils"
    )

    def __str__(self) -> str:
        """Name the author."""
        return self.name


class Book(models.Model):
    """A child that can do without its parent."""

    isbn = models.CharField(max_length=20, unique=True)
    title = models.CharField(max_length=20, default="", blank=True)
    author = models.ForeignKey(Author, models.CASCADE, null=True, blank=True)

    def __str__(self) -> str:
        """Name the book by its number."""
        return self.isbn


class Loan(models.Model):
    """A row whose natural key is a foreign key and a number."""

    book = models.ForeignKey(Book, models.CASCADE)
    number = models.IntegerField()
    due = models.DateField(null=True, blank=True)

    class Meta:
        """Each book is lent once with each number."""

        unique_together = (("book", "number"),)

    def __str__(self) -> str:
        """Name the loan by its number."""
        return str(self.number)


class Club(models.Model):
    """The other side of a many-to-many relation."""

    code = models.CharField(max_length=20, unique=True)
    members: "models.ManyToManyField[Any, Any]" = models.ManyToManyField(
        Author, through="Membership"
    )

    def __str__(self) -> str:
        """Name the club by its code."""
        return self.code


class Membership(models.Model):
    """A table between two others, found by both foreign keys."""

    author = models.ForeignKey(Author, models.CASCADE)
    club = models.ForeignKey(Club, models.CASCADE, to_field="code")
    since = models.IntegerField(default=2000)

    class Meta:
        """An author joins a club once."""

        constraints = (
            models.UniqueConstraint(fields=["author", "club"], name="join_once"),
        )

    def __str__(self) -> str:
        """Name both sides."""
        return f"{self.author} {self.club}"


class Biography(models.Model):
    """A row whose primary key is that of its parent."""

    author = models.OneToOneField(Author, models.CASCADE, primary_key=True)
    text = models.CharField(max_length=20, default="", blank=True)

    def __str__(self) -> str:
        """Name the author."""
        return str(self.author)


class Team(BaseModel):
    """One side of a circle, which can do without the other side."""

    name = models.CharField(max_length=20, unique=True)
    captain = models.ForeignKey(
        "Player", models.SET_NULL, null=True, blank=True, related_name="leads"
    )


class Player(models.Model):
    """The other side, which needs a team; its key is there before it is saved."""

    id = models.UUIDField(primary_key=True, default=uuid4)
    name = models.CharField(max_length=20, unique=True)
    team = models.ForeignKey(Team, models.CASCADE)

    def __str__(self) -> str:
        """Name the player."""
        return self.name


class Comrade(models.Model):
    """A row that needs another row of its table."""

    name = models.CharField(max_length=20, unique=True)
    friend = models.ForeignKey("self", models.CASCADE)

    def __str__(self) -> str:
        """Name the comrade."""
        return self.name


class Vehicle(models.Model):
    """A table that another one extends."""

    plate = models.CharField(max_length=20, unique=True)
    owner = models.ForeignKey(Author, models.CASCADE, null=True, blank=True)

    def __str__(self) -> str:
        """Name the vehicle by its plate."""
        return self.plate


class Truck(Vehicle):
    """A vehicle with a table of its own."""

    load = models.IntegerField(default=0)


class Trip(models.Model):
    """A child of a vehicle of any kind."""

    number = models.IntegerField(unique=True)
    vehicle = models.ForeignKey(Vehicle, models.CASCADE)

    def __str__(self) -> str:
        """Name the trip by its number."""
        return str(self.number)


class Shelf(models.Model):
    """A row whose primary key has two columns."""

    pk = models.CompositePrimaryKey("room", "place")
    room = models.IntegerField()
    place = models.IntegerField()
    book = models.ForeignKey(Book, models.CASCADE, null=True, blank=True)

    def __str__(self) -> str:
        """Name the shelf by its place."""
        return f"{self.room} {self.place}"


class Counter(models.Model):
    """A row of which the database sets one value."""

    code = models.CharField(max_length=20, unique=True)
    number = models.IntegerField(db_default=7)
    note = models.CharField(max_length=20, default="", blank=True)

    def __str__(self) -> str:
        """Name the counter by its code."""
        return self.code


class Answer(models.Model):
    """A row that has its place among the rows of its parent."""

    text = models.CharField(max_length=20, unique=True)
    book = models.ForeignKey(Book, models.CASCADE)

    class Meta:
        """The answers of a book are in an order."""

        order_with_respect_to = "book"

    def __str__(self) -> str:
        """Name the answer by its text."""
        return self.text


class Article(models.Model):
    """A row whose own save sets a value."""

    title = models.CharField(max_length=20, unique=True)
    slug = models.SlugField(blank=True)

    def __str__(self) -> str:
        """Name the article by its title."""
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Set the slug."""
        self.slug = self.slug or self.title.lower()
        super().save(*args, **kwargs)
