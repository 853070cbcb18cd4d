"""The time until which a sender has used up its rate."""

from django.db import models


class Rate(models.Model):
    """One bucket of the rate limits: a key's requests or bytes, an address's failures.

    due: when all that was let in would have been sent at the steady rate. Ahead of now by a
    minute, the bucket is empty; in the past, it is full. The table is UNLOGGED: after a crash of
    the server all buckets are full, and nothing else is lost.
    """

    name = models.TextField(primary_key=True)
    due = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
