"""Admits requests at the front: turns some away, and finds whose memory the others take."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from audit.rest.admission import admit, caller_of, charge, is_limited

from .head import EarlyRefusal
from .ingest_paths import ingest_paths
from .memory import MemoryOwner


class AuditGate:
    """`config.asgi.Gate` by the settings of `audit`; paths: where a POST needs an ingest key."""

    def __init__(self, paths: Collection[str]) -> None:
        self.is_limited = is_limited()
        self._paths = paths

    def admit(self, headers: Mapping[str, str], *, ip_address: str | None) -> None:
        too_many = admit(headers, socket_address=ip_address)
        if too_many is not None:
            raise EarlyRefusal(429, too_many.detail, retry_seconds=too_many.retry_seconds)

    def memory_owner(
        self, headers: Mapping[str, str], *, method: str, path: str, ip_address: str | None
    ) -> MemoryOwner | None:
        caller = caller_of(headers, socket_address=ip_address)
        if caller.key_id is not None:
            return MemoryOwner(name=f"key:{caller.key_id}", is_anonymous=False)
        if method == "POST" and path in self._paths:
            return None
        return MemoryOwner(name=f"address:{caller.network}", is_anonymous=True)

    def charge(self, headers: Mapping[str, str], size: int) -> None:
        charge(headers, size)


def make_gate() -> AuditGate:
    """Return the gate of this project's URLs."""
    return AuditGate(frozenset(ingest_paths()))
