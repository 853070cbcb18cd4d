"""Groups the small requests that wait in one process into one commit.

One thread records at a time, all that waits; whoever comes meanwhile waits for the next turn. So
a lone request waits for nobody, and the more come at once, the more share a transaction. Where the
transaction fails before its commit, for whatever reason, nothing of it is stored, and each request
is left to record by itself: what is wrong with one is never another's answer.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence
from itertools import islice

from django.db import transaction
from psycopg.errors import LockNotAvailable

from audit.errors import NotRecorded
from audit.log.outage import outage_of

from .origin import Receipt
from .submission import CheckedSubmission
from .transaction import record_submissions

MAX_EVENTS = 20
# A row that another transaction holds: the others of the group need not wait for it.
LOCK_TIMEOUT_MS = 100


class _Waiting:
    """Submissions of one caller that wait for their turn.

    States: waiting; taken, and then with receipts, with an error, or (not recorded) with neither.
    """

    __slots__ = ("batch", "error", "is_taken", "receipts")

    def __init__(self, batch: Sequence[CheckedSubmission]) -> None:
        self.batch = batch
        self.is_taken = False
        self.receipts: list[Receipt] | None = None
        self.error: NotRecorded | None = None


class Group:
    """The small submissions of one process; max_events: those with more go by themselves."""

    def __init__(self, *, max_events: int) -> None:
        self.max_events = max_events
        self._waiting: deque[_Waiting] = deque()
        # Guards the recording; what it is held for is in `_waiting` before it is asked for.
        self._turn = threading.Lock()

    def record(self, batch: Sequence[CheckedSubmission], *, using: str) -> list[Receipt] | None:
        """Return the receipts, after the commit, or None where each has to be recorded alone.

        Raises NotRecorded where nobody can know whether they were.
        """
        mine = _Waiting(batch)
        self._waiting.append(mine)
        with self._turn:
            if not mine.is_taken:
                self._record_waiting(using)
        if mine.error is not None:
            raise mine.error
        return mine.receipts

    def _record_waiting(self, using: str) -> None:
        taken: list[_Waiting] = []
        while self._waiting:
            one = self._waiting.popleft()
            one.is_taken = True
            taken.append(one)
        try:
            receipts = _record_in_one([each for one in taken for each in one.batch], using=using)
        except NotRecorded as error:
            for one in taken:
                one.error = NotRecorded(str(error), reason=error.reason)
                one.error.__cause__ = error.__cause__
            return
        if receipts is not None:
            in_order = iter(receipts)
            for one in taken:
                one.receipts = list(islice(in_order, len(one.batch)))


def _record_in_one(batch: Sequence[CheckedSubmission], *, using: str) -> list[Receipt] | None:
    """Record submissions in a transaction of their own, and return their receipts after its commit.

    None: nothing is stored, and each has to be recorded by itself. Raises NotRecorded where the
    commit itself failed: a second try could store an event without an id twice. Not where it waited
    too long for a lock, as NOTIFY takes one before: then the server says that nothing is stored.
    """
    is_whole = False
    try:
        with transaction.atomic(using=using):
            receipts = record_submissions(batch, using=using, lock_timeout_ms=LOCK_TIMEOUT_MS)
            is_whole = True
    except Exception as error:
        if not is_whole or isinstance(error.__cause__, LockNotAvailable):
            # Whatever it is, the one that it is about meets it again, and by itself.
            return None
        outage = outage_of(error)
        reason = outage.reason if outage is not None else None
        message = "The database went away while it was recording."
        raise NotRecorded(message, reason=reason) from error
    return receipts


GROUP = Group(max_events=MAX_EVENTS)
