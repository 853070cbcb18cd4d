"""In which formats may a sender speak?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from audit.errors import Problem

from . import lowcoder
from .json.decode import DecodedBody, Understand, decode_json, decode_ndjson, native
from .json.split import Bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """name: in the table of what was rejected; understand: one event's document to an event;
    pointers: ours → the sender's own
    """

    name: str
    understand: Understand
    pointers: Mapping[str, str] = field(default_factory=dict)

    def decode(self, body: Bytes, *, is_ndjson: bool) -> DecodedBody:
        """Return the events of a body. Raises NotReadable, TooManyEvents."""
        decode = decode_ndjson if is_ndjson else decode_json
        return decode(body, understand=self.understand)

    def told(self, problems: Sequence[Problem]) -> tuple[Problem, ...]:
        """Return the problems, at the members that the sender knows."""
        return tuple(
            msgspec.structs.replace(p, pointer=self.pointers.get(p.pointer, p.pointer))
            for p in problems
        )


NATIVE = Format(name="native", understand=native)
LOWCODER = Format(name="lowcoder", understand=lowcoder.event_of, pointers=lowcoder.POINTERS)
