"""What a sender is told of what it sent, in whichever format."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from audit.conf import SenderKey, audit_settings
from audit.ingest.decode import Decoded, Refusal
from audit.ingest.formats import NATIVE, Format
from audit.ingest.unpack import unpack
from audit.record import Origin, Receipt, SubmittedEvent, Verdict, record_events

from .addresses import sender_address

COUNTED = {
    "recorded": "recorded",
    "duplicate": "duplicates",
    "conflict": "conflicts",
    "rejected": "rejected",
}
CONFLICT = [{"pointer": "", "message": "another content is recorded under this id and time"}]


def submit(request: Request, key: SenderKey, form: Format = NATIVE) -> Response:
    """Decode a request, record its events, and answer with their verdicts."""
    limit = audit_settings().MAX_UNPACKED_BYTES
    sent = request.data if isinstance(request.data, bytes) else b""
    encoding = request.headers.get("Content-Encoding", "")
    body = unpack(sent, encoding=encoding, max_bytes=limit)
    decoded = _Sorted(form.decode(body, is_ndjson=_is_ndjson(request)))
    origin = Origin(
        environment=key.environment,
        sender_id=key.sender_id,
        sender=key.sender,
        key_id=key.key_id,
        workspace=key.workspace,
        address=sender_address(request),
    )
    receipt = record_events(decoded.events(), origin=origin, received_at=timezone.now())
    verdicts = _all_verdicts(decoded, receipt, form)
    return Response(_answer(receipt, verdicts), status=_status(verdicts))


def _is_ndjson(request: Request) -> bool:
    return (request.content_type or "").partition(";")[0].strip().lower() == "application/x-ndjson"


class _Sorted:
    """The events of a request, handed on one by one; refusals: by place, those that are none."""

    def __init__(self, decoded: Iterator[Decoded]) -> None:
        self._decoded = decoded
        self.refusals: dict[int, Refusal] = {}
        self.count = 0

    def events(self) -> Iterator[SubmittedEvent]:
        for index, event in enumerate(self._decoded):
            self.count += 1
            if isinstance(event, Refusal):
                self.refusals[index] = event
            else:
                yield event


def _all_verdicts(decoded: _Sorted, receipt: Receipt, form: Format) -> list[Verdict]:
    given = iter(
        [replace(v, problems=form.told(v.problems)) if v.problems else v for v in receipt.verdicts]
    )
    return [
        Verdict(status="rejected", problems=decoded.refusals[index].problems)
        if index in decoded.refusals
        else next(given)
        for index in range(decoded.count)
    ]


def _answer(receipt: Receipt, verdicts: Sequence[Verdict]) -> dict[str, Any]:
    counts = dict.fromkeys(COUNTED.values(), 0)
    for verdict in verdicts:
        counts[COUNTED[verdict.status]] += 1
    return {
        "submission": receipt.submission_id,
        **counts,
        "events": [_told(index, verdict) for index, verdict in enumerate(verdicts)],
    }


def _told(index: int, verdict: Verdict) -> dict[str, Any]:
    return {
        "index": index,
        "id": verdict.id,
        "status": verdict.status,
        "leaf": verdict.leaf_hash.hex() if verdict.leaf_hash else None,
        "errors": CONFLICT if verdict.status == "conflict" else verdict.problems,
    }


def _status(verdicts: Sequence[Verdict]) -> int:
    """201 all recorded (or some there before), 200 read the verdicts, 409 and 422 nothing is in."""
    statuses = {verdict.status for verdict in verdicts}
    if statuses <= {"recorded", "duplicate"}:
        return 201 if "recorded" in statuses else 200
    if statuses & {"recorded", "duplicate"}:
        return 200
    return 422 if "rejected" in statuses else 409
