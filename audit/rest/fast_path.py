"""Answers submissions whose heads are known, many at once, without a view's handling of each.

For the front that has read them, and knows that the view would take their heads. What isn't
plainly recorded is left to the view: an unknown key, an event with a problem, a body that can't be
read. So all that needs saying is said in one place.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from django.db import close_old_connections, connections
from django.utils import timezone

from audit.conf import audit_settings
from audit.enrich.proxies import proxied_address
from audit.errors import AuditError, NotRecorded
from audit.ingest.format import Format
from audit.ingest.json.decode import Decoded
from audit.ingest.submission import Submission, check, decode
from audit.record import CheckedSubmission, Origin, Refusal, record_checked
from audit.record.groups import GROUP
from audit.record.idempotency import StoredAnswer

from .problems import problem_of
from .verdicts import answer_of, encode


@dataclass(frozen=True, slots=True, kw_only=True)
class RawSubmission:
    """A submission as it came: uncompressed, without an Idempotency-Key.

    address: of the socket; forwarded_for: as the header says
    """

    token: str
    address: str | None
    forwarded_for: str
    content_type: str
    body: bytes
    form: Format


def answer_one(sent: RawSubmission) -> StoredAnswer | None:
    """Record a submission by itself, however large, and return its answer.

    None: nothing of it is stored, and the view has to answer it.
    """
    if not connections[audit_settings().DATABASE].in_atomic_block:
        close_old_connections()
    checked = _checked(sent)
    if checked is None:
        return None
    try:
        return answer_of(record_checked(checked), sent.form)
    except NotRecorded as error:
        return _not_recorded(error)
    except AuditError:
        return None


def answer_together(sent: Sequence[RawSubmission]) -> list[StoredAnswer | None]:
    """Record small submissions in one transaction, and return their answers in the same order.

    None: nothing of it is stored, and the view has to answer it.
    """
    _drop_lost_connection()
    answers: list[StoredAnswer | None] = [None] * len(sent)
    checked = {place: one for place, one in enumerate(map(_checked, sent)) if one is not None}
    if not checked:
        return answers
    try:
        receipts = GROUP.record(list(checked.values()), using=audit_settings().DATABASE)
    except NotRecorded as error:
        return [_not_recorded(error) if place in checked else None for place in range(len(sent))]
    if receipts is not None:
        for place, receipt in zip(checked, receipts, strict=True):
            answers[place] = answer_of(receipt, sent[place].form)
    return answers


def _drop_lost_connection() -> None:
    """Asked of the client's side alone: where the server's end is gone, the first statement tells,
    the view answers, and the next call finds it out here.
    """
    connection = connections[audit_settings().DATABASE]
    if connection.connection is not None and connection.connection.closed:
        connection.close()


def _not_recorded(error: NotRecorded) -> StoredAnswer:
    return StoredAnswer(status=503, body=encode(problem_of(error)))


def _checked(sent: RawSubmission) -> CheckedSubmission | None:
    """Return the submission, or None where there is more to say of it than that it is recorded."""
    address = proxied_address(sent.address, sent.forwarded_for)
    try:
        key = audit_settings().resolve_key(sent.token, ip_address=address)
        if key is None:
            return None
        submission = Submission(
            body=sent.body,
            form=sent.form,
            content_type=sent.content_type,
            received_at=timezone.now(),
            origin=Origin.of_key(key, ip_address=address),
        )
        checked = check(submission, _understood(decode(submission)))
    except Exception:
        # Whatever it is, the view meets it again, and answers for it and logs it.
        return None
    return None if any(checked.verdicts) else checked


def _understood(decoded: Iterable[Decoded]) -> Iterator[Decoded]:
    """Yield the events one by one: together they may be large. Raises NotUnderstood."""
    for event in decoded:
        if isinstance(event, Refusal):
            raise NotUnderstood
        yield event


class NotUnderstood(AuditError):
    """There is a refusal to tell of."""
