"""How is a submission recorded? In one transaction, each event once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

import psycopg
from django.db import DatabaseError, connections, transaction
from psycopg import errors as pg

from audit.conf import audit_settings
from audit.errors import NotRecorded

from .check import problems_of, received_micros
from .checked import Checked
from .groups import GROUP
from .log import make_month, month_of
from .origin import Origin, Receipt, Verdict
from .ready import Ready, make_ready
from .submitted import SubmittedEvent
from .times import from_micros
from .together import NOTIFY_CHANNEL, record_together

MAX_ATTEMPTS = 20
__all__ = ["NOTIFY_CHANNEL", "check_events", "record_checked", "record_events"]


def record_events(
    events: Iterable[SubmittedEvent], *, origin: Origin, received_at: datetime
) -> Receipt:
    """Record events and return their receipt, after the commit unless the caller has begun a
    transaction of its own: then they are recorded when that commits.

    Each event is taken once and let go soon after its parts are made, so that of a generator's
    events only some are held at a time.

    An event that breaks a rule is rejected; one that is there already is a duplicate, or with
    other content a conflict, and the stored one stays. Raises UnknownEnvironment, and NotRecorded
    where the database didn't take it: then nothing of the submission is stored.
    """
    return record_checked(check_events(events, origin=origin, received_at=received_at))


def check_events(
    events: Iterable[SubmittedEvent], *, origin: Origin, received_at: datetime
) -> Checked:
    """Do what needs no database: the first half of `record_events`."""
    received_us = received_micros(received_at)
    verdicts: list[Verdict | None] = []

    def without_problems() -> Iterator[tuple[int, SubmittedEvent, int]]:
        for index, event in enumerate(events):
            time_us, problems = problems_of(event, origin=origin, received_us=received_us)
            verdicts.append(Verdict(status="rejected", problems=problems) if problems else None)
            if not problems:
                yield index, event, time_us

    good = list(make_ready(without_problems(), origin=origin))
    return Checked(origin=origin, received_at=received_at, good=good, verdicts=verdicts)


def record_checked(checked: Checked) -> Receipt:
    """Store what was checked: the second half of `record_events`.

    In a transaction of the caller's it works in savepoints: what goes wrong here breaks nothing of
    theirs. Raises TransactionManagementError where that transaction is broken already.
    """
    using = audit_settings().DATABASE
    connections[using].validate_no_broken_transaction()
    if not checked.good:
        return checked.receipt(None, ())
    if len(checked.good) <= GROUP.max_events and not connections[using].in_atomic_block:
        receipt = GROUP.record(checked, using=using)
        if receipt is not None:
            return receipt
    return _record_retrying(checked, using)


def _record_retrying(checked: Checked, using: str) -> Receipt:
    for attempt in range(MAX_ATTEMPTS):
        try:
            with transaction.atomic(using=using):
                return record_together([checked], using=using, is_again=attempt > 0)[0]
        except (pg.UniqueViolation, pg.DeadlockDetected, pg.SerializationFailure) as error:
            # Some are there, perhaps since another request was quicker: now they can be looked up.
            lost: Exception = error
        except pg.CheckViolation as error:
            if "no partition" not in str(error):
                raise
            lost = error
            _make_missing_months(checked.good)
        except (psycopg.OperationalError, psycopg.InterfaceError, DatabaseError) as error:
            raise NotRecorded("The database is not reachable; nothing was recorded.") from error
    raise NotRecorded("Too many requests sent the same events at once; send again.") from lost


def _make_missing_months(good: Sequence[Ready]) -> None:
    latest = max(ready.time_us for ready in good)
    make_month(month_of(from_micros(latest)))
