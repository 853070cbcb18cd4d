"""Makes read tokens."""

from __future__ import annotations

from datetime import datetime, timedelta

from environments.tokens import READ_PREFIX, new_token, token_digest, token_hint

from .models import ReadToken, User


def create_read_token(
    *, user: User, name: str = "", expires_in_days: int | None = None, now: datetime
) -> tuple[ReadToken, str]:
    """Make a read token of a user and return it with its text, which nobody can show again."""
    token = new_token(READ_PREFIX)
    row = ReadToken.objects.create(
        user=user,
        name=name,
        digest=token_digest(token),
        hint=token_hint(token),
        expires_at=now + timedelta(days=expires_in_days) if expires_in_days else None,
    )
    return row, token
