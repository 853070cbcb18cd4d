"""The event types seen, each under a small number."""

from django.db import models
from django.db.models.functions import Now

# Of each environment, beside those of the catalogue.
MAX_EVENT_TYPES = 1_000
# Of all of them: a small integer ends at 32,767.
MAX_NUMBER = 32_000
UNREGISTERED = "(unregistered)"


class EventType(models.Model):
    """An event type. The first event of an unknown type registers it, up to MAX_EVENT_TYPES of an
    environment; beyond that, events are recorded under UNREGISTERED and keep their own word in
    `head`.

    id: the next after the highest; never drawn from a sequence
    environment: the number of the one that registered it; null for a type of the catalogue
    is_elsewhere: events of this type may also stand under UNREGISTERED, from before it was here
    """

    id = models.SmallAutoField(primary_key=True)
    code = models.TextField(unique=True)
    environment = models.SmallIntegerField(null=True)
    is_elsewhere = models.BooleanField(default=False, db_default=False)
    first_seen = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = (
            # How many has an environment registered?
            models.Index(fields=("environment",), name="eventtype_by_environment"),
        )

    def __str__(self) -> str:
        return self.code
