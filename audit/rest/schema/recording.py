"""Recording: what a sender with an ingest key can ask for."""

from __future__ import annotations

from collections.abc import Mapping

from audit.rest.problem_types import MEDIA_TYPE

from .declare import (
    INGEST_KEY,
    JSON,
    NDJSON,
    Answer,
    Body,
    Operation,
    Parameter,
    array,
    ref,
)
from .examples import CONFLICT, ENVELOPE, RECEIPT, REJECTION, SENT
from .shapes import NUMBER, TEXT

GROUP = "Recording"
_HEADERS = (
    Parameter(
        name="Content-Encoding",
        says="How the body is compressed.",
        schema={"type": "string", "enum": ["gzip", "zstd", "identity"]},
        place="header",
    ),
    Parameter(
        name="Idempotency-Key",
        says="For 24 hours the same key and body get the first answer again.",
        schema={"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
        example="0d9f4c",
        place="header",
    ),
)
_REPLAYED = {"Idempotency-Replayed": "`true` where this is the first answer again."}
_ANSWERS: Mapping[int, Answer] = {
    201: Answer(
        says="All are recorded, or were before.",
        schema=ref("Receipt"),
        example=RECEIPT,
        headers=_REPLAYED,
    ),
    200: Answer(
        says="All were there before; or some are in and some are not: read the verdicts.",
        schema=ref("Receipt"),
        example=RECEIPT,
        headers=_REPLAYED,
    ),
    409: Answer(
        says="None is in: under their ids and times other content is recorded. Or the same request "
        "is being worked on.",
        schema=ref("Refusal"),
        example=CONFLICT,
        media_type=MEDIA_TYPE,
        headers=_REPLAYED,
    ),
    422: Answer(
        says="None is in: at least one was rejected. Or the key was used for another body.",
        schema=ref("Refusal"),
        example=REJECTION,
        media_type=MEDIA_TYPE,
        headers=_REPLAYED,
    ),
}
_PROBLEMS = (
    "not-readable",
    "bad-compression",
    "bad-request",
    "unknown-environment",
    "timeout",
    "conflict",
    "in-flight",
    "length-required",
    "too-large",
    "too-many-events",
    "unsupported-media-type",
    "rejected",
    "idempotency-key-reused",
    "too-many-requests",
    "not-recorded",
)


def _record(id: str, title: str, says: str, name: str, example: object) -> Operation:
    one = ref(name)
    events = {"type": "object", "properties": {"events": array(one)}, "required": ["events"]}
    return Operation(
        id=id,
        group=GROUP,
        title=title,
        says=says,
        who=(INGEST_KEY,),
        parameters=_HEADERS,
        body=Body(
            says='One event, a list, or `{"events": […]}`; or one event a line.',
            content={JSON: {"anyOf": [one, array(one), events]}, NDJSON: TEXT},
            examples={JSON: example},
        ),
        answers=_ANSWERS,
        problems=_PROBLEMS,
    )


OPERATIONS: Mapping[str, Operation] = {
    "EventsView.post": _record(
        "record_events",
        "Record events",
        "The answer comes after the commit: what it says is recorded is recorded. An event is the "
        "same event when its sender, id and time are the same, so with these a retry is safe.",
        "SubmittedEvent",
        SENT,
    ),
    "LowcoderEventsView.post": _record(
        "record_lowcoder_events",
        "Record events as Lowcoder emits them",
        "The same in Lowcoder's words. `eventId` and `eventTime` make a retry safe.",
        "LowcoderEnvelope",
        ENVELOPE,
    ),
    "LimitsView.get": Operation(
        id="get_limits",
        group=GROUP,
        title="What may be sent",
        says="The limits of this installation.",
        who=(),
        answers={
            200: Answer(
                says="The limits.",
                schema={
                    "type": "object",
                    "additionalProperties": {"anyOf": [NUMBER, TEXT]},
                },
                example={"body_bytes": 16_777_216, "events": 10_000, "hours_ahead": 24},
            )
        },
    ),
}
