"""The ledger of erased parts of events, which a restore is checked against."""

from django.db import models
from django.db.models.functions import Now


class Erasure(models.Model):
    """One part of one event that was erased; part: head, personal or details.

    transaction_id: of the erasing transaction, which is what lets the table's guard allow it.
    """

    pk = models.CompositePrimaryKey("event_id", "part")
    event_id = models.UUIDField()
    part = models.TextField()
    environment = models.SmallIntegerField()
    transaction_id = models.BigIntegerField()
    erased_by = models.TextField()
    reason = models.TextField()
    erased_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.event_id} {self.part}"
