"""Records a submission in one transaction, each event once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, get_args

import msgspec
import psycopg
from django.db import DatabaseError, connections, transaction
from psycopg import errors as pg

from audit.conf import audit_settings
from audit.errors import EventsRefused, NotRecorded, Problem, RefusedEvent
from audit.log.generation import TablesEmptied
from audit.log.outage import as_not_recorded
from audit.log.partitions import make_month, month_of
from audit.log.times import from_micros
from audit.redact import mask_problem

from .caches import clear_caches
from .check import check_event, received_micros
from .groups import GROUP
from .ordinals import ranks_of
from .origin import Origin, Receipt, Verdict
from .preparation import PreparedEvent, prepare_events
from .submission import CheckedSubmission
from .submitted import Refusal, SubmittedEvent
from .transaction import NOTIFY_CHANNEL, record_submissions

MAX_ATTEMPTS = 20
MIGRATE_HINT = (
    "Run `manage.py migrate`, and let the search_path of this login begin with the schema in which"
    " that makes tables."
)
OnRefusal = Literal["tell", "raise"]
__all__ = ["NOTIFY_CHANNEL", "check_events", "record_checked", "record_events"]


def record_events(
    events: Iterable[SubmittedEvent],
    *,
    origin: Origin,
    received_at: datetime,
    on_conflict: OnRefusal = "tell",
    on_rejection: OnRefusal = "tell",
) -> Receipt:
    """Record events and return their receipt, after the commit unless the caller has begun a
    transaction of its own: then they are recorded when that commits.

    Each event is read once and released after its parts are made, so that of a generator's
    events only some are held at a time.

    An event that breaks a rule is rejected; one that is there already is a duplicate, or with
    other content a conflict, and the stored one stays. Their verdicts say so, and the
    others are stored; with "raise" EventsRefused is raised, and nothing of the submission
    is stored.

    Raises UnknownEnvironment, and NotRecorded where the database didn't take it: then nothing of
    the submission is stored either. ValueError where it is not said how to tell a refusal.
    """
    policies = {"conflict": on_conflict, "rejected": on_rejection}
    if not set(policies.values()) <= set(get_args(OnRefusal)):
        raise ValueError("on_conflict and on_rejection are 'tell' or 'raise'.")
    raised = {status for status, policy in policies.items() if policy == "raise"}
    checked = check_events(events, origin=origin, received_at=received_at)
    if not raised:
        return record_checked(checked)
    with transaction.atomic(using=audit_settings().DATABASE):
        receipt = record_checked(checked)
        _raise_refused(receipt, raised)
    return receipt


def _raise_refused(receipt: Receipt, statuses: set[str]) -> None:
    refused = tuple(
        RefusedEvent(index, verdict.status, tuple(map(mask_problem, verdict.problems)))
        for index, verdict in enumerate(receipt.verdicts)
        if verdict.status in statuses
    )
    if refused:
        raise EventsRefused(refused)


def check_events(
    events: Iterable[SubmittedEvent | Refusal], *, origin: Origin, received_at: datetime
) -> CheckedSubmission:
    """Do what needs no database: the first half of `record_events`.

    A refusal is rejected, with the rules that its understood part breaks.
    """
    received_us = received_micros(received_at)
    verdicts: list[Verdict | None] = []

    def all_problems(refusal: Refusal) -> tuple[Problem, ...]:
        if refusal.rest is None:
            return refusal.problems
        broken = check_event(refusal.rest, origin=origin, received_us=received_us)[1]
        return (*refusal.problems, *broken)

    def without_problems() -> Iterator[tuple[int, SubmittedEvent, int]]:
        for index, submitted in enumerate(events):
            if isinstance(submitted, Refusal):
                verdicts.append(Verdict(status="rejected", problems=all_problems(submitted)))
                continue
            time_us, problems = check_event(submitted, origin=origin, received_us=received_us)
            verdicts.append(Verdict(status="rejected", problems=problems) if problems else None)
            if not problems:
                yield index, submitted, time_us

    prepared = list(prepare_events(without_problems(), origin=origin))
    ranks = ranks_of([one.event for one in prepared])
    return CheckedSubmission(
        origin=origin,
        received_at=received_at,
        events=[_timed(one, rank) for one, rank in zip(prepared, ranks, strict=True)],
        ranks=ranks,
        verdicts=verdicts,
    )


def _timed(prepared: PreparedEvent, rank: int) -> PreparedEvent:
    """What came without a time happened when it was received, in the submission's order."""
    if prepared.event.time is not None or not rank:
        return prepared
    return msgspec.structs.replace(prepared, time_us=prepared.time_us + rank)


def record_checked(checked: CheckedSubmission) -> Receipt:
    """Store what was checked: the second half of `record_events`.

    In a transaction of the caller's it works in savepoints: what goes wrong here breaks nothing of
    theirs. Raises TransactionManagementError where that transaction is broken already.
    """
    using = audit_settings().DATABASE
    connections[using].validate_no_broken_transaction()
    if not checked.events:
        return checked.receipt(None, ())
    if len(checked.events) <= GROUP.max_events and not connections[using].in_atomic_block:
        receipts = GROUP.record([checked], using=using)
        if receipts is not None:
            return receipts[0]
    return _record_retrying(checked, using)


def _record_retrying(checked: CheckedSubmission, using: str) -> Receipt:
    is_made = False
    for attempt in range(MAX_ATTEMPTS):
        try:
            with transaction.atomic(using=using):
                return record_submissions([checked], using=using, is_retry=attempt > 0)[0]
        except (pg.UniqueViolation, pg.DeadlockDetected, pg.SerializationFailure) as error:
            # Some are there, perhaps since another request was quicker: now they can be looked up.
            lost: Exception = error
        except TablesEmptied as error:
            lost = error
            clear_caches()
        except pg.CheckViolation as error:
            if "no partition" not in str(error):
                raise
            if is_made:
                raise NotRecorded(
                    f"Partitions were made, and yet {error}. {MIGRATE_HINT}"
                ) from error
            lost = error
            _make_missing_months(checked.events)
            is_made = True
        except pg.UndefinedTable as error:
            raise NotRecorded(f"{error.diag.message_primary}. {MIGRATE_HINT}") from error
        except (
            psycopg.OperationalError,
            psycopg.InterfaceError,
            pg.ReadOnlySqlTransaction,
            DatabaseError,
        ) as error:
            raise as_not_recorded(error) from error
    raise NotRecorded("Too many requests sent the same events at once; send again.") from lost


def _make_missing_months(events: Sequence[PreparedEvent]) -> None:
    latest = max(event.time_us for event in events)
    make_month(month_of(from_micros(latest)))
