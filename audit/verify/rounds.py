"""Tells when each log was verified, with what result, and how far the round is that goes on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg

from audit.log.statements import statement

from .schedule import RECENT, WHOLE

# What comes each hour, and was away for three, stands still.
LATE_AFTER = timedelta(hours=3)

_SELECT = statement("verify", "list_rounds")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """The verifying of one log. environment: its key; kind: `recent` or `whole`

    position, size: how far the round is that began last, and where it ends; started_at: None
        where none began yet
    finished_at, events, findings: of the last one that came to its end; None where none did
    first_at: when the log's first receipt came, None where that isn't known
    """

    environment: str
    kind: str
    position: int
    size: int
    started_at: datetime | None
    finished_at: datetime | None
    events: int | None
    findings: int | None
    first_at: datetime | None

    @property
    def is_running(self) -> bool:
        """Did a round begin that has not come to its end?"""
        if self.started_at is None:
            return False
        return self.finished_at is None or self.finished_at < self.started_at

    def is_late(self, now: datetime) -> bool:
        """Is it a recent one that should have come to its end long ago?"""
        if self.kind != RECENT:
            return False
        since = self.finished_at or self.first_at
        return since is not None and now - since > LATE_AFTER


def read_rounds(cursor: psycopg.Cursor[Any]) -> Sequence[Round]:
    """Return both kinds of rounds of each log that has events, in the environments' order."""
    cursor.execute(_SELECT, [[RECENT, WHOLE]])
    return [
        Round(
            environment=environment,
            kind=kind,
            position=position or 0,
            size=size or 0,
            started_at=started_at,
            finished_at=finished_at,
            events=events,
            findings=findings,
            first_at=first_at,
        )
        for (
            environment,
            kind,
            position,
            size,
            started_at,
            finished_at,
            events,
            findings,
            first_at,
        ) in cursor
    ]
