"""The events made of ids that came without a time."""

from django.db import models


class TimelessId(models.Model):
    """The event id that a sender's id without a time was given; hash: 16 bytes of an HMAC."""

    hash = models.BinaryField(primary_key=True)
    event_id = models.UUIDField()

    def __str__(self) -> str:
        return str(self.event_id)
