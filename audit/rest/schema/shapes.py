"""Holds the JSON Schemas (2020-12) of what is sent and answered, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from audit.ingest.formats import formats
from audit.ingest.native_format import NATIVE
from audit.log.outage import Outage
from audit.models.export import STATES
from audit.record.submitted import SubmittedEvent
from audit.vocabulary import GROUPS, OUTCOMES
from audit.vocabulary.document import Device, Place

from .declare import Schema, array, or_null, record, ref

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "integer"}
FLAG: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
UUID: Schema = {"type": "string", "format": "uuid"}
HASH: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
ANYTHING: Schema = {"type": "object", "additionalProperties": True}
OUTCOME = {"type": "string", "enum": list(OUTCOMES)}

_THING = {
    "type": "object",
    "properties": {"type": TEXT, "id": TEXT, "name": TEXT, "gid": TEXT},
    "additionalProperties": False,
}
_ACTOR = {
    "type": "object",
    "properties": {"id": TEXT, "name": TEXT, "email": TEXT, "type": TEXT},
    "additionalProperties": False,
}
_PLACE = {
    **{name: or_null(TEXT) for name in Place.__struct_fields__},
    "latitude": or_null({"type": "number"}),
    "longitude": or_null({"type": "number"}),
    "radius_km": or_null(NUMBER),
}
# The members of an event as it is read, in their order; each may be chosen by `fields`.
_EVENT: dict[str, Schema] = {
    "id": UUID,
    "submitted_id": or_null(TEXT) | {"description": "The sender's own id."},
    "time": TIME | {"description": "When it happened."},
    "type": TEXT,
    "group": {"type": "string", "enum": list(GROUPS)},
    "label": TEXT | {"description": "The type in words."},
    "outcome": {"type": ["string", "null"], "enum": [*OUTCOMES, None]},
    "environment": TEXT,
    "workspace": or_null(ref("Thing")),
    "actor": or_null(ref("ReadActor")),
    "application": or_null(ref("Thing")),
    "resource": or_null(ref("Thing")),
    "targets": array(ref("Thing")),
    "context": ANYTHING,
    "changes": array(record(field=TEXT, old={}, new={})),
    "details": ANYTHING,
    "source": or_null(TEXT),
    "sequence": or_null(NUMBER),
    "received_at": TIME | {"description": "When it was received and recorded."},
    "sender": record(
        id=or_null(NUMBER), name=or_null(TEXT), key=or_null(NUMBER), address=or_null(TEXT)
    ),
    "client": or_null(ref("Device")),
    "place": or_null(ref("Place")),
    "redacted": array(TEXT) | {"description": "JSON pointers of what was masked as a secret."},
    "leaf": or_null(HASH) | {"description": "The hash under which it stands in the log."},
    "submission": or_null(NUMBER) | {"description": "The receipt that it came with."},
    "position": or_null(NUMBER) | {"description": "Its place in its environment's log."},
    "erased": array({"type": "string", "enum": ["head", "personal", "details"]}),
    "seal": record(
        state=TEXT | {"description": "recorded, sealed, signed; later versions may add some."},
        checkpoint=or_null(record(size=NUMBER, signed_at=TIME))
        | {"description": "The smallest one kept that covers it."},
    )
    | {"description": "How far it has come in its environment's log."},
}
# With `fields`, some are missing.
_CHOSEN = {"type": "object", "properties": _EVENT, "additionalProperties": False}
_RECEIPT: dict[str, Schema] = {
    "submission": or_null(NUMBER),
    "recorded": NUMBER,
    "duplicates": NUMBER,
    "conflicts": NUMBER,
    "rejected": NUMBER,
    "events": array(ref("Verdict")),
}
# The types are open: a client that was made before one was new must read it.
_PROBLEM: dict[str, Schema] = {
    "type": TEXT | {"description": "Begins with `urn:audit:problem:`; the reference has all."},
    "title": TEXT,
    "status": NUMBER,
    "detail": TEXT,
}
_SUBJECT = record(
    id=TEXT,
    name=or_null(TEXT),
    email=or_null(TEXT),
    gid=or_null(TEXT),
    resource_type=or_null(TEXT),
    environments=array(TEXT),
    last_seen=TIME,
)
# The members of an event as it is sent are told by the types that decode it.
_, _COMPONENTS = msgspec.json.schema_components(
    (SubmittedEvent,), ref_template="#/components/schemas/{name}"
)


def _plain(schema: Any) -> Any:
    """Return the schema as generators of clients take it: without defaults, which say no more than
    that a member may be left out, but make a generator demand it; and where an object may have any
    members, saying so, or a generator allows it none.
    """
    if isinstance(schema, list):
        return [_plain(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {
        name: {member: _plain(of) for member, of in value.items()}
        if name == "properties"
        else _plain(value)
        for name, value in schema.items()
        if name != "default"
    }
    if plain.get("type") == "object" and "properties" not in plain:
        plain.setdefault("additionalProperties", True)
    return plain


def page(of: Schema) -> Schema:
    """Return the schema of a page of a search."""
    return record(
        next=or_null(TEXT),
        previous=or_null(TEXT),
        results=array(of),
        searched_back_to=or_null(TIME),
        complete=FLAG,
        by_id_at=or_null(TIME),
    )


SHAPES: Mapping[str, Schema] = {
    **_plain(_COMPONENTS),
    **{form.shape: dict(form.schema) for form in formats().values() if form is not NATIVE},
    "Receipt": record(**_RECEIPT),
    "Refusal": {
        "type": "object",
        "properties": {**_PROBLEM, **_RECEIPT},
        "required": list(_PROBLEM),
        "description": "A problem (RFC 9457); where it is about events, with the members of a "
        "receipt.",
    },
    "Verdict": record(
        index=NUMBER,
        id=or_null(UUID),
        status={"type": "string", "enum": ["recorded", "duplicate", "conflict", "rejected"]},
        leaf=or_null(HASH),
        state={"type": ["string", "null"], "enum": ["recorded", None]}
        | {"description": "How far it had come in the log when this was answered."},
        errors=array(ref("MemberProblem")),
    ),
    "MemberProblem": record(pointer=TEXT | {"description": "RFC 6901."}, message=TEXT),
    "Event": _CHOSEN,
    "Thing": _THING,
    "ReadActor": _ACTOR,
    "Device": record(**{name: or_null(TEXT) for name in Device.__struct_fields__}),
    "Place": record(**_PLACE),
    "EventPage": page(ref("Event")),
    "Count": record(
        count=NUMBER | {"description": "How many match, or at least so many."},
        is_capped=FLAG | {"description": "There are, or may be, more: counting ended at `count`."},
    ),
    "Histogram": record(
        interval={"type": "string", "enum": ["hour", "day"]},
        zone=TEXT,
        by=TEXT,
        total=NUMBER,
        buckets=array(
            record(
                start=TIME,
                end=TIME,
                counts={"type": "object", "additionalProperties": NUMBER},
            )
        ),
    ),
    "Facets": record(
        facets=array(
            record(
                facet=TEXT,
                values=array(record(value=TEXT, name=or_null(TEXT), count=NUMBER)),
                total=NUMBER,
                without=NUMBER,
                complete=FLAG,
                searched_back_to=or_null(TIME),
            )
        )
    ),
    "Subjects": record(results=array(_SUBJECT), complete=FLAG),
    "EventTypes": record(
        results=array(
            record(
                code=TEXT,
                group=TEXT,
                label=TEXT,
                is_known=FLAG,
                environments=array(TEXT),
                last_seen=or_null(TIME),
            )
        ),
        complete=FLAG,
    ),
    "Environments": record(
        results=array(record(key=TEXT, name=TEXT, colour=TEXT, last_seen=or_null(TIME))),
        complete=FLAG,
    ),
    "Export": record(
        id=UUID,
        url=TEXT,
        state={"type": "string", "enum": list(STATES)},
        is_streamed=FLAG,
        format=TEXT,
        has_end_line=FLAG,
        has_bom=FLAG,
        evidence_of=array(TEXT)
        | {"description": "The environments whose salts or proofs are in the file."},
        query=TEXT | {"description": "The parameters of the search."},
        asked_at=TIME,
        finished_at=or_null(TIME),
        expires_at=or_null(TIME),
        rows=NUMBER,
        expected_rows=or_null(NUMBER),
        bytes=NUMBER,
        sha256=or_null(HASH),
        error=or_null(TEXT),
        file=or_null(TEXT),
    ),
    "Exports": record(results=array(ref("Export"))),
    "RejectedPage": record(next=or_null(TEXT), results=array(ref("RejectedEvent"))),
    "RejectedEvent": record(
        id=NUMBER,
        status=TEXT,
        received_at=TIME,
        environment=or_null(TEXT),
        sender=record(id=or_null(NUMBER), name=or_null(TEXT), key=or_null(NUMBER)),
        sent_as=TEXT,
        index=or_null(NUMBER),
        errors=array(ref("MemberProblem")),
        body=or_null(
            TEXT
            | {
                "description": "The event as it was sent, secrets masked; null where one may not "
                "read in it who is named."
            }
        ),
        is_cut=FLAG | {"description": "It was too large to be kept whole."},
    ),
    "RejectedCounts": record(
        results=array(
            record(
                day={"type": "string", "format": "date"},
                environment=or_null(TEXT),
                sender=record(id=or_null(NUMBER), name=or_null(TEXT)),
                rejected=NUMBER,
                kept=NUMBER,
            )
        )
    ),
    "LowcoderEvents": record(data=array(ANYTHING), totalCount=NUMBER),
    "LowcoderStatistics": record(data=array(record(eventType=TEXT, groupCountResult=NUMBER))),
    "Health": {
        "type": "object",
        "properties": {"status": TEXT, "checks": ANYTHING},
        "required": ["status"],
        "additionalProperties": False,
    },
    "Problem": {
        "type": "object",
        "properties": {
            **_PROBLEM,
            "parameter": TEXT,
            "offset": NUMBER,
            "reason": {"type": "string", "enum": [outage.reason for outage in Outage]},
        },
        "required": list(_PROBLEM),
        "description": "RFC 9457.",
    },
}
