"""Takes a submission from its bytes to its answer, whichever door it came through.

A door makes a `Submission` of a request, and words the receipt in the shape of its protocol. What
lies between is here: decode, check, record, keep what is rejected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from django.db import transaction

from audit.conf import audit_settings
from audit.errors import Problem
from audit.log.cursor import psycopg_cursor
from audit.record import CheckedSubmission, Origin, Receipt, check_events, record_checked
from audit.record.idempotency import IdempotentRequest, StoredAnswer, claim, store_answer
from audit.record.rejected import PreparedRejections, Rejection, prepare_rejected, store_rejected

from .format import NDJSON, Format
from .json.decode import Decoded, DecodedBody, NotReadable
from .json.split import Bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Submission:
    """A request that submits events. body: without its Content-Encoding"""

    body: Bytes
    form: Format
    content_type: str
    origin: Origin
    received_at: datetime
    idempotency_key: str | None = None


# The receipt has the verdicts of all events of the request, in order; pointers are to our members.
Wording = Callable[[Receipt, Format], StoredAnswer]


def take(submission: Submission, *, word: Wording) -> StoredAnswer:
    """Record a submission, keep what is rejected of it, and return the answer.

    An Idempotency-Key gets its first answer again. The answer to it, the events and the rejections
    are stored in one transaction. Raises NotReadable, TooManyEvents, InFlight, KeyReused,
    UnknownEnvironment, NotRecorded.
    """
    try:
        decoded = decode(submission)
    except NotReadable as error:
        _keep_unreadable(submission, error)
        raise
    checked = check(submission, decoded)
    rejections = _rejections(checked, decoded.texts, submission.form)
    prepared = _prepare(submission, rejections) if rejections else None
    named = _idempotent_request(submission)
    using, received_at = audit_settings().DATABASE, submission.received_at
    with transaction.atomic(using=using) if named or prepared else nullcontext():
        if named:
            first = claim(named, received_at=received_at, cursor=psycopg_cursor(using))
            if first is not None:
                return first
        answer = word(record_checked(checked), submission.form)
        if named:
            store_answer(named, answer, received_at=received_at, cursor=psycopg_cursor(using))
        if prepared:
            store_rejected(prepared, cursor=psycopg_cursor(using))
    return answer


def decode(submission: Submission) -> DecodedBody:
    """Return the events of the body. Raises NotReadable, TooManyEvents."""
    return submission.form.decode(submission.body, content_type=submission.content_type)


def check(submission: Submission, decoded: Iterable[Decoded]) -> CheckedSubmission:
    """Return the events, ready to be recorded, and the verdicts of those that are rejected."""
    return check_events(decoded, origin=submission.origin, received_at=submission.received_at)


def _rejections(
    checked: CheckedSubmission, texts: Sequence[memoryview], form: Format
) -> list[Rejection]:
    return [
        Rejection(
            index=index, text=texts[index], problems=form.at_senders_members(verdict.problems)
        )
        for index, verdict in enumerate(checked.verdicts)
        if verdict is not None
    ]


def _keep_unreadable(submission: Submission, error: NotReadable) -> None:
    """Of an empty body there is nothing to keep."""
    if not submission.body.strip():
        return
    where = "" if error.offset is None else f" (byte {error.offset:,})"
    problem = Problem("", f"{error}{where}")
    rejection = Rejection(index=None, text=submission.body, problems=(problem,))
    using = audit_settings().DATABASE
    with transaction.atomic(using=using):
        store_rejected(_prepare(submission, [rejection]), cursor=psycopg_cursor(using))


def _prepare(submission: Submission, rejections: Sequence[Rejection]) -> PreparedRejections:
    return prepare_rejected(
        rejections,
        sent_as=submission.form.name,
        origin=submission.origin,
        received_at=submission.received_at,
        cursor=psycopg_cursor(audit_settings().DATABASE),
    )


def _idempotent_request(submission: Submission) -> IdempotentRequest | None:
    if submission.idempotency_key is None:
        return None
    form = submission.form
    is_lines = form.media_type(submission.content_type) == NDJSON
    digest = sha256(f"{form.name}\n{'lines' if is_lines else 'document'}\n".encode())
    digest.update(submission.body)
    assert submission.origin.sender_id is not None  # of the key that was presented
    return IdempotentRequest(
        sender_id=submission.origin.sender_id,
        key=submission.idempotency_key,
        body_hash=digest.digest(),
    )
