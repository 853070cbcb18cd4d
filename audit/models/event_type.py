"""Which event types have been seen, and under what small number?"""

from django.db import models
from django.db.models.functions import Now

MAX_EVENT_TYPES = 1_000
UNREGISTERED = "(unregistered)"


class EventType(models.Model):
    """An event type. The first event of an unknown type registers it, up to MAX_EVENT_TYPES;
    beyond that, events are recorded under UNREGISTERED and keep their own word in `head`.
    """

    id = models.SmallAutoField(primary_key=True)
    code = models.TextField(unique=True)
    first_seen = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.code
