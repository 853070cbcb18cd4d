"""Keeps what is rejected in a table of its own, masked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

import msgspec
import psycopg

from audit.conf import audit_settings
from audit.errors import Problem
from audit.log.registry import environment_number
from audit.log.statements import statement
from audit.redact import mask_text

from .origin import Origin

_encode = msgspec.json.Encoder().encode
_NUL = str.maketrans({"\0": "\ufffd"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejection:
    """A rejected event, or (with no index) a body as a whole; text: as it was sent."""

    index: int | None
    text: bytes | bytearray | memoryview
    problems: Sequence[Problem]

    @property
    def status(self) -> Literal["rejected", "unreadable"]:
        return "unreadable" if self.index is None else "rejected"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRejection:
    """A rejection as it is stored: masked, and no longer than an event may be; errors: as JSON."""

    index: int | None
    status: str
    errors: str
    body: str
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedRejections:
    """The rejections of a submission. total: how many there are, with those that aren't kept"""

    kept: Sequence[StoredRejection]
    total: int
    sent_as: str
    origin: Origin
    received_at: datetime


def prepare_rejected(
    rejections: Sequence[Rejection],
    *,
    sent_as: str,
    origin: Origin,
    received_at: datetime,
    cursor: psycopg.Cursor[Any],
) -> PreparedRejections:
    """Mask what is rejected, as much of it as this sender may still leave behind today.

    Needs no transaction: two requests at once may each take what is left of the day.
    """
    settings = audit_settings()
    cursor.execute(
        "SELECT kept, kept_bytes FROM audit_rejectedcount WHERE sender_id = %s AND day = %s",
        [origin.sender_id, received_at.date()],
    )
    rows, size = cursor.fetchone() or (0, 0)
    kept: list[StoredRejection] = []
    for one in rejections:
        if rows >= settings.MAX_REJECTED_A_DAY or size >= settings.MAX_REJECTED_BYTES_A_DAY:
            break
        made = _kept(one, environment=origin.environment, max_bytes=settings.MAX_EVENT_BYTES)
        rows, size = rows + 1, size + len(made.body)
        kept.append(made)
    return PreparedRejections(
        kept=kept,
        total=len(rejections),
        sent_as=sent_as,
        origin=origin,
        received_at=received_at,
    )


def store_rejected(prepared: PreparedRejections, *, cursor: psycopg.Cursor[Any]) -> None:
    """Store what was prepared, and count all that was rejected.

    The last thing in a transaction: it holds the sender's row of today until the commit.
    """
    origin, kept = prepared.origin, prepared.kept
    environment = environment_number(cursor, origin.environment)
    if kept:
        cursor.execute(
            statement("record", "store_rejected"),
            [
                environment,
                origin.sender_id,
                origin.sender,
                origin.key_id,
                prepared.received_at,
                prepared.sent_as,
                [one.index for one in kept],
                [one.status for one in kept],
                [one.errors for one in kept],
                [one.body for one in kept],
                [one.is_cut for one in kept],
            ],
        )
    cursor.execute(
        statement("record", "count_rejected"),
        [
            origin.sender_id,
            prepared.received_at.date(),
            origin.sender,
            environment,
            prepared.total,
            len(kept),
            sum(len(one.body) for one in kept),
        ],
    )


def _kept(one: Rejection, *, environment: str, max_bytes: int) -> StoredRejection:
    view = memoryview(one.text)
    text = str(view[:max_bytes], "utf-8", "replace").translate(_NUL)
    errors = [
        {
            "pointer": problem.pointer.translate(_NUL),
            "message": mask_text(problem.message, environment=environment).translate(_NUL),
        }
        for problem in one.problems
    ]
    return StoredRejection(
        index=one.index,
        status=one.status,
        errors=_encode(errors).decode(),
        body=mask_text(text, environment=environment),
        is_cut=len(view) > max_bytes,
    )
