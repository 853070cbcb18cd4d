"""What becomes of what a sender sends, in whichever format? Decode, record, answer."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import nullcontext
from hashlib import sha256

from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from audit.conf import audit_settings
from audit.contracts import SenderKey
from audit.enrich.proxies import sender_address
from audit.errors import Problem
from audit.ingest.format import NDJSON, Format
from audit.ingest.json.decode import DecodedBody, NotReadable, Refusal
from audit.ingest.json.split import Bytes
from audit.ingest.unpack import unpack
from audit.log.cursor import psycopg_cursor
from audit.record import (
    CheckedSubmission,
    Origin,
    Receipt,
    SubmittedEvent,
    Verdict,
    check_events,
    further_problems,
    record_checked,
)
from audit.record.idempotency import IdempotentRequest, StoredAnswer, claim, store_answer
from audit.record.rejected import Rejection, StoredRejection, prepare_rejected, store_rejected

from .bodies import read_body
from .verdicts import answer_of, in_words_of, media_type_of

MAX_KEY_CHARACTERS = 255
REPLAYED = "Idempotency-Replayed"


def submit(request: Request, key: SenderKey, form: Format) -> HttpResponse:
    """Decode a request, record its events, keep what is refused, and answer with verdicts."""
    limit = audit_settings().MAX_UNPACKED_BYTES
    encoding = request.headers.get("Content-Encoding", "")
    body = unpack(read_body(request), encoding=encoding, max_bytes=limit)
    return _Submission(request, key, form).answer(body)


class _Submission:
    """One request, on its one way."""

    def __init__(self, request: Request, key: SenderKey, form: Format) -> None:
        self.form = form
        self.content_type = request.content_type or ""
        self.name = _idempotency_key(request)
        self.received_at = timezone.now()
        self.using = audit_settings().DATABASE
        self.origin = Origin.of_key(key, ip_address=sender_address(request))

    def answer(self, body: Bytes) -> HttpResponse:
        try:
            decoded = self.form.decode(body, content_type=self.content_type)
        except NotReadable as error:
            self._keep_unreadable(body, error)
            raise
        refusals: dict[int, Refusal] = {}
        checked = check_events(
            _events(decoded, refusals), origin=self.origin, received_at=self.received_at
        )
        verdicts = _verdicts(checked, refusals, self.form)
        refused = [
            Rejection(index=index, text=decoded.texts[index], problems=verdict.problems)
            for index, verdict in enumerate(verdicts)
            if verdict is not None
        ]
        kept = self._prepare(refused) if refused else []
        named = self._named(body)
        in_one = transaction.atomic(using=self.using) if named or refused else nullcontext()
        with in_one:
            first = self._claim(named) if named else None
            if first is not None:
                return _response(first, is_replayed=True)
            receipt = record_checked(checked)
            answered = _answered(receipt, verdicts, self.form)
            if named:
                store_answer(
                    named, answered, received_at=self.received_at, cursor=psycopg_cursor(self.using)
                )
            if refused:
                self._keep(kept, total=len(refused))
        return _response(answered)

    def _named(self, body: Bytes) -> IdempotentRequest | None:
        if self.name is None:
            return None
        is_lines = self.form.media_type(self.content_type) == NDJSON
        kind = f"{self.form.name}\n{'lines' if is_lines else 'document'}\n"
        digest = sha256(kind.encode())
        digest.update(body)
        assert self.origin.sender_id is not None  # of the key that was presented
        return IdempotentRequest(
            sender_id=self.origin.sender_id, key=self.name, body_hash=digest.digest()
        )

    def _claim(self, named: IdempotentRequest) -> StoredAnswer | None:
        return claim(named, received_at=self.received_at, cursor=psycopg_cursor(self.using))

    def _prepare(self, refused: list[Rejection]) -> list[StoredRejection]:
        return prepare_rejected(
            refused,
            origin=self.origin,
            received_at=self.received_at,
            cursor=psycopg_cursor(self.using),
        )

    def _keep(self, kept: list[StoredRejection], *, total: int) -> None:
        store_rejected(
            kept,
            total=total,
            sent_as=self.form.name,
            origin=self.origin,
            received_at=self.received_at,
            cursor=psycopg_cursor(self.using),
        )

    def _keep_unreadable(self, body: Bytes, error: NotReadable) -> None:
        """Nothing to keep of a body that is empty: that is said, and nothing is lost."""
        if not body.strip():
            return
        where = "" if error.offset is None else f" (byte {error.offset:,})"
        problem = Problem("", f"{error}{where}")
        with transaction.atomic(using=self.using):
            kept = self._prepare([Rejection(index=None, text=body, problems=(problem,))])
            self._keep(kept, total=1)


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (1 <= len(key) <= MAX_KEY_CHARACTERS and key.isascii() and key.isprintable()):
        raise ParseError(
            f"Idempotency-Key must have 1 to {MAX_KEY_CHARACTERS} printable ASCII characters."
        )
    return key


def _events(decoded: DecodedBody, refusals: dict[int, Refusal]) -> Iterator[SubmittedEvent]:
    """Yield the events; those that are none go to `refusals`, by their place."""
    for index, event in enumerate(decoded):
        if isinstance(event, Refusal):
            refusals[index] = event
        else:
            yield event


def _verdicts(
    checked: CheckedSubmission, refusals: dict[int, Refusal], form: Format
) -> list[Verdict | None]:
    """Return the verdicts of all events of the request that are known before recording."""
    given = iter([v and in_words_of(form, v) for v in checked.verdicts])
    return [
        Verdict(status="rejected", problems=_all_problems(refusals[index], checked, form))
        if index in refusals
        else next(given)
        for index in range(len(refusals) + len(checked.verdicts))
    ]


def _all_problems(
    refusal: Refusal, checked: CheckedSubmission, form: Format
) -> tuple[Problem, ...]:
    """What was not understood, and which rules are broken by what was."""
    if refusal.rest is None:
        return refusal.problems
    broken = further_problems(refusal.rest, origin=checked.origin, received_at=checked.received_at)
    return (*refusal.problems, *form.told(broken))


def _answered(receipt: Receipt, known: list[Verdict | None], form: Format) -> StoredAnswer:
    """Return the answer: what is known already, and what came of the others."""
    others = (in_words_of(form, v) for v in receipt.verdicts if v.status != "rejected")
    verdicts = [verdict or next(others) for verdict in known]
    return answer_of(receipt, verdicts)


def _response(answered: StoredAnswer, *, is_replayed: bool = False) -> HttpResponse:
    response = HttpResponse(
        answered.body, status=answered.status, content_type=media_type_of(answered)
    )
    if is_replayed:
        response[REPLAYED] = "true"
    return response
