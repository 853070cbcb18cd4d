"""Finds where each event of a body begins and ends, and whether the body is JSON at all.

The body is looked through by msgspec, which skips values without making anything of them, so that
16 MiB of brackets or commas cost no more than the body itself. What it can't follow (thousands of
nested brackets) is split by counting brackets.
"""

from __future__ import annotations

import codecs
import re
from codecs import BOM_UTF8
from contextlib import suppress

import msgspec
from msgspec import Raw

from audit.errors import AuditError

Bytes = bytes | bytearray
WHITE = b" \t\r\n"
# With more commas than this, a list is split by hand: it could hold millions of values.
MANY_COMMAS = 500_000
STEP_BYTES = 2**20  # looked at in one go, where a copy is made


class NotReadable(AuditError):
    """A body is not what it says it is; offset: of the first bad byte, where that is known."""

    def __init__(self, message: str, offset: int | None = None) -> None:
        super().__init__(message)
        self.offset = offset


class TooManyEvents(AuditError):
    """A body holds more events than one request may."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"The body holds more than {limit:,} events, the limit of one request.")


def split_json(body: Bytes, *, limit: int) -> list[memoryview]:
    """Return the texts of the events in a document: one, a list, or `{"events": [...]}`.

    Raises NotReadable for what is not JSON, TooManyEvents.
    """
    start = len(BOM_UTF8) if body.startswith(BOM_UTF8) else 0
    _check_utf8(body, start)
    end = _end_before_white(body, len(body))
    first = _WHITE.match(body, start).end()  # type: ignore[union-attr]
    envelope = _ENVELOPE_START.match(body, first)
    if envelope and body[end - 1 : end] == b"}":
        try:
            list_end = _end_before_white(body, end - 1)
            return _split_list(body, envelope.end() - 1, list_end, limit=limit)
        except NotReadable:
            pass  # Not JSON, or one event whose first member is called so: see below which.
    if body[first : first + 1] == b"[":
        return _split_list(body, first, end, limit=limit)
    view = memoryview(body)
    try:
        check_syntax(view[first:end], start=first)
    except RecursionError:
        if _closing(body, first, end) != end:
            raise NotReadable("The document does not end where it should", end) from None
    return [view[first:end]]


def split_lines(body: Bytes, *, limit: int) -> list[memoryview]:
    """Return the lines of NDJSON that are not blank; lines end at byte 0x0A alone.

    Raises TooManyEvents.
    """
    view = memoryview(body)
    lines: list[memoryview] = []
    line = _LINE.match(body, len(BOM_UTF8) if body.startswith(BOM_UTF8) else 0)
    while line:
        if len(lines) == limit:
            raise TooManyEvents(limit)
        lines.append(view[line.start(1) : line.end(1)])
        line = _LINE.match(body, line.end())
    return lines


def check_syntax(text: memoryview, *, start: int = 0) -> None:
    """Raise NotReadable where a text in UTF-8 is not one JSON value, RecursionError where it is
    nested too deeply to be told.

    Lone surrogates pass: they are one event's fault, and its verdict. start: of the text in the
    body, for the offset.
    """
    try:
        _skip(text)
    except msgspec.DecodeError as error:
        blanked = _blanked(text)
        if blanked is None:
            raise _located(error, start, len(text)) from None
        try:
            _skip(blanked)
        except msgspec.DecodeError as found:
            raise _located(found, start, len(text)) from None


def _split_list(body: Bytes, start: int, end: int, *, limit: int) -> list[memoryview]:
    view = memoryview(body)
    if body.count(b",", start, end) > MANY_COMMAS:
        return _by_hand(body, start, end, limit=limit)
    try:
        raws = _skip_each(view[start:end])
    except RecursionError:
        return _by_hand(body, start, end, limit=limit)
    except msgspec.DecodeError as error:
        blanked = _blanked(view[start:end])
        if blanked is None:
            raise _located(error, start, end - start) from None
        try:
            raws = _skip_each(blanked)
        except RecursionError:
            return _by_hand(body, start, end, limit=limit)
        except msgspec.DecodeError as found:
            raise _located(found, start, end - start) from None
    else:
        blanked = None
    if len(raws) > limit:
        raise TooManyEvents(limit)
    if blanked is None:
        return [memoryview(raw) for raw in raws]
    # Where these lie in the body, they lie as they were sent.
    pieces: list[memoryview] = []
    position = start + 1
    for raw in raws:
        position = _BETWEEN.match(body, position).end()  # type: ignore[union-attr]
        length = len(memoryview(raw))
        pieces.append(view[position : position + length])
        position += length
    return pieces


def _by_hand(body: Bytes, start: int, end: int, *, limit: int) -> list[memoryview]:
    """Split a list without looking deeper than its first level; then look at each piece."""
    view = memoryview(body)
    pieces: list[memoryview] = []
    position = _WHITE.match(body, start + 1).end()  # type: ignore[union-attr]
    is_empty = body[position : position + 1] == b"]"
    while not is_empty:
        if len(pieces) == limit:
            raise TooManyEvents(limit)
        piece_end = _end_of_value(body, position, end)
        # Too deep to be looked into: its brackets match in number, and as an event it is refused.
        with suppress(RecursionError):
            check_syntax(view[position:piece_end], start=position)
        pieces.append(view[position:piece_end])
        position = _WHITE.match(body, piece_end).end()  # type: ignore[union-attr]
        mark = body[position : position + 1]
        if mark == b"]":
            break
        if mark != b",":
            raise NotReadable("JSON is malformed: expected ',' or ']'", position)
        position = _WHITE.match(body, position + 1).end()  # type: ignore[union-attr]
    if position + 1 != end:
        raise NotReadable("JSON is malformed: trailing characters", min(position + 1, end))
    return pieces


def _end_of_value(body: Bytes, position: int, end: int) -> int:
    """Return where the value that begins here ends. Raises NotReadable."""
    if body[position : position + 1] in (b"{", b"["):
        closing = _closing(body, position, end)
        if closing is None:
            raise NotReadable("Input data was truncated", end)
        return closing
    scalar = _SCALAR.match(body, position, end)
    if scalar is None:
        raise NotReadable("JSON is malformed: invalid character", position)
    return scalar.end()


def _closing(body: Bytes, position: int, end: int) -> int | None:
    """Return where the brackets that open here are all closed again, or None."""
    depth = 1
    # Matched step by step: a search that fails would begin anew at every byte.
    token = _BRACKETS.match(body, position + 1, end)
    while token:
        run = token[1]
        if run[0] in b"[{":
            depth += len(run)
        elif depth > len(run):
            depth -= len(run)
        else:
            return token.start(1) + depth
        token = _BRACKETS.match(body, token.end(), end)
    return None


def _end_before_white(body: Bytes, end: int) -> int:
    """Return where the body ends without the white space before `end`, without a copy of it."""
    while end:
        piece = body[max(0, end - STEP_BYTES) : end]
        kept = len(piece.rstrip(WHITE))
        if kept:
            return end - len(piece) + kept
        end -= len(piece)
    return end


def _check_utf8(body: Bytes, start: int) -> None:
    """In steps: the text as a whole would take up to four times the body's memory."""
    if body.isascii():
        return
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(body)
    for step in range(start, len(body), STEP_BYTES):
        pending = len(decoder.getstate()[0])
        piece = view[step : step + STEP_BYTES]
        try:
            decoder.decode(piece, final=step + STEP_BYTES >= len(body))
        except UnicodeDecodeError as error:
            raise NotReadable("The body is not UTF-8.", step - pending + error.start) from None


