"""How is a submission recorded? In one transaction, each event once."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import DatabaseError, transaction
from psycopg import errors as pg

from audit.conf import audit_settings
from audit.errors import NotRecorded
from audit.redact import mask_event, may_hold_secret

from . import store
from .check import problems_of, received_micros
from .clients import client_of, ensure_clients
from .ids import event_id, random_event_id, timeless_hash
from .log import make_month, month_of
from .origin import Origin, Receipt, Verdict
from .parts import Parts, make_leaf_hash, make_parts, sender_content
from .places import address_of, places_of
from .registry import OUTCOME_NUMBERS, environment_number, type_numbers
from .rows import Numbers, Prepared, make_row, target_rows
from .secret import id_secret
from .submitted import SubmittedEvent, Workspace
from .times import format_time, from_micros

MAX_ATTEMPTS = 20
NOTIFY_CHANNEL = "audit_pending"
NOTIFY_SECONDS = 0.1
SALTS_BYTES = 48
_last_notified = 0.0


def record_events(
    events: Sequence[SubmittedEvent], *, origin: Origin, received_at: datetime
) -> Receipt:
    """Record events and return their receipt, after the commit unless the caller has begun a
    transaction of its own: then they are recorded when that commits.

    An event that breaks a rule is rejected; one that is there already is a duplicate, or with
    other content a conflict, and the stored one stays. Raises UnknownEnvironment, and NotRecorded
    where the database didn't take it: then nothing of the submission is stored.
    """
    using = audit_settings().DATABASE
    received_us = received_micros(received_at)
    verdicts: list[Verdict | None] = [None] * len(events)
    good: list[tuple[int, SubmittedEvent, int]] = []
    for index, event in enumerate(events):
        time_us, problems = problems_of(event, origin=origin, received_us=received_us)
        if problems:
            verdicts[index] = Verdict(status="rejected", problems=problems)
        else:
            good.append((index, _bound(event, origin), time_us))
    submission_id = None
    if good:
        submission_id = _record_retrying(good, verdicts, origin, received_at, using)
    return Receipt(
        submission_id=submission_id,
        received_at=received_at,
        verdicts=tuple(v for v in verdicts if v is not None),
    )


def _bound(event: SubmittedEvent, origin: Origin) -> SubmittedEvent:
    """A key that is bound to a workspace fills it in."""
    if origin.workspace is None or event.workspace is not None:
        return event
    return msgspec.structs.replace(event, workspace=Workspace(id=origin.workspace))


def _record_retrying(
    good: Sequence[tuple[int, SubmittedEvent, int]],
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


def _make_missing_months(good: Sequence[tuple[int, SubmittedEvent, int]]) -> None:
    latest = max(time_us for _, _, time_us in good)
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
        good: Sequence[tuple[int, SubmittedEvent, int]],
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

    def _prepare(self, good: Sequence[tuple[int, SubmittedEvent, int]]) -> list[Prepared]:
        ids = self._ids(good)
        received = format_time(self.received_at)
        salts = os.urandom(SALTS_BYTES * len(good))
        prepared = []
        for number, ((index, given, _), id_) in enumerate(zip(good, ids, strict=True)):
            event, parts, redacted = self._masked_parts(given, str(id_), received)
            own_salts = salts[number * SALTS_BYTES : (number + 1) * SALTS_BYTES]
            prepared.append(
                Prepared(
                    index=index,
                    id=id_,
                    event=event,
                    parts=parts,
                    salts=own_salts,
                    leaf_hash=make_leaf_hash(id_.bytes, parts, own_salts),
                    redacted=redacted,
                )
            )
        return prepared

    def _masked_parts(
        self, event: SubmittedEvent, event_id: str, received_at: str
    ) -> tuple[SubmittedEvent, Parts, tuple[str, ...]]:
        """Return an event without secrets, its parts, and where secrets were.

        The parts of nearly every event are screened and done; what may hold a secret is walked,
        and divided anew. The head holds ids, types and times alone, which no rule touches.
        """
        origin, environment = self.origin, self.origin.environment
        parts = make_parts(event, event_id=event_id, origin=origin, received_at=received_at)
        if not may_hold_secret(parts.personal, parts.details, environment=environment):
            return event, parts, ()
        event, redacted = mask_event(event, environment=environment)
        if redacted:
            parts = make_parts(event, event_id=event_id, origin=origin, received_at=received_at)
        return event, parts, redacted

    def _ids(self, good: Sequence[tuple[int, SubmittedEvent, int]]) -> list[UUID]:
        origin = self.origin
        secret = id_secret(self.cursor)
        ids: list[UUID] = []
        timeless: dict[bytes, list[int]] = {}
        for place, (_, event, time_us) in enumerate(good):
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
