"""Declares what a format of ingest is: how a body is split, and what one event of it becomes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import msgspec

from audit.errors import Problem

from .json.decode import DecodedBody, Understand, decode_json, decode_ndjson
from .json.split import Bytes

JSON = "application/json"
NDJSON = "application/x-ndjson"


class Decode(Protocol):
    def __call__(self, body: Bytes, *, understand: Understand) -> DecodedBody:
        """Return the events of a body. Raises NotReadable, TooManyEvents."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """One format that senders may speak.

    name: in the table of what was rejected, and in the address `POST /<name>/events`
    understand: the document of one event → the event; it may raise Misfit
    pointers: to members of ours → to the sender's own, where something is wrong with one
    bodies: media type → how a body of it is read; the first one where none of them is named
    title, says, example: in the API's reference; shape, schema: the name there, and the JSON
        Schema (2020-12), of one event. Generators of clients want `additionalProperties` said
    """

    name: str
    understand: Understand
    pointers: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, Decode] = field(
        default_factory=lambda: {JSON: decode_json, NDJSON: decode_ndjson}
    )
    title: str
    says: str
    shape: str
    schema: Mapping[str, Any] = field(
        default_factory=lambda: {"type": "object", "additionalProperties": True}
    )
    example: Mapping[str, Any]

    def media_type(self, content_type: str) -> str:
        """Return which of the media types a `Content-Type` names."""
        named = content_type.partition(";")[0].strip().lower()
        return named if named in self.bodies else next(iter(self.bodies))

    def decode(self, body: Bytes, *, content_type: str = "") -> DecodedBody:
        """Return the events of a body. Raises NotReadable, TooManyEvents."""
        return self.bodies[self.media_type(content_type)](body, understand=self.understand)

    def at_senders_members(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Return the problems, at the members that the sender knows."""
        return tuple(
            msgspec.structs.replace(p, pointer=self.pointers.get(p.pointer, p.pointer))
            for p in problems
        )
