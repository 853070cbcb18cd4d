"""Counts what matches and was received since a moment, whatever time events say.

An event may be dated ahead of now, or come days late; and a receipt may be committed after one with
a higher number. So a mark says how long each environment's log was, and which receipts without a
position were there to be seen.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import psycopg

from audit.conf import audit_settings
from audit.errors import BadCursor
from audit.log.cursor import psycopg_cursor

from .conditions import (
    Condition,
    bounds_condition,
    environment_numbers,
    facet_conditions,
    ids_condition,
    joined,
    scope_condition,
)
from .event_query import EventQuery
from .signed_text import SignedText

MOST = 1_000
CHUNK = 2_000
# A mark names so many receipts without a position; of more, the highest number stands for all.
MOST_WAITING = 100
_signed = SignedText(salt="audit.query.search.received", max_characters=4_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """count: how many match, at most MOST; is_capped: there are, or may be, more than that
    mark: from where to count the next time; while there is nothing, it moves on
    """

    count: int
    is_capped: bool
    mark: str


class _Mark(msgspec.Struct, array_like=True, frozen=True):
    """sizes: of the logs, by the environments' numbers; seen: receipts without a position
    below: receipts up to this number were seen, too
    """

    sizes: dict[int, int]
    seen: list[int]
    below: int = 0


def mark_received(query: EventQuery) -> str:
    """Return what `count_received` takes: all that there is to be seen now in the scope."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    mark = _marked(cursor, list(environment_numbers(cursor, query).values()))
    if len(mark.seen) > MOST_WAITING:
        mark = _Mark(sizes=mark.sizes, seen=[], below=max(mark.seen))
    return _signed.write_value(mark)


def count_received(query: EventQuery, mark: str) -> Received:
    """Count what matches and was received since the mark, within the budget of a search.

    A mark that isn't ours is taken for one of now.
    """
    since = _read(mark)
    if since is None:
        return Received(count=0, is_capped=False, mark=mark_received(query))
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    until = _marked(cursor, list(environment_numbers(cursor, query).values()))
    indexed, residual = facet_conditions(cursor, query)
    bounds = bounds_condition(query.lowest_id, query.highest_id)
    where = joined([scope_condition(cursor, query), bounds, *indexed, *residual])
    deadline = time.monotonic() + audit_settings().SEARCH_BUDGET_SECONDS
    is_all_named = len(until.seen) <= MOST_WAITING
    count = _count(cursor, where, _waiting(cursor, since, until.seen)) if is_all_named else 0
    reached = dict(since.sizes)
    for environment, end in until.sizes.items():
        start = since.sizes.get(environment, 0)
        while start < end and count <= MOST and time.monotonic() < deadline:
            following = min(start + CHUNK, end)
            count += _count(cursor, where, _placed(cursor, since, environment, start, following))
            start = reached[environment] = following
    is_complete = is_all_named and all(reached.get(n, 0) >= e for n, e in until.sizes.items())
    if count:
        following_mark = since
    elif is_complete:
        following_mark = until
    else:
        following_mark = _Mark(sizes=reached, seen=since.seen, below=since.below)
    return Received(
        count=min(count, MOST),
        is_capped=count > MOST or not is_complete,
        mark=_signed.write_value(following_mark),
    )


def _marked(cursor: psycopg.Cursor[Any], environments: Sequence[int]) -> _Mark:
    """All that is there to be seen; one receipt more than MOST_WAITING where there are more."""
    # In one statement, a receipt either has a position or waits for one.
    cursor.execute(
        "SELECT h.environment, h.size FROM audit_loghead h WHERE h.environment = ANY(%s)"  # noqa: S608 (numbers)
        " UNION ALL (SELECT NULL, w.submission_id FROM audit_pending w"
        f" WHERE w.environment = ANY(%s) ORDER BY w.submission_id DESC LIMIT {MOST_WAITING + 1})",
        [environments, environments],
    )
    rows = cursor.fetchall()
    return _Mark(
        sizes={environment: size for environment, size in rows if environment is not None},
        seen=[number for environment, number in rows if environment is None],
    )


def _waiting(cursor: psycopg.Cursor[Any], since: _Mark, receipts: Sequence[int]) -> list[UUID]:
    """The events of these receipts, but for those that were seen."""
    wanted = [r for r in receipts if r > since.below and r not in since.seen]
    if not wanted:
        return []
    cursor.execute("SELECT s.event_ids FROM audit_submission s WHERE s.id = ANY(%s)", [wanted])
    return [id_ for row in cursor for id_ in row[0]]


def _placed(
    cursor: psycopg.Cursor[Any], since: _Mark, environment: int, start: int, end: int
) -> list[UUID]:
    """The events of receipts that begin at `[start, end)`, but for those that were seen."""
    cursor.execute(
        "SELECT s.event_ids FROM audit_position p JOIN audit_submission s ON s.id = p.submission_id"
        " WHERE p.environment = %s AND p.first >= %s AND p.first < %s"
        " AND p.submission_id > %s AND p.submission_id <> ALL(%s)",
        [environment, start, end, since.below, since.seen],
        binary=True,
    )
    return [id_ for row in cursor for id_ in row[0]]


def _count(cursor: psycopg.Cursor[Any], where: Condition, ids: Sequence[UUID]) -> int:
    if not ids:
        return 0
    matching = joined([where, ids_condition(ids)])
    cursor.execute(
        f"SELECT count(*) FROM audit_event e WHERE {matching.sql}",  # noqa: S608 (conditions that bind their values)
        matching.params,
        binary=True,
    )
    row = cursor.fetchone()
    return int(row[0]) if row else 0


def _read(text: str) -> _Mark | None:
    try:
        return _signed.read_value(text, _Mark)
    except BadCursor:
        return None
