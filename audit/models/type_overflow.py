"""The environments that sent more event types than there is room for."""

from django.db import models


class TypeOverflow(models.Model):
    """An environment with events that stand under UNREGISTERED; a row is never taken away."""

    environment = models.SmallIntegerField(primary_key=True)

    def __str__(self) -> str:
        return str(self.environment)
