"""The services that send."""

from django.db import models
from django.db.models.functions import Now

from .environment import Environment


class Sender(models.Model):
    """A named service of one environment. Rotation changes its key, never the sender."""

    environment = models.ForeignKey(Environment, on_delete=models.PROTECT, related_name="senders")
    name = models.CharField(max_length=100)
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("environment", "name"), name="sender_is_named_once_in_an_environment"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.environment})"
