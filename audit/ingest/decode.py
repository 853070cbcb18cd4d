"""Which events does a body hold? Bytes to `SubmittedEvent`s, exactly or not at all.

msgspec is fast but lets things pass that would lose data: duplicate keys (the last one wins) and
numbers that no double holds. So decimals are kept as their own digits, and an event's text is
compared in length with what was understood of it, written again: where they differ something was
lost (or was written longer than it need be), and the event is read again, slowly.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NoReturn

import msgspec
from msgspec import Raw, Struct

from audit.conf import audit_settings
from audit.errors import AuditError, Problem
from audit.record import SubmittedEvent

from .split import split_events
from .words import problem_of

BOM = b"\xef\xbb\xbf"
INTEGERS = range(-(2**63), 2**64)
# {"events": [ … ]}
_ENVELOPE_START = re.compile(rb'\s*\{\s*"events"\s*:')


class NotReadable(AuditError):
    """A body is not what it says it is; offset: of the first bad byte, where that is known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


class TooManyEvents(AuditError):
    """A body holds more events than one request may."""


class Refusal(Struct, frozen=True):
    """An event that could not be understood; body: as it was sent."""

    problems: tuple[Problem, ...]
    body: bytes


Decoded = SubmittedEvent | Refusal


class Misfit(ValueError):
    """An event was read, but is not what its format says that it is."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.pointer}: {problem.message}")
        self.problem = problem


def native(document: Mapping[str, Any]) -> SubmittedEvent:
    """Return the event of a document in our own format. Raises Misfit."""
    try:
        return msgspec.convert(document, SubmittedEvent)
    except msgspec.ValidationError as error:
        raise Misfit(problem_of(error)) from None


Understand = Callable[[Mapping[str, Any]], SubmittedEvent]


class _Unfit(ValueError):
    """An event holds a value that none may."""


class _Envelope(Struct, forbid_unknown_fields=True):
    events: list[Raw]


def _exact(digits: str) -> Raw:
    """Keep a decimal's own digits."""
    if float(digits) in (float("inf"), float("-inf")):
        raise _Unfit(f"The number {digits[:40]} is beyond what a double holds")
    return Raw(digits.encode())


# 18446744073709551616: nineteen digits and more may be out of range
_LONG_NUMBER = re.compile(rb"[0-9]{19}")
_decode = msgspec.json.Decoder(float_hook=_exact).decode
_decode_list = msgspec.json.Decoder(list[Raw]).decode
_decode_envelope = msgspec.json.Decoder(_Envelope).decode
_encode = msgspec.json.Encoder(order="sorted").encode
_minify = msgspec.json.format


def decode_json(body: bytes, *, understand: Understand = native) -> list[Decoded]:
    """Return the events of a JSON document: one, a list, or `{"events": [...]}`.

    understand: the format of each, a function that may raise Misfit. Raises NotReadable where it
    is not JSON at all, TooManyEvents.
    """
    bare = body.removeprefix(BOM)
    try:
        raws = _raw_events(bare)
        _check_count(len(raws))
        if not raws:
            raise NotReadable("The body holds no event; send one event, a list, or NDJSON.")
        return [_decode_one(raw, understand) for raw in raws]
    except NotReadable as error:
        raise _located(error, bare, start=len(body) - len(bare)) from None


def decode_ndjson(body: bytes, *, understand: Understand = native) -> list[Decoded]:
    """Return the events of NDJSON; lines end at byte 0x0A alone, blank lines are skipped.

    A line that is not JSON is that line's refusal. Raises NotReadable where no line is JSON,
    TooManyEvents.
    """
    lines = [line for line in body.removeprefix(BOM).split(b"\n") if line.strip(b" \t\r")]
    _check_count(len(lines))
    decoded: list[Decoded] = []
    readable = 0
    for line in lines:
        try:
            decoded.append(_decode_one(line.strip(b" \t\r"), understand))
            readable += 1
        except NotReadable as error:
            decoded.append(Refusal((Problem("", f"The line is not JSON: {error}"),), line))
    if not readable:
        raise NotReadable("No line of the body is JSON.")
    return decoded


def _raw_events(body: bytes) -> list[bytes]:
    start = body.lstrip(b" \t\r\n")[:1]
    try:
        if start == b"[":
            return [bytes(raw) for raw in _decode_list(body)]
        if _ENVELOPE_START.match(body):
            return [bytes(raw) for raw in _decode_envelope(body).events]
        if start == b"{":
            return [body.strip(b" \t\r\n")]
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass  # Not JSON, or JSON that msgspec doesn't take whole: see below which.
    return split_events(_text(body), fail=_fail)


