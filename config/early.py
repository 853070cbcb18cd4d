"""Answers a request whose body hasn't been read.

The answer goes out at once; what is still coming is then read and dropped for a moment before the
connection ends (RFC 9112 section 9.6). A connection that is closed with unread bytes is reset, and
a sender in the midst of a large body would never read why.
"""

from __future__ import annotations

import asyncio
import json

from audit.rest.problem_types import MEDIA_TYPE, NO_STORE, RETRY_SECONDS, problem

from .answer import DISCONNECT, Messages, Receive, Send, body_message
from .head import EarlyRefusal

LINGER_SECONDS = 2.0
LINGER_BYTES = 2**26
PROBLEM_TYPES = {
    400: "bad-request",
    408: "timeout",
    413: "too-large",
    429: "too-many-requests",
    431: "head-too-large",
    503: "unavailable",
}
_OURS = frozenset({b"connection", b"content-length", b"transfer-encoding"})


def refusal_messages(refused: EarlyRefusal) -> Messages:
    """Return the problem document of a request that Django doesn't see."""
    document = problem(PROBLEM_TYPES[refused.status], str(refused))
    headers = [
        (b"content-type", MEDIA_TYPE.encode()),
        (b"cache-control", NO_STORE.encode()),
    ]
    retry = RETRY_SECONDS if refused.status == 503 else refused.retry_seconds
    if retry is not None:
        headers.append((b"retry-after", str(retry).encode()))
    return [
        {"type": "http.response.start", "status": refused.status, "headers": headers},
        body_message(json.dumps(document).encode(), more=False),
    ]


async def answer_early(answer: Messages, receive: Receive, send: Send) -> None:
    """Send an answer, and end the connection once the client can have read it."""
    start, *pieces = answer
    body = b"".join(piece["body"] for piece in pieces)
    headers = [(name, value) for name, value in start["headers"] if name not in _OURS]
    headers += [(b"connection", b"close"), (b"content-length", str(len(body)).encode())]
    await send({**start, "headers": headers})
    await send(body_message(body, more=True))
    try:
        async with asyncio.timeout(LINGER_SECONDS):
            await _drop_body(receive)
    except TimeoutError:
        pass
    await send(body_message(b"", more=False))


async def _drop_body(receive: Receive) -> None:
    dropped = 0
    while dropped < LINGER_BYTES:
        message = await receive()
        dropped += len(message.get("body", b""))
        if message["type"] == DISCONNECT or not message.get("more_body"):
            return
