"""Which request was already answered under this Idempotency-Key, and how?"""

from django.db import models


class Idempotency(models.Model):
    """One request of a sender under a key of its own, kept for 24 hours.

    States: in flight (status null), answered (status and answer given).
    """

    pk = models.CompositePrimaryKey("sender_id", "key")
    sender_id = models.IntegerField()
    key = models.TextField()
    body_hash = models.BinaryField()
    status = models.SmallIntegerField(null=True)
    answer = models.BinaryField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("created_at",), name="audit_idempotency_by_time"),)

    def __str__(self) -> str:
        return self.key