def _blanked(text: memoryview) -> bytes | None:
    r"""Return the text with halves of surrogate pairs (\ud83d) as other characters of the same
    length, or None where there are none.
    """
    blanked, count = _SURROGATE.subn(rb"\\u00", text)
    return blanked if count else None


def _located(error: msgspec.DecodeError, start: int, length: int) -> NotReadable:
    """JSON is malformed: invalid character (byte 8)"""
    match = _BYTE.fullmatch(str(error))
    if match is None:
        return NotReadable(f"{error}.", start + length)
    # Trailing characters are told one byte late.
    offset = int(match["offset"]) - match["what"].endswith("trailing characters")
    return NotReadable(f"{match['what']}.", start + offset)


_skip = msgspec.json.Decoder(Raw).decode
_skip_each = msgspec.json.Decoder(list[Raw]).decode
_BYTE = re.compile(r"(?P<what>.*) \(byte (?P<offset>[0-9]+)\)", re.DOTALL)
_WHITE = re.compile(rb"[ \t\r\n]*+")
_BETWEEN = re.compile(rb"[ \t\r\n,]*+")
# A line from its first character that is not white
_LINE = re.compile(rb"[ \t\r\n]*+([^\n]++)")
# {"events": [
_ENVELOPE_START = re.compile(rb'\{[ \t\r\n]*+"events"[ \t\r\n]*+:[ \t\r\n]*+\[')
# \ud83d
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
_STRING = rb'"(?:[^"\\]++|\\.)*+"'
_SCALAR = re.compile(_STRING + rb"|[^\[\]{}\", \t\r\n]++", re.DOTALL)
# The next brackets that open or close, past texts and past what is nested but once: [1,"]"]
_FLAT = rb'(?:[^"\[\]{}]++|' + _STRING + rb")*+"
_BRACKETS = re.compile(
    rb'(?:[^"\[\]{}]++|' + _STRING + rb"|[\[{]" + _FLAT + rb"[\]}])*+([\[{]++|[\]}]++)", re.DOTALL
)
