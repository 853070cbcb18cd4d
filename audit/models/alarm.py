"""What was found wrong with the log, and by whom it was looked into."""

from django.db import models
from django.db.models import Q


class Alarm(models.Model):
    """kind: a code, such as `broken-log`; environment: its number, or None for the installation.

    States: raised (cleared_at is null), cleared. Those about a log's content are cleared by a
    person alone; what heals by itself, such as a key that is back, by whoever raised it.
    """

    id = models.BigAutoField(primary_key=True)
    environment = models.SmallIntegerField(null=True)
    kind = models.TextField()
    message = models.TextField()
    raised_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.TextField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "environment", "message"),
                condition=Q(cleared_at=None),
                nulls_distinct=False,
                name="audit_alarm_is_raised_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"
