"""Recording: what a sender with an ingest key can ask for."""

from __future__ import annotations

from collections.abc import Mapping

from audit.ingest.format import JSON, NDJSON, Format
from audit.ingest.formats import formats
from audit.ingest.native_format import NATIVE
from audit.rest.problem_types import MEDIA_TYPE

from .declare import (
    INGEST_KEY,
    Answer,
    Body,
    Operation,
    Parameter,
    Schema,
    array,
    ref,
)
from .examples import CONFLICT, RECEIPT, REJECTION
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


def _record(form: Format) -> Operation:
    one = ref(form.shape)
    events = {"type": "object", "properties": {"events": array(one)}, "required": ["events"]}
    schemas: Mapping[str, Schema] = {JSON: {"anyOf": [one, array(one), events]}, NDJSON: TEXT}
    return Operation(
        id="record_events" if form is NATIVE else f"record_{form.name}_events",
        group=GROUP,
        title=form.title,
        says=form.says,
        who=(INGEST_KEY,),
        parameters=_HEADERS,
        body=Body(
            says='One event, a list, or `{"events": […]}`; or one event a line.',
            content={media_type: schemas.get(media_type, TEXT) for media_type in form.bodies},
            examples={JSON: form.example} if JSON in form.bodies else {},
        ),
        answers=_ANSWERS,
        problems=_PROBLEMS,
    )


OPERATIONS: Mapping[str, Operation] = {
    **{
        "EventsView.post" if form is NATIVE else f"{name}.post": _record(form)
        for name, form in formats().items()
    },
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
