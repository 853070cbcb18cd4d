"""With which words is an operation declared?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from audit.ingest.format import JSON

Schema = dict[str, Any]

INGEST_KEY = "ingest_key"
READ_TOKEN = "read_token"  # noqa: S105
SESSION = "session"
READERS = (READ_TOKEN, SESSION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """One parameter. place: query, path or header; is_tried: the curl of the reference has it,
    though it need not be given
    """

    name: str
    says: str
    schema: Schema
    example: Any = None
    place: str = "query"
    is_required: bool = False
    is_tried: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """What is sent: media type → schema; examples: media type → value."""

    says: str
    content: Mapping[str, Schema]
    examples: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is answered with one status; without a schema, nothing."""

    says: str
    schema: Schema | None = None
    example: Any = None
    media_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one route.

    who: security schemes, any of which will do; none for everybody
    problems: of `audit.rest.problem_types`, besides those that every operation may answer with
    """

    id: str
    group: str
    title: str
    says: str
    answers: Mapping[int, Answer]
    who: Sequence[str] = READERS
    parameters: Sequence[Parameter] = ()
    body: Body | None = None
    problems: Sequence[str] = ()


def ref(name: str) -> Schema:
    """Return the reference to a schema of `shapes`."""
    return {"$ref": f"#/components/schemas/{name}"}


def or_null(schema: Schema) -> Schema:
    """Return the schema that allows null, too."""
    if "$ref" in schema:
        return {"anyOf": [schema, {"type": "null"}]}
    return {**schema, "type": [schema["type"], "null"]}


def array(of: Schema) -> Schema:
    return {"type": "array", "items": of}


def record(**members: Schema) -> Schema:
    """Return the schema of an object that has all of these members and no other."""
    return {
        "type": "object",
        "properties": members,
        "required": list(members),
        "additionalProperties": False,
    }
