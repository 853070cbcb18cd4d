"""The values around a submission: who hands it in, and the receipt they get."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from msgspec import Struct

from audit.contracts import SenderKey
from audit.errors import Problem

Status = Literal["recorded", "duplicate", "conflict", "rejected"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Who hands events in.

    environment: key of the log; workspace: the only one that the key may write to, or None
    ip_address: the sender's own, as text (never the actor's)
    """

    environment: str
    sender_id: int | None = None
    sender: str = ""
    key_id: int | None = None
    workspace: str | None = None
    ip_address: str | None = None

    @classmethod
    def of_key(cls, key: SenderKey, *, ip_address: str | None) -> Origin:
        """Return who sends with this ingest key, from this IP address."""
        return cls(
            environment=key.environment,
            sender_id=key.sender_id,
            sender=key.sender,
            key_id=key.key_id,
            workspace=key.workspace,
            ip_address=ip_address,
        )


# A struct, since one is made for every event.
class Verdict(Struct, frozen=True, kw_only=True):
    """What became of one event.

    id, leaf_hash: of the event as it is stored (a duplicate's are the first one's); None where it
        was rejected. leaf_hash is 32 bytes, or None where the receipt is gone.
    """

    status: Status
    id: UUID | None = None
    leaf_hash: bytes | None = None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a submission; verdicts: in the order of the events handed in.

    submission_id: None where nothing was recorded.
    """

    submission_id: int | None
    received_at: datetime
    verdicts: tuple[Verdict, ...]
