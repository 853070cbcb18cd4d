"""How are many submissions answered at once, without a view's handling of each?

For the front that has read them, and knows that the view would take their heads. What isn't
plainly recorded is left to the view: an unknown key, an event with a problem, a body that can't be
read. So all that needs saying is said in one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.db import close_old_connections, connections
from django.utils import timezone

from audit.conf import audit_settings
from audit.enrich.proxies import proxied_address
from audit.errors import AuditError, NotRecorded
from audit.ingest.format import Format
from audit.ingest.json.decode import DecodedBody, Refusal
from audit.record import (
    CheckedSubmission,
    Origin,
    Receipt,
    SubmittedEvent,
    check_events,
    record_checked,
)
from audit.record.groups import record_in_one
from audit.record.idempotency import StoredAnswer

from .problems import problem_of
from .verdicts import answer_of, encode, in_words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A submission as it came: uncompressed, without an Idempotency-Key.

    address: of the socket; forwarded_for: as the header says
    """

    token: str
    address: str | None
    forwarded_for: str
    content_type: str
    body: bytes
    form: Format


def answer_submission(sent: Sent) -> StoredAnswer | None:
    """Record a submission by itself, however large, and return its answer.

    None: nothing of it is stored, and the view has to answer it.
    """
    if not connections[audit_settings().DATABASE].in_atomic_block:
        close_old_connections()
    checked = _checked(sent)
    if checked is None:
        return None
    try:
        receipt = record_checked(checked)
    except NotRecorded as error:
        return _not_recorded(error)
    except AuditError:
        return None
    return _answer(receipt, sent)


def answer_submissions(sent: Sequence[Sent]) -> list[StoredAnswer | None]:
    """Record small submissions in one transaction, and return their answers in the same order.

    None: nothing of it is stored, and the view has to answer it.
    """
    using = audit_settings().DATABASE
    _drop_lost_connection(using)
    checked = [_checked(one) for one in sent]
    good = [one for one in checked if one is not None]
    taken = [one for one, is_good in zip(sent, checked, strict=True) if is_good is not None]
    if not good:
        return [None] * len(sent)
    answers: list[StoredAnswer | None]
    try:
        receipts = record_in_one(good, using=using)
    except NotRecorded as error:
        answers = [_not_recorded(error)] * len(good)
    else:
        if receipts is None:
            answers = [None] * len(good)
        else:
            answers = [_answer(*pair) for pair in zip(receipts, taken, strict=True)]
    in_order = iter(answers)
    return [None if one is None else next(in_order) for one in checked]


def _answer(receipt: Receipt, sent: Sent) -> StoredAnswer:
    return answer_of(receipt, [in_words_of(sent.form, verdict) for verdict in receipt.verdicts])


def _drop_lost_connection(using: str) -> None:
    """Asked of the client's side alone: where the server's end is gone, the first statement tells,
    the view answers, and the next call finds it out here.
    """
    connection = connections[using]
    if connection.connection is not None and connection.connection.closed:
        connection.close()


def _not_recorded(error: NotRecorded) -> StoredAnswer:
    return StoredAnswer(status=503, body=encode(problem_of(error)))


def _checked(sent: Sent) -> CheckedSubmission | None:
    """Return the submission, or None where there is more to say of it than that it is recorded."""
    address = proxied_address(sent.address, sent.forwarded_for)
    try:
        key = audit_settings().resolve_key(sent.token, ip_address=address)
        if key is None:
            return None
        origin = Origin.of_key(key, ip_address=address)
        decoded = sent.form.decode(sent.body, content_type=sent.content_type)
        checked = check_events(_understood(decoded), origin=origin, received_at=timezone.now())
    except Exception:
        # Whatever it is, the view meets it again, and answers for it and logs it.
        return None
    return None if any(checked.verdicts) or not checked.events else checked


def _understood(decoded: DecodedBody) -> Iterator[SubmittedEvent]:
    """Yield the events one by one: together they may be large. Raises NotUnderstood."""
    for event in decoded:
        if isinstance(event, Refusal):
            raise NotUnderstood
        yield event


class NotUnderstood(AuditError):
    """There is a refusal to tell of."""
