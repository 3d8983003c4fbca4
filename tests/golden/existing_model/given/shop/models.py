"""A shop that was there before any import."""

from typing import ClassVar

from django.db import models


class Region(models.Model):
    """Where stores are."""

    name = models.CharField(max_length=20, unique=True)

    def __str__(self) -> str:
        return self.name


class Store(models.Model):
    """Where articles are sold."""

    region = models.ForeignKey(Region, models.CASCADE)
    name = models.CharField(max_length=20)
    opened = models.DateField()

    def __str__(self) -> str:
        return self.name


class Article(models.Model):
    """What is sold."""

    STATUS: ClassVar = [("new", "New"), ("used", "Second hand")]

    number = models.SlugField("article number", unique=True)
    store = models.ForeignKey(Store, models.CASCADE)
    successor = models.ForeignKey("self", models.SET_NULL, null=True, blank=True)
    owner = models.ForeignKey("auth.User", models.SET_NULL, null=True, blank=True)
    price = models.DecimalField(max_digits=8, decimal_places=2)
    status = models.CharField(max_length=4, choices=STATUS)
    web_page = models.URLField(blank=True)
    in_stock = models.PositiveIntegerField(default=0)
    batch = models.UUIDField(null=True, blank=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("store", "number"), name="once_a_store"),
        )

    def __str__(self) -> str:
        return self.number
