"""Names what is wrong with a log, and where."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is not what was committed to.

    part: `head`, `personal`, `details` of an event or one of their salts, a column of its row,
        `row`, `receipt`, `position`, `tile`, `checkpoint` or `log head`
    position: in the environment's log, where it is of one event; event_id: hexadecimal with hyphens
    """

    environment: str
    part: str
    message: str
    position: int | None = None
    event_id: str | None = None

    def __str__(self) -> str:
        where = [self.environment]
        if self.position is not None:
            where.append(f"position {self.position}")
        if self.event_id is not None:
            where.append(f"event {self.event_id}")
        return f"{', '.join(where)}, {self.part}: {self.message}"


Report = Callable[[Finding], None]
