"""Decodes a body to `SubmittedEvent`s, each exactly or not at all.

What is wrong with the body as a whole is an exception before the first event is made; what is
wrong with one event is that event's `Refusal`. Events are made one by one, as they are asked for:
as Python's objects they take up to thirty times the memory of their text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from audit.conf import audit_settings
from audit.errors import Problem
from audit.record import Refusal, SubmittedEvent

from .exact import InvalidValue, decode_any, decoder_of, is_deeper, read_exactly, read_slowly
from .fitting import fit
from .split import Bytes, NotReadable, TooManyEvents, check_syntax, split_json, split_lines

__all__ = [
    "Decoded",
    "DecodedBody",
    "Misfit",
    "NotReadable",
    "Refusal",
    "TooManyEvents",
    "Understand",
    "decode_json",
    "decode_ndjson",
    "native",
]

# Of all events of a request that only `read_slowly` can tell about.
MAX_SLOW_BYTES = 8 * 2**20


Decoded = SubmittedEvent | Refusal


class Misfit(ValueError):
    """An event was read, but is not what its format says that it is. rest: what is, if anything"""

    def __init__(self, *problems: Problem, rest: SubmittedEvent | None = None) -> None:
        super().__init__("; ".join(f"{p.pointer}: {p.message}" for p in problems))
        self.problems = problems
        self.rest = rest


def native(document: Mapping[str, Any]) -> SubmittedEvent:
    """Return the event of a document in our own format. Raises Misfit."""
    try:
        return msgspec.convert(document, SubmittedEvent)
    except msgspec.ValidationError:
        pass  # It says only what it meets first, and takes no number for an id.
    fitting, problems = fit(document)
    if not problems:
        return msgspec.convert(fitting, SubmittedEvent)
    raise Misfit(*problems, rest=msgspec.convert({"type": _UNTYPED, **fitting}, SubmittedEvent))


# Stands for a type that is missing or none, while the rest of the event is looked at.
_UNTYPED = "?"
Understand = Callable[[Mapping[str, Any]], SubmittedEvent]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodedBody:
    """The events of a body, made one by one as they are iterated over.

    texts: as they were sent, in the same order; unreadable: by place, lines that are not JSON
    """

    texts: Sequence[memoryview]
    understand: Understand
    unreadable: Mapping[int, str] = field(default_factory=dict)

    def __iter__(self) -> Iterator[Decoded]:
        return _decode_each(self.texts, self.unreadable, self.understand)


def decode_json(body: Bytes, *, understand: Understand = native) -> DecodedBody:
    """Return the events of a JSON document: one, a list, or `{"events": [...]}`.

    understand: the format of each, a function that may raise Misfit. Raises NotReadable where it
    is not JSON at all, TooManyEvents.
    """
    pieces = split_json(body, limit=audit_settings().MAX_EVENTS)
    if not pieces:
        raise NotReadable("The body holds no event; send one event, a list, or NDJSON.")
    return DecodedBody(texts=pieces, understand=understand)


def decode_ndjson(body: Bytes, *, understand: Understand = native) -> DecodedBody:
    """Return the events of NDJSON; lines end at byte 0x0A alone, blank lines are skipped.

    A line that is not JSON is that line's refusal. Raises NotReadable where no line is JSON,
    TooManyEvents.
    """
    settings = audit_settings()
    lines = split_lines(body, limit=settings.MAX_EVENTS)
    unreadable: dict[int, str] = {}
    for index, line in enumerate(lines):
        if len(line) > settings.MAX_EVENT_BYTES:
            continue  # As an event it is refused for its size.
        try:
            str(line, "utf-8")
            check_syntax(line)
        except UnicodeDecodeError as error:
            unreadable[index] = f"it is not UTF-8 at byte {error.start}."
        except NotReadable as error:
            unreadable[index] = f"{error} It breaks off at byte {error.offset}."
        except RecursionError:
            pass  # As an event it is refused for its depth.
    if len(unreadable) == len(lines):
        raise NotReadable("No line of the body is JSON.")
    return DecodedBody(texts=lines, unreadable=unreadable, understand=understand)


_decode_native = decoder_of(SubmittedEvent)


def _decode_each(
    pieces: Sequence[memoryview], unreadable: Mapping[int, str], understand: Understand
) -> Iterator[Decoded]:
    settings = audit_settings()
    most, levels = settings.MAX_EVENT_BYTES, settings.MAX_NESTING
    is_native = understand is native
    slow_bytes = 0
    for index, piece in enumerate(pieces):
        raw = bytes(piece)
        if index in unreadable:
            yield _refuse(f"The line is not JSON: {unreadable[index]}")
            continue
        if len(raw) > most:
            yield _refuse(f"The event has {len(raw):,} bytes; the limit is {most:,}.")
            continue
        if is_deeper(raw, levels):
            yield _refuse(f"The event is nested deeper than {levels} levels.")
            continue
        # What is one of ours, and says nothing twice, needs no document in between.
        event = read_exactly(raw, _decode_native) if is_native else None
        if event is not None:
            yield event
            continue
        document = read_exactly(raw, decode_any)
        if document is None:
            slow_bytes += len(raw)
            if slow_bytes > MAX_SLOW_BYTES:
                yield _refuse(_TOO_SLOW)
                continue
            try:
                document = read_slowly(raw)
            except InvalidValue as error:
                yield _refuse(f"{error}.")
                continue
        yield _understood(document, raw, understand)


_TOO_SLOW = (
    "The event holds a member twice, or a number or text that can't be kept, and so do too many"
    " others of this request to say which: send fewer at once."
)


def _understood(document: Any, raw: bytes, understand: Understand) -> Decoded:
    if not isinstance(document, dict):
        return _refuse("An event is a JSON object.")
    try:
        return understand(document)
    except Misfit as misfit:
        return Refusal(misfit.problems, misfit.rest)


def _refuse(message: str) -> Refusal:
    return Refusal((Problem("", message),))
