"""How does an answer leave the front?"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest

from config.answer import MAX_BUFFERED_BYTES
from config.asgi import Front

SCOPE = {
    "type": "http",
    "method": "GET",
    "path": "/",
    "query_string": b"",
    "http_version": "1.1",
    "headers": [(b"host", b"localhost")],
}


def ask(
    pieces: list[bytes], sent: list[Any], *, fails: bool = False, length: int | None = None
) -> list[Any]:
    """Ask a front around an application that answers these pieces; return what was sent.

    The application notes in `sent` when each piece was asked for.
    """

    def application(environ: dict[str, Any], start_response: Any) -> Iterator[bytes]:
        headers = [("Content-Length", str(length))] if length is not None else []
        start_response("200 OK", [("X-Test", "yes"), *headers])
        for piece in pieces:
            sent.append(("asked", piece))
            yield piece
        if fails:
            raise RuntimeError("broken")

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message.get("body", message.get("status")))

    front = Front(application, threads=1, max_body_bytes=10, timeout_seconds=30)
    asyncio.run(front(SCOPE, receive, send))
    return sent


class TestFront:
    @pytest.mark.parametrize(
        ("pieces", "expected"),
        [
            pytest.param([], [200, b""], id="empty"),
            pytest.param([b"whole"], [("asked", b"whole"), 200, b"whole"], id="one piece"),
        ],
    )
    def test_an_answer_of_one_piece_is_sent_at_its_end(
        self, pieces: list[bytes], expected: list[Any]
    ) -> None:
        assert ask(pieces, []) == expected

    def test_pieces_are_sent_while_the_next_ones_are_made(self) -> None:
        assert ask([b"a", b"b", b"c"], []) == [
            ("asked", b"a"),
            ("asked", b"b"),
            200,
            b"a",
            ("asked", b"c"),
            b"b",
            b"c",
        ]

    def test_one_that_says_how_short_it_is_holds_no_thread(self) -> None:
        assert ask([b"a", b"b", b"c"], [], length=3) == [
            ("asked", b"a"),
            ("asked", b"b"),
            ("asked", b"c"),
            200,
            b"abc",
        ]

    def test_one_that_says_how_long_it_is_is_sent_by_pieces(self) -> None:
        assert ask([b"a", b"b"], [], length=MAX_BUFFERED_BYTES + 1) == [
            ("asked", b"a"),
            ("asked", b"b"),
            200,
            b"a",
            b"b",
        ]

    def test_nothing_is_sent_of_an_answer_that_fails_at_once(self) -> None:
        sent: list[Any] = []
        with pytest.raises(RuntimeError, match="broken"):
            ask([], sent, fails=True)
        assert sent == []
