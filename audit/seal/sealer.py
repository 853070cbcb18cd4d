"""Seals what is recorded: positions, then the tree, then a signature after the commit of both."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TypeVar

from django.db import transaction

from audit.errors import LogBroken
from audit.log.cursor import psycopg_cursor
from audit.roles import SEALER, acting_as

from .alarms import BROKEN_LOG, SIGNING_KEY, clear_alarms, raise_alarm, told_alarms
from .checkpoints import sign_checkpoint, unsigned_environments
from .log_keys import SigningKeys, signing_keys
from .positions import MAX_SUBMISSIONS, give_positions, pending_environments
from .tree import MAX_LEAVES, grow_tree, unsealed_environments

KEY_CHECK = timedelta(seconds=5)
# So long a broken log is left alone before it is tried again: others go on meanwhile.
BROKEN_PAUSE = timedelta(minutes=1)
_T = TypeVar("_T")
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What one round did: receipts that got positions, leaves that the trees took."""

    receipts: int = 0
    leaves: int = 0

    @property
    def is_full(self) -> bool:
        """Is more waiting, as much as a round takes at a time?"""
        return self.receipts >= MAX_SUBMISSIONS or self.leaves >= MAX_LEAVES


class Sealer:
    """Seals round by round; what it keeps between them is when to look again, nothing else."""

    def __init__(self, *, using: str) -> None:
        self._using = using
        self._keys: SigningKeys | None = None
        self._keys_read_at: datetime | None = None
        self._broken: dict[int, datetime] = {}

    def seal(self, *, now: datetime) -> Sealed:
        """Give positions, grow the trees and sign what grew. Raises DatabaseError."""
        cursor = psycopg_cursor(self._using)
        receipts = sum(
            give_positions(number, using=self._using) for number in pending_environments(cursor)
        )
        leaves = sum(
            self._guarded(number, now, partial(grow_tree, number, using=self._using)) or 0
            for number in unsealed_environments(cursor)
        )
        self._sign(now)
        return Sealed(receipts=receipts, leaves=leaves)

    def _sign(self, now: datetime) -> None:
        keys = self._current_keys(now)
        if not keys.keys:
            return
        for number in unsigned_environments(psycopg_cursor(self._using), now=now):
            sign = partial(sign_checkpoint, number, keys=keys.keys, now=now, using=self._using)
            self._guarded(number, now, sign)

    def _guarded(self, number: int, now: datetime, step: Callable[[], _T]) -> _T | None:
        """Do a step for one log; where that is broken raise an alarm, and let the others go on."""
        if self._broken.get(number, now) > now:
            return None
        try:
            return step()
        except LogBroken as error:
            self._broken[number] = now + BROKEN_PAUSE
            logger.error("%s", error)
            with transaction.atomic(using=self._using):
                cursor = psycopg_cursor(self._using)
                with acting_as(cursor, SEALER):
                    raise_alarm(cursor, BROKEN_LOG, str(error), environment=number, now=now)
            return None

    def _current_keys(self, now: datetime) -> SigningKeys:
        if (
            self._keys is None
            or self._keys_read_at is None
            or (now - self._keys_read_at >= KEY_CHECK)
        ):
            self._keys = signing_keys(psycopg_cursor(self._using), now=now)
            self._keys_read_at = now
            self._tell(self._keys, now)
        return self._keys

    def _tell(self, keys: SigningKeys, now: datetime) -> None:
        """Raise an alarm where nothing can be signed, and clear it where that is over.

        Nothing is written where it is told already: this is asked every KEY_CHECK.
        """
        message = keys.message if keys.problem not in (None, "off") else None
        if told_alarms(psycopg_cursor(self._using), SIGNING_KEY) == ([message] if message else []):
            return
        with transaction.atomic(using=self._using):
            cursor = psycopg_cursor(self._using)
            with acting_as(cursor, SEALER):
                clear_alarms(cursor, SIGNING_KEY, by="the worker", now=now, but=message)
                if message and raise_alarm(cursor, SIGNING_KEY, message, now=now):
                    logger.error("Nothing is signed: %s", message)
