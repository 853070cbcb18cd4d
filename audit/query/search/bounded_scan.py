"""Scans a span of ids for a search, never for long."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

import psycopg

from audit.conf import audit_settings
from audit.log.ids import id_floor, time_of

from .conditions import Condition, bounds_condition, ids_condition, joined
from .moments import EARLIEST

Direction = Literal["older", "newer"]
FIRST_CHUNK = 200
LARGEST_CHUNK = 50_000
FIRST_SPAN = timedelta(days=16)
# Each span or chunk is as much larger or smaller than the last as would make it take so long, or
# what is left of the time.
STEP_SECONDS = 0.03
LEAST_GROWTH = 0.25
MOST_GROWTH = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanResult:
    """Ids in the direction's order, and the id up to which everything was looked at.

    is_complete: nothing more matches in this direction, or enough was found
    reached: the last id looked at where it is not complete
    """

    ids: tuple[UUID, ...]
    is_complete: bool
    reached: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How one search looks; stretches are `[low, high)`, None for no bound.

    certain: what an index decides; residual: what has to be tried on each row, or None
    deadline: of the monotonic clock
    """

    cursor: psycopg.Cursor[Any]
    certain: Condition
    residual: Condition | None
    direction: Direction
    now: datetime
    deadline: float

    def is_over(self) -> bool:
        return time.monotonic() >= self.deadline

    def within(self, low: UUID | None, high: UUID | None, wanted: int) -> ScanResult:
        """Return what matches there, until the deadline."""
        if self.residual is None:
            return self._walk(low, high, wanted)
        return self._try_each(self.residual, low, high, wanted)

    def first(self, low: UUID | None, high: UUID | None, wanted: int) -> list[UUID]:
        """Return the first ids that an index leads to."""
        return [*self.first_of([joined([self.certain, bounds_condition(low, high)])], wanted)]

    def first_of(self, stretches: Sequence[Condition], wanted: int) -> tuple[UUID, ...]:
        """Return the first ids that an index leads to, of stretches in the direction's order.

        Each is looked into only where those before it hold too few: so PostgreSQL runs UNION ALL
        with a limit. Not prepared: a plan over many leaves is large, and its literals are rarely
        the same again.
        """
        selects = [
            f"SELECT e.id FROM audit_event e WHERE {where.sql}"  # noqa: S608 (conditions that bind their values, numbers)
            f" ORDER BY e.id {self._order} LIMIT {wanted:d}"
            for where in stretches
        ]
        if len(selects) > 1:
            selects = [" UNION ALL ".join(f"({one})" for one in selects) + f" LIMIT {wanted:d}"]
        self.cursor.execute(
            selects[0],
            [param for where in stretches for param in where.params],
            binary=True,
            prepare=False,
        )
        return tuple(row[0] for row in self.cursor)

    def matching(self, ids: Sequence[UUID], low: UUID | None, high: UUID | None) -> list[UUID]:
        """Return those of the ids that match."""
        inside = [i for i in ids if (low is None or i >= low) and (high is None or i < high)]
        if not inside:
            return []
        residual = [self.residual] if self.residual else []
        where = joined([self.certain, *residual, ids_condition(inside)])
        self.cursor.execute(
            f"SELECT e.id FROM audit_event e WHERE {where.sql}",  # noqa: S608 (conditions that bind their values)
            where.params,
            binary=True,
        )
        return [row[0] for row in self.cursor]

    @property
    def _order(self) -> str:
        return "DESC" if self.direction == "older" else "ASC"

    def _walk(self, low: UUID | None, high: UUID | None, wanted: int) -> ScanResult:
        """Look by the index alone, into spans of time that each take about as long."""
        is_older = self.direction == "older"
        ids: list[UUID] = []
        width = FIRST_SPAN
        while True:
            began = time.monotonic()
            edge = self._edge(low, high, width)
            span = (edge or low, high) if is_older else (low, edge or high)
            ids += self.first(*span, wanted - len(ids))
            if len(ids) >= wanted or edge is None:
                return ScanResult(ids=tuple(ids), is_complete=True)
            if self.is_over():
                reached = edge if is_older else UUID(int=edge.int - 1)
                return ScanResult(ids=tuple(ids), is_complete=False, reached=reached)
            low, high = (low, edge) if is_older else (edge, high)
            width *= self._growth(began)

    def _growth(self, began: float) -> float:
        """By how much should the next step be larger than the one that began then?"""
        now = time.monotonic()
        growth = min(STEP_SECONDS, self.deadline - now) / (now - began)
        return min(max(growth, LEAST_GROWTH), MOST_GROWTH)

    def _edge(self, low: UUID | None, high: UUID | None, width: timedelta) -> UUID | None:
        """Return where a span of this width ends within the stretch; None: at the stretch's end."""
        if self.direction == "older":
            ahead = timedelta(hours=audit_settings().MAX_AHEAD_HOURS)
            start = time_of(high) if high is not None else self.now + ahead
            edge = id_floor(start - width) if width <= start - EARLIEST else None
            return edge if edge is not None and (low is None or edge > low) else None
        start = time_of(low) if low is not None else self.now
        if low is None or start + width > self.now:
            return None
        edge = id_floor(start + width)
        return edge if high is None or edge < high else None

    def _try_each(
        self, residual: Condition, low: UUID | None, high: UUID | None, wanted: int
    ) -> ScanResult:
        """Try the residual conditions on chunks of rows that each take about as long."""
        order = self._order
        other = "ASC" if order == "DESC" else "DESC"
        chunk = FIRST_CHUNK
        ids: list[UUID] = []
        while True:
            began = time.monotonic()
            inner = joined([self.certain, bounds_condition(low, high)])
            self.cursor.execute(
                # Only the answer is kept of each row: rows of a kilobyte would go to disk.
                f"WITH e AS MATERIALIZED (SELECT e.id, ({residual.sql}) AS is_match"  # noqa: S608 (conditions that bind their values, numbers)
                f" FROM audit_event e WHERE {inner.sql} ORDER BY e.id {order} LIMIT {chunk:d})"
                " SELECT (SELECT count(*) FROM e),"
                f" (SELECT e.id FROM e ORDER BY e.id {other} LIMIT 1),"
                f" ARRAY(SELECT e.id FROM e WHERE e.is_match ORDER BY e.id {order}"
                f" LIMIT {wanted - len(ids):d})",
                residual.params + inner.params,
                binary=True,
            )
            row = self.cursor.fetchone()
            seen, last, matching = row if row else (0, None, [])
            ids += matching
            if len(ids) >= wanted or seen < chunk:
                return ScanResult(ids=tuple(ids), is_complete=True)
            if self.direction == "older":
                high = last
            else:
                low = UUID(int=last.int + 1)
            if self.is_over():
                return ScanResult(ids=tuple(ids), is_complete=False, reached=last)
            chunk = min(max(int(chunk * self._growth(began)), FIRST_CHUNK), LARGEST_CHUNK)
