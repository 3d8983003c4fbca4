"""An archive whose files list people and labels that may be new."""

from django.db import models


class Person(models.Model):
    """Who wrote or found a record."""

    name = models.CharField(max_length=50, unique=True)

    def __str__(self) -> str:
        return self.name


class Label(models.Model):
    """What records are about."""

    name = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.name


class Record(models.Model):
    """What is kept."""

    number = models.CharField(max_length=10, unique=True)
    author = models.ForeignKey(Person, models.CASCADE)
    finder = models.ForeignKey(
        Person, models.SET_NULL, null=True, blank=True, related_name="found"
    )
    labels = models.ManyToManyField(Label, blank=True)
    details = models.JSONField(default=dict, blank=True)
    access_token = models.CharField(max_length=20, blank=True)

    def __str__(self) -> str:
        return self.number
