"""Records one or several submissions inside one transaction, each event once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter, itemgetter
from typing import Any
from uuid import UUID

import psycopg

from audit.log.cursor import psycopg_cursor
from audit.log.event_types import type_numbers
from audit.log.ids import event_id, random_event_id, timeless_hash
from audit.log.registry import OUTCOME_NUMBERS, environment_number
from audit.log.times import format_time
from audit.record.evidence.parts import Parts, make_head, make_leaf_hash
from audit.record.evidence.rows import NewEvent, Numbers, make_row, pack_submission, target_rows

from . import store
from .clients import client_of, ensure_clients
from .origin import Origin, Receipt, Verdict
from .places import locations_of
from .preparation import PreparedEvent
from .secret import id_secret
from .submission import CheckedSubmission
from .verdicts import IdentifiedEvent, known_verdict, recorded_verdict

SALTS_BYTES = 48
# Of a large submission so many ids are looked up first, evenly spread over its time.
PROBES = 16
NOTIFY_CHANNEL = "audit_pending"
NOTIFY_SECONDS = 0.1
_last_notified = 0.0


def record_submissions(
    batch: Sequence[CheckedSubmission],
    *,
    using: str,
    lock_timeout_ms: int | None = None,
    is_retry: bool = False,
) -> list[Receipt]:
    """Record submissions inside the transaction that is open, and return their receipts.

    lock_timeout_ms: how long to wait for a row that another transaction holds; None for as long
    as it takes. is_retry: after an attempt that found some events stored. Raises what the database
    raises (UniqueViolation where some were stored), and UnknownEnvironment.
    """
    cursor = psycopg_cursor(using)
    if lock_timeout_ms is not None:
        cursor.execute(f"SET LOCAL lock_timeout = {lock_timeout_ms:d}")
    receipts = _Recording(cursor, using=using, is_retry=is_retry).record(batch)
    if any(receipt.submission_id is not None for receipt in receipts):
        _notify(cursor)
    return receipts


def _notify(cursor: psycopg.Cursor[Any]) -> None:
    """Wake the worker, at most ten times a second: notifying takes a lock at the commit."""
    global _last_notified
    now = time.monotonic()
    if now - _last_notified >= NOTIFY_SECONDS:
        _last_notified = now
        cursor.execute(f"NOTIFY {NOTIFY_CHANNEL}")


@dataclass(frozen=True, slots=True)
class _NewEvents:
    """What is new of a submission: its events in the order of their ordinals."""

    checked: CheckedSubmission
    environment: int
    items: Sequence[NewEvent]


class _Recording:
    """Submissions that are recorded by one look-up, one COPY and one commit, in their order.

    An event that is in two of them is a duplicate in the later one, as if they had come one after
    the other.
    """

    def __init__(self, cursor: psycopg.Cursor[Any], *, using: str, is_retry: bool) -> None:
        self.cursor = cursor
        self.using = using
        self.is_retry = is_retry

    def record(self, batch: Sequence[CheckedSubmission]) -> list[Receipt]:
        """Record inside the transaction that is open; raises what the database raises."""
        numbers = [environment_number(self.cursor, one.origin.environment) for one in batch]
        identified_events = [self._identify(one) for one in batch]
        stored = self._find_stored(numbers, identified_events)
        salts = _salts(sum(map(len, identified_events)))
        new: dict[UUID, NewEvent] = {}
        fresh: list[list[NewEvent]] = []
        verdicts: list[list[Verdict]] = []
        for one, listed in zip(batch, identified_events, strict=True):
            own: list[tuple[int, NewEvent]] = []
            own_verdicts = []
            for rank, identified in zip(one.ranks, listed, strict=True):
                known = (stored and stored.get(identified.id)) or new.get(identified.id)
                if known is None:
                    known = new[identified.id] = _new_event(identified, next(salts))
                    own.append((rank, known))
                    own_verdicts.append(recorded_verdict(known))
                else:
                    own_verdicts.append(known_verdict(identified, known))
            fresh.append([item for _, item in sorted(own, key=_by_rank)])
            verdicts.append(own_verdicts)
        ids = self._insert(
            [
                _NewEvents(one, number, own)
                for one, number, own in zip(batch, numbers, fresh, strict=True)
                if own
            ]
        )
        numbered = iter(ids)
        return [
            one.receipt(next(numbered) if own else None, own_verdicts)
            for one, own, own_verdicts in zip(batch, fresh, verdicts, strict=True)
        ]

    def _find_stored(
        self, numbers: Sequence[int], events: Sequence[Sequence[IdentifiedEvent]]
    ) -> Mapping[UUID, store.Stored]:
        named: dict[int, set[UUID]] = {}
        for number, listed in zip(numbers, events, strict=True):
            named.setdefault(number, set()).update(
                identified.id for identified in listed if identified.prepared.event.id is not None
            )
        stored: dict[UUID, store.Stored] = {}
        looks_up_all = self.is_retry or len(events) > 1
        for number, unsorted in sorted(named.items()):
            ids = sorted(unsorted, key=_in_order)
            if looks_up_all or self._may_be_stored(ids, environment=number):
                stored |= store.find_stored(self.cursor, ids, environment=number)
        return stored

    def _may_be_stored(self, ids: Sequence[UUID], *, environment: int) -> bool:
        """Look a few up first. What is sent again is mostly sent as it was, or begins with what
        was; where neither, COPY finds out, and the second attempt looks all of them up.
        """
        if len(ids) <= 4 * PROBES:
            return True
        probes = [*ids[:: len(ids) // PROBES], ids[-1]]
        return bool(store.find_stored(self.cursor, probes, environment=environment))

    def _identify(self, one: CheckedSubmission) -> list[IdentifiedEvent]:
        received = format_time(one.received_at)
        identified = []
        for prepared, id_ in zip(one.events, self._ids(one.events, one.origin), strict=True):
            head = make_head(
                prepared.event, event_id=str(id_), origin=one.origin, received_at=received
            )
            identified.append(
                IdentifiedEvent(id_, prepared, Parts(head, prepared.personal, prepared.details))
            )
        return identified

    def _ids(self, events: Sequence[PreparedEvent], origin: Origin) -> list[UUID]:
        secret = id_secret(self.cursor)
        ids: list[UUID] = []
        timeless: dict[bytes, list[int]] = {}
        for index, prepared in enumerate(events):
            event, time_us = prepared.event, prepared.time_us
            if event.id is None:
                ids.append(random_event_id(time_us))
                continue
            ids.append(
                event_id(
                    secret=secret,
                    environment=origin.environment,
                    sender_id=origin.sender_id,
                    submitted_id=event.id,
                    time_us=time_us,
                )
            )
            if event.time is None:
                hashed = timeless_hash(
                    secret=secret,
                    environment=origin.environment,
                    sender_id=origin.sender_id,
                    submitted_id=event.id,
                )
                timeless.setdefault(hashed, []).append(index)
        if timeless:
            given = store.claim_timeless(
                self.cursor, {h: ids[indexes[0]] for h, indexes in timeless.items()}
            )
            for hashed, indexes in timeless.items():
                for index in indexes:
                    ids[index] = given[hashed]
        return ids

    def _insert(self, fresh: Sequence[_NewEvents]) -> list[int]:
        """Store what is new, and return the numbers of the submissions."""
        if not fresh:
            return []
        cursor, using = self.cursor, self.using
        items = [item for one in fresh for item in one.items]
        wanted: dict[int, set[str]] = {}
        for one in fresh:
            wanted.setdefault(one.environment, set()).update(p.event.type for p in one.items)
        types = type_numbers(cursor, wanted, using=using)
        clients = [client_of(p.event.context) for p in items]
        known = ensure_clients(cursor, (c for c in clients if c is not None), using=using)
        addresses = [p.event.context.ip if p.event.context else None for p in items]
        locations = locations_of(cursor, (a for a in addresses if a is not None), using=using)
        submission_ids = store.insert_submissions(
            cursor,
            [
                store.NewSubmission(
                    environment=one.environment,
                    sender_id=one.checked.origin.sender_id,
                    key_id=one.checked.origin.key_id,
                    received_at=one.checked.received_at,
                    ids=[p.id for p in one.items],
                    leaf_hashes=[p.leaf_hash for p in one.items],
                )
                for one in fresh
            ],
        )
        rows: list[bytes] = []
        derived = zip(items, clients, addresses, strict=True)
        for one, submission_id in zip(fresh, submission_ids, strict=True):
            submission = pack_submission(
                one.checked.origin,
                environment=one.environment,
                received_at=one.checked.received_at,
                submission_id=submission_id,
            )
            for ordinal in range(len(one.items)):
                item, client, address = next(derived)
                where, country = locations.get(address or "", (None, None))
                numbers = Numbers(
                    type=types[item.event.type],
                    outcome=OUTCOME_NUMBERS.get(item.event.outcome or ""),
                    client=known[client] if client else None,
                    country=country,
                )
                rows.append(
                    make_row(
                        item, ordinal=ordinal, submission=submission, numbers=numbers, where=where
                    )
                )
        # Ordinals are in the order sent; what is written, in that of ids.
        rows.sort()
        store.copy_events(cursor, rows)
        targets = sorted(
            row
            for one in fresh
            for item in one.items
            for row in target_rows(item, environment=one.environment)
        )
        if targets:
            store.copy_targets(cursor, targets)
        return submission_ids


def _salts(count: int) -> Iterator[bytes]:
    """Yield random bytes for so many events, asked of the system at once."""
    drawn = os.urandom(SALTS_BYTES * count)
    for start in range(0, len(drawn), SALTS_BYTES):
        yield drawn[start : start + SALTS_BYTES]


def _new_event(identified: IdentifiedEvent, salts: bytes) -> NewEvent:
    """Return a new event with its salts and leaf; what is there already needs none."""
    return NewEvent(
        id=identified.id,
        event=identified.prepared.event,
        parts=identified.parts,
        salts=salts,
        leaf_hash=make_leaf_hash(identified.id.bytes, identified.parts, salts),
        redacted=identified.prepared.redacted,
    )


# UUIDs compare in Python, bytes in C.
_in_order = attrgetter("bytes")
_by_rank = itemgetter(0)
