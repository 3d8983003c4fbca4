"""A library whose files name authors and states as people do."""

from typing import ClassVar

from django.db import models


class State(models.IntegerChoices):
    """Whether a book may be lent."""

    NEW = 1, "New"
    LENT = 2, "Lent out"


class Author(models.Model):
    """Who writes."""

    name = models.CharField(max_length=50, unique=True)

    def __str__(self) -> str:
        return self.name


class Branch(models.Model):
    """Where books stand."""

    code = models.CharField(max_length=10)
    town = models.CharField(max_length=20)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("code", "town"), name="one_branch"),
        )

    def __str__(self) -> str:
        return self.code


class Book(models.Model):
    """What is lent."""

    BINDINGS: ClassVar = [("Paper", [("h", "Hardcover"), ("s", "Softcover")])]

    author = models.ForeignKey(Author, models.CASCADE)
    title = models.CharField(max_length=100)
    branch = models.ForeignKey(Branch, models.SET_NULL, null=True, blank=True)
    state = models.IntegerField(choices=State, default=State.NEW)
    binding = models.CharField(max_length=1, choices=BINDINGS, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("author", "title"), name="one_book"),
        )

    def __str__(self) -> str:
        return self.title
