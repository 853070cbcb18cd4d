"""The receipt of one request: the events that it recorded."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class Submission(models.Model):
    """One request that recorded at least one event, and its receipt.

    event_ids, leaf_hashes: of the events recorded, in ordinal order; hashes are 32 bytes each.
    States: pending (a row of `Pending`), positioned (a row of `Position`).
    """

    id = models.BigAutoField(primary_key=True)
    environment = models.SmallIntegerField()
    sender_id = models.IntegerField(null=True)
    key_id = models.IntegerField(null=True)
    received_at = models.DateTimeField()
    event_ids = ArrayField(models.UUIDField())
    leaf_hashes = ArrayField(models.BinaryField())

    def __str__(self) -> str:
        return str(self.id)
