"""The exports asked for, as a stream or made in the background."""

import uuid

from django.conf import settings
from django.db import models

WAITING, RUNNING, DONE, FAILED, CANCELLED = "waiting", "running", "done", "failed", "cancelled"
INTERRUPTED = "interrupted"
STATES = (WAITING, RUNNING, DONE, FAILED, CANCELLED, INTERRUPTED)
UNFINISHED = (WAITING, RUNNING)
FINISHED = (DONE, FAILED, CANCELLED, INTERRUPTED)


class Export(models.Model):
    """One export: made in the background, with a file, or streamed to whoever asked.

    States in the background: waiting → running → done, with failed (`error` says why) and
        cancelled on the way. running stays when the process that makes it dies: the next one goes
        on at `last_id`
    States of a stream: running → done, or interrupted where it wasn't read to its end
    query: the search, with the scope as it was when asked; said: its filters as they were given
    expected_rows: how many match, where that was known when asked
    rows, bytes, last_id: how far the file on disk is good; at the end its whole size. Of a stream
        they are known at its end
    sha256: of all its bytes, once done
    has_end_line, has_bom: what the file has besides the events
    evidence_of: the environments, by their keys, whose salts or proofs are in it
    attempts: how often a process began with it
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    is_streamed = models.BooleanField(default=False)
    format = models.TextField()
    has_end_line = models.BooleanField(default=False)
    has_bom = models.BooleanField(default=False)
    evidence_of = models.JSONField(default=list)
    query = models.JSONField()
    said = models.TextField()
    state = models.TextField(default=WAITING)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    expected_rows = models.BigIntegerField(null=True)
    rows = models.BigIntegerField(default=0)
    bytes = models.BigIntegerField(default=0)
    last_id = models.UUIDField(null=True)
    sha256 = models.TextField(default="")
    error = models.TextField(default="")
    attempts = models.IntegerField(default=0)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=STATES), name="audit_export_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=UNFINISHED, finished_at__isnull=True)
                | models.Q(state__in=FINISHED, finished_at__isnull=False),
                name="audit_export_is_finished_at_a_time",
            ),
        )
        indexes = (
            # What has a person asked for, newest first?
            models.Index(fields=("owner", "-asked_at"), name="audit_export_by_owner"),
        )

    def __str__(self) -> str:
        return f"{self.format} of {self.asked_at:%Y-%m-%d %H:%M}: {self.state}"
