"""Who or what else an event was done to."""

from django.db import models


class EventTarget(models.Model):
    """One target of one event, so that "what was done to Ann" is one look-up.

    Made by SQL and partitioned as events are; primary key
    `(event_id, environment, kind, target_id)`. A row is written only for targets with an id.
    """

    pk = models.CompositePrimaryKey("event_id", "environment", "kind", "target_id")
    event_id = models.UUIDField()
    environment = models.SmallIntegerField()
    target_hash = models.IntegerField()
    kind = models.TextField()
    target_id = models.TextField()

    class Meta:
        managed = False
        db_table = "audit_event_target"

    def __str__(self) -> str:
        return f"{self.kind} {self.target_id}"
