"""Feeds consumers with what was recorded since they last asked, by position.

An event may come days after it happened, and a receipt may be committed after one with a higher
number. Positions are given once a receipt is there to be seen, without a gap: whoever goes on
from a position misses nothing. A cursor holds one for each environment.
"""

from __future__ import annotations

import heapq
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.log.statements import statement
from audit.query.document import fetch_documents
from audit.vocabulary.document import Document

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
from .signed_text import SignedText, other_filters

FIRST_CHUNK = 1_000
LARGEST_CHUNK = 20_000
_encode = msgspec.json.Encoder(order="sorted").encode
_signed = SignedText(salt="audit.query.search.log_feed", max_characters=4_000)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedPage:
    """results: documents, each environment's in the order of its log
    next: where to go on, also after an empty page
    complete: whether all that has a position was looked at
    """

    results: tuple[Document, ...]
    next: str
    complete: bool


class _Place(NamedTuple):
    """An event's place in a log, and when its receipt came."""

    received_at: datetime
    environment: int
    position: int
    id: UUID


def find_recorded(query: EventQuery, *, cursor: str | None, page_size: int) -> RecordedPage:
    """Return what was recorded after the cursor, or from the first event on. Raises BadCursor.

    The cursor stays good when the reader's scope grows; a new environment begins at its first
    event. Environments are merged by the time of receipt.
    """
    db = psycopg_cursor(audit_settings().READER_DATABASE)
    keys = {number: key for key, number in environment_numbers(db, query).items()}
    known = _read(cursor, query) if cursor else {}
    starts = {number: known.get(key, 0) for number, key in keys.items()}
    logs = {number: _Log(db, query, number, start) for number, start in starts.items()}
    deadline = time.monotonic() + audit_settings().SEARCH_BUDGET_SECONDS
    for log in logs.values():
        log.look(page_size, deadline)
    # No log waits for another: each goes on from its own position.
    merged = list(islice(heapq.merge(*(log.found for log in logs.values())), page_size))
    told = {number: [p for p in merged if p.environment == number] for number in logs}
    ends = {
        keys[number]: log.reached
        if len(told[number]) == len(log.found)
        else told[number][-1].position + 1
        if told[number]
        else log.start
        for number, log in logs.items()
    }
    documents = fetch_documents(db, [p.id for p in merged], scoped=scope_condition(db, query))
    return RecordedPage(
        results=tuple(documents),
        next=_write(ends, query),
        complete=all(
            log.is_at_end and len(told[number]) == len(log.found) for number, log in logs.items()
        ),
    )


class _Log:
    """One environment's log, read on from a position."""

    def __init__(
        self, cursor: psycopg.Cursor[Any], query: EventQuery, environment: int, start: int
    ) -> None:
        self._cursor = cursor
        self._environment = environment
        indexed, residual = facet_conditions(cursor, query)
        bounds = bounds_condition(query.lowest_id, query.highest_id)
        self._where = joined([scope_condition(cursor, query), bounds, *indexed, *residual])
        self.start = start
        self.reached = start
        self.found: list[_Place] = []
        self.is_at_end = False

    def look(self, wanted: int, deadline: float) -> None:
        """Find `wanted` events that match, or more, in larger and larger steps until the deadline.

        What has a position now is the end; it was all committed before its position was given.
        """
        size = self._size()
        chunk = max(wanted, FIRST_CHUNK)
        while len(self.found) < wanted and self.reached < size:
            end = min(self.reached + chunk, size)
            places = self._places(self.reached, end)
            matching = self._matching(places) if places else frozenset()
            self.found += [place for place in places if place.id in matching]
            self.reached = end
            if time.monotonic() >= deadline:
                break
            chunk = min(chunk * 2, LARGEST_CHUNK)
        self.is_at_end = self.reached >= size

    def _size(self) -> int:
        self._cursor.execute(
            "SELECT size FROM audit_loghead WHERE environment = %s", [self._environment]
        )
        row = self._cursor.fetchone()
        return int(row[0]) if row else 0

    def _places(self, start: int, end: int) -> list[_Place]:
        """The events at `[start, end)`; the first receipt may be gone on with halfway."""
        self._cursor.execute(
            statement("query", "read_places"),
            [self._environment, end, self._environment, start],
            binary=True,
        )
        return [
            _Place(received_at, self._environment, first + ordinal, id_)
            for received_at, first, ids in self._cursor
            for ordinal, id_ in enumerate(ids)
            if start <= first + ordinal < end
        ]

    def _matching(self, places: Sequence[_Place]) -> frozenset[UUID]:
        ids = [place.id for place in places]
        where = joined(
            [
                self._where,
                Condition(f"e.environment = {self._environment:d}"),
                ids_condition(ids),
            ]
        )
        self._cursor.execute(
            f"SELECT e.id FROM audit_event e WHERE {where.sql}",  # noqa: S608 (conditions that bind their values)
            where.params,
            binary=True,
        )
        return frozenset(row[0] for row in self._cursor)


def _write(ends: Mapping[str, int], query: EventQuery) -> str:
    return _signed.write_value([_digest(query), ends])


def _read(text: str, query: EventQuery) -> dict[str, int]:
    """Return the position to go on from by environment. Raises BadCursor."""
    digest, ends = _signed.read_value(text, tuple[str, dict[str, int]])
    if digest != _digest(query):
        raise other_filters()
    return ends


def _digest(query: EventQuery) -> str:
    """The filters alone: a consumer's stored cursor must outlive a change of its scope."""
    said = {"include": query.include, "exclude": query.exclude, "words": query.words}
    return sha256(_encode(said)).hexdigest()[:16]
