"""Resolves a read token to its user."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone

from environments.tokens import READ_PREFIX, is_well_formed, token_digest

from .models import ReadToken, User

NOTE_USE_EVERY = timedelta(minutes=1)


def resolve_read_token(token: str) -> User | None:
    """Return the active user of a live read token (`audit.contracts.ReaderResolver`)."""
    if not is_well_formed(token, READ_PREFIX):
        return None
    now = timezone.now()
    row = (
        ReadToken.objects.select_related("user")
        .filter(digest=token_digest(token), revoked_at=None, user__is_active=True)
        .filter(Q(expires_at=None) | Q(expires_at__gt=now))
        .first()
    )
    if row is None:
        return None
    if row.last_used_at is None or now - row.last_used_at > NOTE_USE_EVERY:
        ReadToken.objects.filter(pk=row.pk).update(
            last_used_at=now.replace(second=0, microsecond=0)
        )
    return row.user
