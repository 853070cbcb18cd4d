"""Words the receipt of a submission as a JSON document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any
from uuid import UUID

import msgspec
from msgspec import Struct

from audit.ingest.format import Format
from audit.record import Receipt, Verdict
from audit.record.idempotency import StoredAnswer
from audit.redact import mask_problem
from audit.seal.event_state import RECORDED

from .media import JSONRenderer
from .problem_types import MEDIA_TYPE as PROBLEM_TYPE
from .problem_types import problem

JSON_TYPE = JSONRenderer.media_type
encode = msgspec.json.Encoder().encode

COUNTERS = {
    "recorded": "recorded",
    "duplicate": "duplicates",
    "conflict": "conflicts",
    "rejected": "rejected",
}


def answer_of(receipt: Receipt, form: Format) -> StoredAnswer:
    """Return the answer to a submission.

    Where no event is in it is a problem document, with the receipt's members.
    """
    status, document = status_of(receipt.verdicts), receipt_document(receipt, form)
    if status >= HTTPStatus.BAD_REQUEST:
        document = {**_refusal(status, document), **document}
    return StoredAnswer(status=status, body=encode(document))


def media_type_of(answered: StoredAnswer) -> str:
    """Return the media type of the answer's body."""
    return PROBLEM_TYPE if answered.status >= HTTPStatus.BAD_REQUEST else JSON_TYPE


def receipt_document(receipt: Receipt, form: Format) -> dict[str, Any]:
    """Return the document of the answer."""
    counts = dict.fromkeys(COUNTERS.values(), 0)
    for verdict in receipt.verdicts:
        counts[COUNTERS[verdict.status]] += 1
    return {
        "submission": receipt.submission_id,
        **counts,
        "events": [
            _verdict_document(index, verdict, form)
            for index, verdict in enumerate(receipt.verdicts)
        ],
    }


def _refusal(status: int, answer: Mapping[str, Any]) -> dict[str, Any]:
    slug = "rejected" if status == HTTPStatus.UNPROCESSABLE_ENTITY else "conflict"
    rejected, conflicts = answer["rejected"], answer["conflicts"]
    counts = f"{rejected:,} rejected, {conflicts:,} in conflict"
    return problem(slug, f"No event is in: {counts}. The member 'events' says why of each.")


class _VerdictDocument(Struct):
    """state: how far it has come in the log at the time of the answer, which is kept as it is; None
    where another request recorded it, or none
    """

    index: int
    id: UUID | None
    status: str
    leaf: str | None
    state: str | None
    errors: Sequence[Any]


def _verdict_document(index: int, verdict: Verdict, form: Format) -> _VerdictDocument:
    return _VerdictDocument(
        index,
        verdict.id,
        verdict.status,
        verdict.leaf_hash.hex() if verdict.leaf_hash else None,
        RECORDED if verdict.status == "recorded" else None,
        verdict.problems and [mask_problem(p) for p in form.at_senders_members(verdict.problems)],
    )


def status_of(verdicts: Sequence[Verdict]) -> int:
    """Return 201 (all recorded, or was before), 200 (read the verdicts), 409, 422 (none is in)."""
    statuses = {verdict.status for verdict in verdicts}
    if statuses <= {"recorded", "duplicate"}:
        return 201 if "recorded" in statuses else 200
    if statuses & {"recorded", "duplicate"}:
        return 200
    return 422 if "rejected" in statuses else 409
