"""Admits requests at the front: turns some away, and finds whose memory the others take."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from audit.rest.admission import admit, caller_of, charge, is_limited

from .doors import ingest_paths
from .head import Refused
from .memory import Payer


class AuditGate:
    """`config.asgi.Gate` by the settings of `audit`; paths: where a POST needs an ingest key."""

    def __init__(self, paths: Collection[str]) -> None:
        self.is_limited = is_limited()
        self._paths = paths

    def admit(self, headers: Mapping[str, str], *, address: str | None) -> None:
        too_many = admit(headers, socket_address=address)
        if too_many is not None:
            raise Refused(429, too_many.detail, retry_seconds=too_many.retry_seconds)

    def payer(
        self, headers: Mapping[str, str], *, method: str, path: str, address: str | None
    ) -> Payer | None:
        caller = caller_of(headers, socket_address=address)
        if caller.key_id is not None:
            return Payer(name=f"key:{caller.key_id}", is_stranger=False)
        if method == "POST" and path in self._paths:
            return None
        return Payer(name=f"address:{caller.network}", is_stranger=True)

    def charge(self, headers: Mapping[str, str], size: int) -> None:
        charge(headers, size)


def make_gate() -> AuditGate:
    """Return the gate of this project's addresses."""
    return AuditGate(frozenset(ingest_paths()))
