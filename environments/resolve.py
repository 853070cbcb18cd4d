"""Resolves an ingest key to its sender."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from audit.contracts import SenderKey

from .models import IngestKey
from .tokens import INGEST_PREFIX, is_well_formed, token_digest

# A revoked key is refused in every process after at most this long (promised: 5 seconds).
CACHE_SECONDS = 4.0
MAX_CACHED_KEYS = 10_000
NOTE_USE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _CachedKey:
    key: SenderKey
    expires_at: datetime | None
    read_at: float


_cached: dict[bytes, _CachedKey] = {}
_used: dict[int, datetime] = {}
_lock = threading.Lock()


def resolve_ingest_key(token: str, *, ip_address: str | None) -> SenderKey | None:
    """Return the sender of a live key, and note the use (`audit.contracts.KeyResolver`)."""
    if not is_well_formed(token, INGEST_PREFIX):
        return None
    digest = token_digest(token)
    now = timezone.now()
    cached = _cached.get(digest)
    if cached is None or time.monotonic() - cached.read_at > CACHE_SECONDS:
        cached = _read(digest)
        if cached is None:
            return None
    if cached.expires_at is not None and cached.expires_at <= now:
        return None
    _note_use(cached.key.key_id, now, ip_address)
    return cached.key


def clear_cache() -> None:
    """Empty the cache (a test's database was rolled back)."""
    _cached.clear()
    _used.clear()


def _read(digest: bytes) -> _CachedKey | None:
    row = (
        IngestKey.objects.select_related("sender__environment")
        .filter(digest=digest, revoked_at=None)
        .first()
    )
    with _lock:
        if row is None:
            _cached.pop(digest, None)
            return None
        if len(_cached) >= MAX_CACHED_KEYS:
            _cached.clear()
        cached = _CachedKey(
            key=SenderKey(
                environment=row.sender.environment.key,
                sender_id=row.sender_id,
                sender=row.sender.name,
                key_id=row.pk,
                workspace=row.workspace,
            ),
            expires_at=row.expires_at,
            read_at=time.monotonic(),
        )
        _cached[digest] = cached
    return cached


def _note_use(key_id: int, now: datetime, ip_address: str | None) -> None:
    """To the minute, and so at most once a minute and process."""
    last = _used.get(key_id)
    if last is not None and now - last < NOTE_USE_EVERY:
        return
    _used[key_id] = now
    minute = now.replace(second=0, microsecond=0)
    with transaction.atomic():
        IngestKey.objects.filter(pk=key_id).exclude(last_used_at__gte=minute).update(
            last_used_at=minute, last_used_from=(ip_address or "")[:64] or None
        )
