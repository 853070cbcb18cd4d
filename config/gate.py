"""Which requests does the front turn away by the audit log's rate limits?"""

from __future__ import annotations

from collections.abc import Mapping

from audit.rest.admission import admit, charge, is_limited

from .head import Refused


class RateGate:
    """`config.asgi.Gate` by the settings of `audit`."""

    def admit(self, headers: Mapping[str, str], *, address: str | None) -> None:
        too_many = admit(headers, socket_address=address)
        if too_many is not None:
            raise Refused(429, too_many.detail, retry_seconds=too_many.retry_seconds)

    def charge(self, headers: Mapping[str, str], size: int) -> None:
        charge(headers, size)


def make_gate() -> RateGate | None:
    """Return the gate, or None where no limit is set: then it costs nothing."""
    return RateGate() if is_limited() else None
