"""How is a submission recorded? In one transaction, each event once."""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import DatabaseError, connections, transaction
from psycopg import errors as pg

from audit.conf import audit_settings
from audit.errors import NotRecorded

from . import store
from .check import problems_of, received_micros
from .clients import client_of, ensure_clients
from .ids import event_id, random_event_id, timeless_hash
from .log import make_month, month_of
from .origin import Origin, Receipt, Verdict
from .parts import Parts, make_head, make_leaf_hash, sender_content
from .places import address_of, places_of
from .ready import Ready, make_ready
from .registry import OUTCOME_NUMBERS, environment_number, type_numbers
from .rows import Numbers, Prepared, make_row, target_rows
from .secret import id_secret
from .submitted import SubmittedEvent
from .times import format_time, from_micros

MAX_ATTEMPTS = 20
NOTIFY_CHANNEL = "audit_pending"
NOTIFY_SECONDS = 0.1
SALTS_BYTES = 48
_last_notified = 0.0


def record_events(
    events: Iterable[SubmittedEvent], *, origin: Origin, received_at: datetime
) -> Receipt:
    """Record events and return their receipt, after the commit unless the caller has begun a
    transaction of its own: then they are recorded when that commits.

    Each event is taken once and let go as soon as its parts are made, so that a generator never
    holds more than one of them.

    An event that breaks a rule is rejected; one that is there already is a duplicate, or with
    other content a conflict, and the stored one stays. Raises UnknownEnvironment, and NotRecorded
    where the database didn't take it: then nothing of the submission is stored.
    """
    return record_checked(check_events(events, origin=origin, received_at=received_at))


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A submission of which nothing is stored yet; verdicts: of the rejected, else None."""

    origin: Origin
    received_at: datetime
    good: Sequence[Ready]
    verdicts: Sequence[Verdict | None]


def check_events(
    events: Iterable[SubmittedEvent], *, origin: Origin, received_at: datetime
) -> Checked:
    """Do what needs no database: the first half of `record_events`."""
    received_us = received_micros(received_at)
    verdicts: list[Verdict | None] = []
    good: list[Ready] = []
    for index, event in enumerate(events):
        time_us, problems = problems_of(event, origin=origin, received_us=received_us)
        verdicts.append(Verdict(status="rejected", problems=problems) if problems else None)
        if not problems:
            good.append(make_ready(event, index=index, time_us=time_us, origin=origin))
    return Checked(origin=origin, received_at=received_at, good=good, verdicts=verdicts)


def record_checked(checked: Checked) -> Receipt:
    """Store what was checked: the second half of `record_events`.

    In a transaction of the caller's it works in savepoints: what goes wrong here breaks nothing of
    theirs. Raises TransactionManagementError where that transaction is broken already.
    """
    using = audit_settings().DATABASE
    connections[using].validate_no_broken_transaction()
    verdicts = list(checked.verdicts)
    submission_id = None
    if checked.good:
        submission_id = _record_retrying(
            checked.good, verdicts, checked.origin, checked.received_at, using
        )
    return Receipt(
        submission_id=submission_id,
        received_at=checked.received_at,
        verdicts=tuple(v for v in verdicts if v is not None),
    )


def _record_retrying(
    good: Sequence[Ready],
    verdicts: list[Verdict | None],
    origin: Origin,
    received_at: datetime,
    using: str,
) -> int | None:
    for _ in range(MAX_ATTEMPTS):
        try:
            with transaction.atomic(using=using):
                return _Recording(origin, received_at, using).record(good, verdicts)
        except (pg.UniqueViolation, pg.DeadlockDetected, pg.SerializationFailure) as error:
            # Another request was quicker with some of the events: now they can be looked up.
            lost: Exception = error
        except pg.CheckViolation as error:
            if "no partition" not in str(error):
                raise
            lost = error
            _make_missing_months(good)
        except (psycopg.OperationalError, psycopg.InterfaceError, DatabaseError) as error:
            raise NotRecorded("The database is not reachable; nothing was recorded.") from error
    raise NotRecorded("Too many requests sent the same events at once; send again.") from lost


def _make_missing_months(good: Sequence[Ready]) -> None:
    latest = max(ready.time_us for ready in good)
    make_month(month_of(from_micros(latest)))


class _Recording:
    """One attempt, inside one transaction."""

    def __init__(self, origin: Origin, received_at: datetime, using: str) -> None:
        self.origin = origin
        self.received_at = received_at
        self.using = using
        self.cursor = store.own_cursor(using)
        self.environment = environment_number(self.cursor, origin.environment)

    def record(
        self,
        good: Sequence[Ready],
        verdicts: list[Verdict | None],
    ) -> int | None:
        prepared = self._prepare(good)
        named = sorted({p.id for p in prepared if p.event.id is not None}, key=_in_order)
        stored = store.find_stored(self.cursor, named, environment=self.environment)
        new: dict[UUID, Prepared] = {}
        for item in prepared:
            verdicts[item.index] = _verdict(item, stored.get(item.id), new.get(item.id))
            if item.id not in stored:
                new.setdefault(item.id, item)
        if not new:
            return None
        return self._insert([new[key] for key in sorted(new, key=_in_order)])

    def _prepare(self, good: Sequence[Ready]) -> list[Prepared]:
        ids = self._ids(good)
        received = format_time(self.received_at)
        salts = os.urandom(SALTS_BYTES * len(good))
        prepared = []
        for number, (ready, id_) in enumerate(zip(good, ids, strict=True)):
            head = make_head(
                ready.event, event_id=str(id_), origin=self.origin, received_at=received
            )
            parts = Parts(head, ready.personal, ready.details)
            own_salts = salts[number * SALTS_BYTES : (number + 1) * SALTS_BYTES]
            prepared.append(
                Prepared(
                    index=ready.index,
                    id=id_,
                    event=ready.event,
                    parts=parts,
                    salts=own_salts,
                    leaf_hash=make_leaf_hash(id_.bytes, parts, own_salts),
                    redacted=ready.redacted,
                )
            )
        return prepared

    def _ids(self, good: Sequence[Ready]) -> list[UUID]:
        origin = self.origin
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

    def _insert(self, new: Sequence[Prepared]) -> int:
        cursor, using = self.cursor, self.using
        types = type_numbers(cursor, {p.event.type for p in new}, using=using)
        clients = [client_of(p.event.context) for p in new]
        known = ensure_clients(cursor, (c for c in clients if c is not None), using=using)
        addresses = [address_of(p.event.context.ip) if p.event.context else None for p in new]
        places = places_of(cursor, (a for a in addresses if a is not None), using=using)
        submission_id = store.insert_submission(
            cursor,
            environment=self.environment,
            sender_id=self.origin.sender_id,
            key_id=self.origin.key_id,
            received_at=self.received_at,
            ids=[p.id for p in new],
            leaf_hashes=[p.leaf_hash for p in new],
        )
        rows = []
        for ordinal, (item, client, address) in enumerate(
            zip(new, clients, addresses, strict=True)
        ):
            place, country = places.get(address, (None, None)) if address else (None, None)
            numbers = Numbers(
                environment=self.environment,
                type=types[item.event.type],
                outcome=OUTCOME_NUMBERS.get(item.event.outcome or ""),
                client=known[client] if client else None,
                country=country,
            )
            rows.append(
                make_row(
                    item,
                    ordinal=ordinal,
                    submission_id=submission_id,
                    received_at=self.received_at,
                    origin=self.origin,
                    numbers=numbers,
                    address=address,
                    place=place,
                )
            )
        store.copy_events(cursor, rows)
        targets = sorted(
            row for item in new for row in target_rows(item, environment=self.environment)
        )
        if targets:
            store.copy_targets(cursor, targets)
        _notify(cursor)
        return submission_id


# UUIDs compare in Python, bytes in C.
_in_order = attrgetter("bytes")


def _verdict(item: Prepared, stored: store.Stored | None, earlier: Prepared | None) -> Verdict:
    if stored is not None:
        same = _is_same(item, (stored.head, stored.personal, stored.details))
        status: Any = "duplicate" if same else "conflict"
        return Verdict(status=status, id=item.id, leaf_hash=stored.leaf_hash)
    if earlier is not None:
        texts = (part.decode() for part in earlier.parts)
        status = "duplicate" if _is_same(item, tuple(texts)) else "conflict"
        return Verdict(status=status, id=item.id, leaf_hash=earlier.leaf_hash)
    return Verdict(status="recorded", id=item.id, leaf_hash=item.leaf_hash)


def _is_same(item: Prepared, stored: tuple[str | None, ...]) -> bool:
    """Did the sender say the same before? A part that was erased can't be held against it."""
    head, personal, details = stored
    if personal is not None and personal.encode() != item.parts.personal:
        return False
    if details is not None and details.encode() != item.parts.details:
        return False
    if head is None:
        return True
    ours, theirs = msgspec.json.decode(item.parts.head), msgspec.json.decode(head)
    return sender_content(ours) == sender_content(theirs)


def _notify(cursor: psycopg.Cursor[Any]) -> None:
    """Wake the worker, at most ten times a second: notifying takes a lock at the commit."""
    global _last_notified
    now = time.monotonic()
    if now - _last_notified >= NOTIFY_SECONDS:
        _last_notified = now
        cursor.execute(f"NOTIFY {NOTIFY_CHANNEL}")
