"""The requests answered under an Idempotency-Key, and their answers."""

from django.db import models


class Idempotency(models.Model):
    """One request of a sender under a key of its own, and its answer, kept for 24 hours.

    It is stored in the transaction that records the events, so a request that crashed has left
    nothing. While one is in flight an advisory lock says so.
    key: SHA-256 of the Idempotency-Key, in hexadecimal digits, as a client may put a token there
    body_hash: SHA-256 of format and unpacked body; answer: JSON, compressed by zlib
    """

    pk = models.CompositePrimaryKey("sender_id", "key")
    sender_id = models.IntegerField()
    key = models.TextField()
    body_hash = models.BinaryField()
    status = models.SmallIntegerField()
    answer = models.BinaryField()
    created_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("created_at",), name="audit_idempotency_by_time"),)

    def __str__(self) -> str:
        return self.key
