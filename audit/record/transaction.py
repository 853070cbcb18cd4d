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

from audit.log.cursor import own_cursor
from audit.log.event_types import type_numbers
from audit.log.ids import event_id, random_event_id, timeless_hash
from audit.log.registry import OUTCOME_NUMBERS, environment_number
from audit.log.times import format_time
from audit.record.evidence.parts import Parts, make_head, make_leaf_hash
from audit.record.evidence.rows import Numbers, Prepared, make_row, pack_submission, target_rows

from . import store
from .clients import client_of, ensure_clients
from .origin import Origin, Receipt, Verdict
from .places import locations_of
from .preparation import Ready
from .secret import id_secret
from .submission import Checked
from .verdicts import Draft, known_before, recorded

SALTS_BYTES = 48
# Of a large submission so many ids are looked up first, evenly spread over its time.
PROBES = 16
NOTIFY_CHANNEL = "audit_pending"
NOTIFY_SECONDS = 0.1
_last_notified = 0.0


def record_together(
    batch: Sequence[Checked],
    *,
    using: str,
    lock_timeout_ms: int | None = None,
    is_again: bool = False,
) -> list[Receipt]:
    """Record submissions inside the transaction that is open, and return their receipts.

    lock_timeout_ms: how long to wait for a row that another transaction holds; None for as long
    as it takes. is_again: some events may be there though a few probes were not. Raises what the
    database raises (UniqueViolation where some were there), and UnknownEnvironment.
    """
    cursor = own_cursor(using)
    if lock_timeout_ms is not None:
        cursor.execute(f"SET LOCAL lock_timeout = {lock_timeout_ms:d}")
    receipts = _Together(cursor, using=using, is_again=is_again).record(batch)
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
class _Fresh:
    """What is new of a submission: its events in the order of their ordinals."""

    checked: Checked
    environment: int
    items: Sequence[Prepared]


class _Together:
    """Submissions that are recorded by one look-up, one COPY and one commit, in their order.

    An event that an earlier one of them has is a duplicate in a later one, as it would be had
    they come one after the other.
    """

    def __init__(self, cursor: psycopg.Cursor[Any], *, using: str, is_again: bool) -> None:
        self.cursor = cursor
        self.using = using
        self.is_again = is_again

    def record(self, batch: Sequence[Checked]) -> list[Receipt]:
        """Record inside the transaction that is open; raises what the database raises."""
        numbers = [environment_number(self.cursor, one.origin.environment) for one in batch]
        drafts = [self._draft(one) for one in batch]
        stored = self._find_stored(numbers, drafts)
        salts = _salts(sum(map(len, drafts)))
        new: dict[UUID, Prepared] = {}
        fresh: list[list[Prepared]] = []
        verdicts: list[list[Verdict]] = []
        for one, listed in zip(batch, drafts, strict=True):
            own: list[tuple[int, Prepared]] = []
            told = []
            for place, draft in zip(one.places, listed, strict=True):
                known = (stored and stored.get(draft.id)) or new.get(draft.id)
                if known is None:
                    known = new[draft.id] = _prepared(draft, next(salts))
                    own.append((place, known))
                    told.append(recorded(known))
                else:
                    told.append(known_before(draft, known))
            fresh.append([item for _, item in sorted(own, key=_by_place)])
            verdicts.append(told)
        ids = self._insert(
            [
                _Fresh(one, number, own)
                for one, number, own in zip(batch, numbers, fresh, strict=True)
                if own
            ]
        )
        numbered = iter(ids)
        return [
            one.receipt(next(numbered) if own else None, told)
            for one, own, told in zip(batch, fresh, verdicts, strict=True)
        ]

    def _find_stored(
        self, numbers: Sequence[int], drafts: Sequence[Sequence[Draft]]
    ) -> Mapping[UUID, store.Stored]:
        named: dict[int, set[UUID]] = {}
        for number, listed in zip(numbers, drafts, strict=True):
            named.setdefault(number, set()).update(
                draft.id for draft in listed if draft.ready.event.id is not None
            )
        stored: dict[UUID, store.Stored] = {}
        looks_up_all = self.is_again or len(drafts) > 1
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

    def _draft(self, one: Checked) -> list[Draft]:
        received = format_time(one.received_at)
        drafts = []
        for ready, id_ in zip(one.good, self._ids(one.good, one.origin), strict=True):
            head = make_head(
                ready.event, event_id=str(id_), origin=one.origin, received_at=received
            )
            drafts.append(Draft(id_, ready, Parts(head, ready.personal, ready.details)))
        return drafts

    def _ids(self, good: Sequence[Ready], origin: Origin) -> list[UUID]:
        secret = id_secret(self.cursor)
        ids: list[UUID] = []
        timeless: dict[bytes, list[int]] = {}
        for place, ready in enumerate(good):
            event, time_us = ready.event, ready.time_us
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
                timeless.setdefault(hashed, []).append(place)
        if timeless:
            given = store.claim_timeless(self.cursor, {h: ids[p[0]] for h, p in timeless.items()})
            for hashed, places in timeless.items():
                for place in places:
                    ids[place] = given[hashed]
        return ids

    def _insert(self, fresh: Sequence[_Fresh]) -> list[int]:
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


def _prepared(draft: Draft, salts: bytes) -> Prepared:
    """Return a new event with its salts and leaf; what is there already needs none."""
    return Prepared(
        id=draft.id,
        event=draft.ready.event,
        parts=draft.parts,
        salts=salts,
        leaf_hash=make_leaf_hash(draft.id.bytes, draft.parts, salts),
        redacted=draft.ready.redacted,
    )


# UUIDs compare in Python, bytes in C.
_in_order = attrgetter("bytes")
_by_place = itemgetter(0)
