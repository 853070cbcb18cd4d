"""The outcomes of an event."""

from django.db import models


class Outcome(models.Model):
    """Success, failure (it was tried and broke) or denied (it was not allowed)."""

    id = models.SmallIntegerField(primary_key=True)
    code = models.TextField(unique=True)

    def __str__(self) -> str:
        return self.code
