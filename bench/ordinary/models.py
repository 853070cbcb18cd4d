"""One row an event, every member a column."""

import uuid

from django.db import models

FACETS = ("environment", "workspace_id", "actor_id", "application_id", "event_type", "outcome")


class OrdinaryEvent(models.Model):
    """An event as an ordinary project keeps it."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    submitted_id = models.CharField(max_length=128)
    time = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    environment = models.CharField(max_length=32)
    event_type = models.CharField(max_length=128)
    outcome = models.CharField(max_length=16)
    workspace_id = models.CharField(max_length=256)
    workspace_name = models.CharField(max_length=1000, blank=True)
    actor_id = models.CharField(max_length=256)
    actor_name = models.CharField(max_length=1000, blank=True)
    actor_email = models.CharField(max_length=1000, blank=True)
    actor_type = models.CharField(max_length=16, blank=True)
    application_id = models.CharField(max_length=256)
    application_gid = models.CharField(max_length=256, blank=True)
    application_name = models.CharField(max_length=1000, blank=True)
    resource_type = models.CharField(max_length=256, blank=True)
    resource_id = models.CharField(max_length=256, blank=True)
    resource_name = models.CharField(max_length=1000, blank=True)
    targets = models.JSONField(default=list)
    ip = models.GenericIPAddressField(null=True)
    user_agent = models.TextField(blank=True)
    client_hints = models.JSONField(default=dict)
    session = models.CharField(max_length=256, blank=True)
    request_id = models.CharField(max_length=256, blank=True)
    trace = models.CharField(max_length=256, blank=True)
    changes = models.JSONField(default=list)
    source = models.CharField(max_length=256, blank=True)
    sequence = models.BigIntegerField(null=True)
    details = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["time"]),
            *[models.Index(fields=[facet, "time"]) for facet in FACETS],
        ]

    def __str__(self) -> str:
        return str(self.public_id)
