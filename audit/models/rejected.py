"""What was refused, and why?"""

from django.db import models


class Rejected(models.Model):
    """One event that was not recorded, kept for 30 days, secrets masked.

    errors: [{"pointer": "/time", "message": "…"}, …]; index: its place in the request
    """

    id = models.BigAutoField(primary_key=True)
    environment = models.SmallIntegerField()
    sender_id = models.IntegerField(null=True)
    key_id = models.IntegerField(null=True)
    received_at = models.DateTimeField()
    index = models.IntegerField()
    status = models.TextField()
    errors = models.JSONField()
    body = models.TextField()

    class Meta:
        indexes = (
            # What of this sender was refused lately, and what is old enough to go?
            models.Index(fields=("received_at",), name="audit_rejected_by_time"),
            models.Index(fields=("sender_id", "received_at"), name="audit_rejected_by_sender"),
        )

    def __str__(self) -> str:
        return f"{self.received_at}: {self.status}"
