"""Makes and revokes ingest keys."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from .directory import get_environment
from .errors import KeyNotFound, TooManyKeys
from .models import IngestKey, Sender
from .tokens import INGEST_PREFIX, new_token, token_digest, token_hint

MAX_LIVE_KEYS = 2


def create_ingest_key(
    *,
    environment: str,
    sender: str,
    workspace: str | None = None,
    expires_in_days: int | None = None,
    now: datetime,
) -> tuple[IngestKey, str]:
    """Make a key of a sender (which is made if new) and return it with its token, which nobody
    can show again.

    A sender has at most LIVE_KEYS live keys for the same workspace: one in use, one to rotate
    to. Raises UnknownEnvironment, TooManyKeys.
    """
    token = new_token(INGEST_PREFIX)
    with transaction.atomic():
        service, _ = Sender.objects.get_or_create(
            environment=get_environment(environment), name=sender
        )
        # Held until the commit: two keys made at once must both see each other.
        Sender.objects.select_for_update().get(pk=service.pk)
        live = service.keys.live(now).filter(workspace=workspace)
        if live.count() >= MAX_LIVE_KEYS:
            named = ", ".join(f"{key.hint} (number {key.pk})" for key in live.order_by("pk"))
            raise TooManyKeys(
                f"{sender!r} has {MAX_LIVE_KEYS} live keys in {environment} already; revoke one"
                f" first: {named}"
            )
        key = IngestKey.objects.create(
            sender=service,
            digest=token_digest(token),
            hint=token_hint(token),
            workspace=workspace,
            expires_at=now + timedelta(days=expires_in_days) if expires_in_days else None,
        )
    return key, token


def revoke_ingest_key(number_or_hint: str, *, now: datetime) -> IngestKey:
    """End a key for good; all processes refuse it within 5 seconds. Raises KeyNotFound."""
    wanted = (
        IngestKey.objects.filter(pk=int(number_or_hint))
        if number_or_hint.isascii() and number_or_hint.isdigit()
        else IngestKey.objects.filter(hint=number_or_hint)
    )
    found = list(wanted.filter(revoked_at=None)[:2])
    if len(found) != 1:
        which = "more than one live key goes" if found else "no live key goes"
        raise KeyNotFound(
            f"{which.capitalize()} by {number_or_hint!r}; `ingest_key list` shows all."
        )
    (key,) = found
    key.revoked_at = now
    key.save(update_fields=["revoked_at"])
    return key
