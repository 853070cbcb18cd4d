"""Runs the worker's rounds in an ordered loop; an advisory lock lets one of any number work."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import psycopg
from django.db import DatabaseError, connections
from django.utils import timezone

from audit.conf import audit_settings
from audit.export.jobs import is_waiting
from audit.log.cursor import psycopg_cursor
from audit.log.niceness import make_nicer
from audit.log.one_at_a_time import try_lock
from audit.log.outage import trouble_of
from audit.record.recorder import NOTIFY_CHANNEL
from audit.seal.sealer import Sealed, Sealer
from audit.verify.schedule import is_due as is_verification_due

from . import exports
from .batch import MAX_EVENTS
from .child import Child
from .chores import do_chores
from .maintenance import run as maintenance
from .progress import WORKER_LOCK
from .rollups import count_positions
from .subject_words import backfill_words
from .value_days import KnownValues, backfill_days

POLL_SECONDS = 1.0
# After a round the worker rests so many times as long as the round took, at most so long: what
# arrives meanwhile is counted at once, which costs less and leaves the machine to recording.
REST_FACTOR = 4
MAX_REST_SECONDS = 0.5
CHORES_SECONDS = 60.0
VERIFY_LOOK_SECONDS = 30.0
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """What one round did. events: how many were counted"""

    sealed: Sealed
    events: int

    @property
    def is_idle(self) -> bool:
        return not self.sealed.receipts and not self.sealed.leaves and not self.events

    @property
    def is_full(self) -> bool:
        """Is more waiting, as much as a round takes at a time?"""
        return self.sealed.is_full or self.events >= MAX_EVENTS


def run(stop: threading.Event) -> None:
    """Work until `stop` is set; connect again after a lost connection."""
    using = audit_settings().WORKER_DATABASE
    children = (
        Child(
            exports.COMMAND,
            is_needed=partial(is_waiting, using=using),
            poll_seconds=exports.POLL_SECONDS,
        ),
        Child(
            "verify --due",
            is_needed=lambda: is_verification_due(using=using, now=timezone.now()),
            poll_seconds=VERIFY_LOOK_SECONDS,
        ),
        Child(
            maintenance.COMMAND,
            is_needed=partial(maintenance.is_due, using=using),
            poll_seconds=maintenance.POLL_SECONDS,
        ),
    )
    while not stop.is_set():
        try:
            _work(stop, using, children)
        except (DatabaseError, psycopg.Error, OSError) as error:
            logger.warning("%s Trying again.", trouble_of(error))
            connections[using].close()
            stop.wait(POLL_SECONDS)
    for child in children:
        child.stop()
    connections[using].close()


def do_round(
    *, using: str, known: KnownValues | None = None, sealer: Sealer | None = None
) -> Round:
    """Seal all that waits, then count it. known, sealer: what earlier rounds left"""
    sealed = (sealer or Sealer(using=using)).seal(now=timezone.now())
    return Round(sealed=sealed, events=count_positions(using=using, known=known))


def _work(stop: threading.Event, using: str, children: Sequence[Child]) -> None:
    cursor = psycopg_cursor(using)
    make_nicer(cursor.connection)
    while not try_lock(cursor, WORKER_LOCK):
        if stop.wait(POLL_SECONDS):
            return
    logger.info("The worker is at work.")
    cursor.execute(f"LISTEN {NOTIFY_CHANNEL}")
    chores_due = 0.0
    # Not longer than the connection: another database may be there after it.
    known, sealer = KnownValues(), Sealer(using=using)
    backfills: list[Callable[..., bool]] = [partial(backfill_days, known=known), backfill_words]
    while not stop.is_set():
        if time.monotonic() >= chores_due:
            do_chores(using=using)
            chores_due = time.monotonic() + CHORES_SECONDS
        for child in children:
            child.start_if_needed()
        began = time.monotonic()
        done = do_round(using=using, known=known, sealer=sealer)
        backfills = [backfill for backfill in backfills if backfill(using=using)]
        if done.is_idle and not backfills:
            _wait(using)
        elif not done.is_full:
            stop.wait(min(REST_FACTOR * (time.monotonic() - began), MAX_REST_SECONDS))


def _wait(using: str) -> None:
    """Sleep until a notification comes, at most POLL_SECONDS."""
    for _ in connections[using].connection.notifies(timeout=POLL_SECONDS, stop_after=1):
        return