def _check_count(count: int) -> None:
    limit = audit_settings().MAX_EVENTS
    if count > limit:
        raise TooManyEvents(f"The body holds {count:,} events; the limit is {limit:,} a request.")


def _decode_one(raw: bytes, understand: Understand) -> Decoded:
    """Raises NotReadable where the text is not JSON."""
    settings = audit_settings()
    if len(raw) > settings.MAX_EVENT_BYTES:
        limit = f"{settings.MAX_EVENT_BYTES:,}"
        return _refuse(raw, f"The event has {len(raw):,} bytes; the limit is {limit}.")
    if _opens(raw) > settings.MAX_NESTING and _depth(raw) > settings.MAX_NESTING:
        return _refuse(raw, f"The event is nested deeper than {settings.MAX_NESTING} levels.")
    try:
        document = _decode(raw)
        written = len(_encode(document))
        is_exact = written == len(raw) or written == len(_minify(raw, indent=-1))
        if not is_exact or _LONG_NUMBER.search(raw):
            document = None
    except (msgspec.MsgspecError, UnicodeError, ValueError, OverflowError):
        document = None
    if document is None:
        try:
            document = _decode_slowly(raw)
        except _Unfit as error:
            return _refuse(raw, f"{error}.")
    if not isinstance(document, dict):
        return _refuse(raw, "An event is a JSON object.")
    try:
        return understand(document)
    except Misfit as misfit:
        return Refusal((misfit.problem,), raw)


def _refuse(raw: bytes, message: str, pointer: str = "") -> Refusal:
    return Refusal((Problem(pointer, message),), raw)


def _opens(raw: bytes) -> int:
    return raw.count(b"{") + raw.count(b"[")


# A JSON string as a whole, or one bracket: "a\"[b" is no opening.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


def _depth(raw: bytes) -> int:
    deepest = depth = 0
    for token in _TOKENS.finditer(raw):
        if token[0] in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token[0] in b"]}":
            depth -= 1
    return deepest


def _decode_slowly(raw: bytes) -> Any:
    """Read one event with every rule: no key twice, no number out of range, no lone surrogate.

    Raises _Unfit for what breaks a rule, NotReadable for what is not JSON.
    """
    text = _text(raw)
    try:
        document = json.loads(
            text,
            object_pairs_hook=_pairs,
            parse_float=_exact,
            parse_int=_integer,
            parse_constant=_no_constant,
        )
    except json.JSONDecodeError as error:
        raise NotReadable(error.msg, len(text[: error.pos].encode())) from None
    if "\\u" in text:
        _check_texts(document)
    return document


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Unfit(f"The member {key[:100]!r} is there twice")
            seen.add(key)
    return members


def _integer(digits: str) -> int:
    if len(digits) > 20 or int(digits) not in INTEGERS:
        raise _Unfit(f"The number {digits[:40]} is outside of −2^63 to 2^64−1")
    return int(digits)


def _no_constant(name: str) -> NoReturn:
    raise NotReadable(f"{name} is no JSON")


def _check_texts(value: Any) -> None:
    for text in _texts(value):
        if any("\ud800" <= c <= "\udfff" for c in text):
            raise _Unfit("A text holds half of a surrogate pair, which is no character")


def _texts(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, member in value.items():
            yield key
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)


def _text(body: bytes) -> str:
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise NotReadable("The body is not UTF-8.", error.start) from None


def _located(error: NotReadable, body: bytes, *, start: int) -> NotReadable:
    """Return the error with the offset of the first bad byte in the whole body."""
    try:
        text = body.decode()
        json.loads(text)
    except UnicodeDecodeError as found:
        return NotReadable(str(error), start + found.start)
    except json.JSONDecodeError as found:
        return NotReadable(found.msg, start + len(text[: found.pos].encode()))
    except (ValueError, RecursionError):
        return error
    for token in _CONSTANTS.finditer(text):
        if token[0][0] != '"':
            return NotReadable(str(error), start + len(text[: token.start()].encode()))
    return error


# A string as a whole, or what Python takes for a number and JSON doesn't: NaN
_CONSTANTS = re.compile(r'"(?:[^"\\]|\\.)*"|NaN|-?Infinity', re.DOTALL)


def _fail(message: str, offset: int) -> NoReturn:
    raise NotReadable(message, offset)
