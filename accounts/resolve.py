"""Resolves a read token to its user."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from environments.tokens import READ_PREFIX, is_well_formed, token_digest

from .models import ReadToken, User

NOTE_USE_EVERY = timedelta(minutes=1)
# Every request of a reader asks it, and to make SQL of a queryset takes longer than to run it.
_HOLDER = """
SELECT u.*, t.id AS token_id, t.last_used_at AS token_last_used_at
FROM accounts_readtoken t JOIN accounts_user u ON u.id = t.user_id
WHERE t.digest = %s AND t.revoked_at IS NULL AND u.is_active
    AND (t.expires_at IS NULL OR t.expires_at > %s)
"""


def resolve_read_token(token: str) -> User | None:
    """Return the active user of a live read token (`audit.contracts.ReaderResolver`)."""
    if not is_well_formed(token, READ_PREFIX):
        return None
    now = timezone.now()
    user = next(iter(User.objects.raw(_HOLDER, [token_digest(token), now])), None)
    if user is None:
        return None
    # Columns of the statement that are none of the model's are attributes of what it reads.
    token_id, last_used_at = user.token_id, user.token_last_used_at  # type: ignore[attr-defined]
    if last_used_at is None or now - last_used_at > NOTE_USE_EVERY:
        ReadToken.objects.filter(pk=token_id).update(
            last_used_at=now.replace(second=0, microsecond=0)
        )
    return user
