"""What was rejected, and why."""

from django.db import models


class Rejected(models.Model):
    """One event that was not recorded, or a body that could not be read, secrets masked.

    Kept for 30 days. States (`status`): rejected (an event), unreadable (a body as a whole).
    sender: its name at the time; index: its place in the request, or null
    errors: [{"pointer": "/time", "message": "…"}, …]
    sent_as: the name of the format; body: the text as sent; is_cut: it was longer
    """

    id = models.BigAutoField(primary_key=True)
    environment = models.SmallIntegerField()
    sender_id = models.IntegerField(null=True)
    sender = models.TextField(db_default="")
    key_id = models.IntegerField(null=True)
    received_at = models.DateTimeField()
    index = models.IntegerField(null=True)
    status = models.TextField()
    sent_as = models.TextField(db_default="native")
    errors = models.JSONField()
    body = models.TextField()
    is_cut = models.BooleanField(db_default=False)

    class Meta:
        verbose_name_plural = "rejected"
        indexes = (
            # What was refused lately, and what is old enough to go?
            models.Index(fields=("received_at",), name="audit_rejected_by_time"),
            # What of this sender, or of this environment, newest first?
            models.Index(fields=("sender_id", "id"), name="audit_rejected_by_sender"),
            models.Index(fields=("environment", "id"), name="audit_rejected_by_env"),
        )

    def __str__(self) -> str:
        return f"{self.received_at}: {self.status}"
