"""Lets a request submit events in any format, and answers with their verdicts."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import timezone
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from audit.conf import audit_settings
from audit.contracts import SenderKey
from audit.enrich.proxies import sender_address
from audit.ingest.format import Format
from audit.ingest.submission import Submission, take
from audit.ingest.unpack import unpack
from audit.record import Origin

from .bodies import read_body
from .verdicts import answer_of, media_type_of

MAX_KEY_CHARACTERS = 255
REPLAYED = "Idempotency-Replayed"


def submit(request: Request, key: SenderKey, form: Format) -> HttpResponse:
    """Record the events of a request, keep what is rejected, and answer with verdicts."""
    limit = audit_settings().MAX_UNPACKED_BYTES
    encoding = request.headers.get("Content-Encoding", "")
    submission = Submission(
        body=unpack(read_body(request), encoding=encoding, max_bytes=limit),
        form=form,
        content_type=request.content_type or "",
        idempotency_key=_idempotency_key(request),
        received_at=timezone.now(),
        origin=Origin.of_key(key, ip_address=sender_address(request)),
    )
    answer = take(submission, word=answer_of)
    return HttpResponse(
        answer.body,
        status=answer.status,
        content_type=media_type_of(answer),
        headers={REPLAYED: "true"} if answer.is_replayed else None,
    )


def _idempotency_key(request: Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is None:
        return None
    if not (1 <= len(key) <= MAX_KEY_CHARACTERS and key.isascii() and key.isprintable()):
        raise ParseError(
            f"Idempotency-Key must have 1 to {MAX_KEY_CHARACTERS} printable ASCII characters."
        )
    return key
