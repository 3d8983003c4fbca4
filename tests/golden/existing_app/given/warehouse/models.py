"""What is where."""

from django.db import models


class Shelf(models.Model):
    """A place to put things."""

    code = models.CharField(max_length=10)

    def __str__(self) -> str:
        return self.code
