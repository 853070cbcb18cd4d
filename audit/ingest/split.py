"""Where does each event of a list begin and end? For texts that no fast decoder takes whole."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import NoReturn

Fail = Callable[[str, int], NoReturn]

# A JSON string as a whole, a bracket or a comma: in "a,\"[b" there is neither.
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{},]', re.DOTALL)
# {"events": [ … ]} as a whole
_ENVELOPE = re.compile(r'(\s*\{\s*"events"\s*:\s*)(\[.*\])\s*\}\s*', re.DOTALL)
_WHITE = " \t\r\n"


def split_events(text: str, *, fail: Fail) -> list[bytes]:
    """Return the texts of the events in a document: one, a list, or `{"events": [...]}`.

    fail: called with a message and the offset in bytes where the document is not JSON. The events
    themselves are not looked into, only what is around them.
    """
    start = 0
    envelope = _ENVELOPE.fullmatch(text)
    if envelope:
        start, text = envelope.end(1), envelope[2]
    body = text.strip(_WHITE)
    if not body.startswith("["):
        _check(text, fail, start)
        return [body.encode()]
    events: list[bytes] = []
    depth = 0
    begin = text.index("[") + 1
    for token in _TOKENS.finditer(text):
        mark = token[0]
        if mark in "[{":
            depth += 1
        elif mark in "]}":
            depth -= 1
        at_end = depth == 0 and mark in "]}"
        if at_end or (mark == "," and depth == 1):
            piece = text[begin : token.start()].strip(_WHITE)
            if piece or not at_end or events:
                if not piece:
                    _check(text, fail, start)
                    fail("A value is missing", _bytes(text, token.start(), start))
                events.append(piece.encode())
            begin = token.end()
        if at_end:
            break
    if depth != 0 or text[begin:].strip(_WHITE):
        _check(text, fail, start)
        fail("The document does not end where it should", _bytes(text, begin, start))
    return events


def _check(text: str, fail: Fail, start: int) -> None:
    """Let the standard library say what is wrong, and where."""
    try:
        json.loads(text)
    except json.JSONDecodeError as error:
        fail(error.msg, _bytes(text, error.pos, start))
    except RecursionError:
        fail("The document is nested too deeply", start)


def _bytes(text: str, position: int, start: int) -> int:
    return start + len(text[:position].encode())
