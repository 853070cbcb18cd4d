"""Ingest keys, as digests: what a sender presents."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models.functions import Now

from .sender import Sender


class IngestKeyQuerySet(models.QuerySet["IngestKey"]):
    def live(self, now: datetime) -> IngestKeyQuerySet:
        """Neither revoked nor expired."""
        return self.filter(revoked_at=None).exclude(expires_at__lte=now)


class IngestKey(models.Model):
    """A key of a sender, stored as its SHA-256 alone.

    States: live; expired (`expires_at` is past); revoked (`revoked_at` is set, for good)
    hint: how people recognise it; workspace: the only one it may write to, or null
    last_used_at: to the minute
    """

    sender = models.ForeignKey(Sender, on_delete=models.PROTECT, related_name="keys")
    digest = models.BinaryField(unique=True, editable=False)
    hint = models.CharField(max_length=20, editable=False)
    workspace = models.CharField(max_length=256, null=True, blank=True)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)
    last_used_at = models.DateTimeField(null=True, editable=False)
    last_used_from = models.CharField(max_length=64, null=True, editable=False)

    objects = IngestKeyQuerySet.as_manager()

    def __str__(self) -> str:
        return self.hint

    def is_live(self, now: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)
