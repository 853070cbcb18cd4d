"""Both doors through which events come in, as the front has them, in one thread."""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.wsgi import get_wsgi_application

from config.answer import run_application
from config.head import environ_of
from config.shortcut import KnownHeads, KnownSubmission, make_shortcut

EVENTS = "/api/v1/events"
LOWCODER_EVENTS = "/api/v1/lowcoder/events"
TIME = "2026-03-05T09:00:00Z"


class Door:
    """The shortcut and Django behind it."""

    def __init__(self, token: str) -> None:
        shortcut = make_shortcut()
        assert shortcut is not None
        self.shortcut: KnownHeads = shortcut
        self.application = get_wsgi_application()
        self.token = token

    def scope(self, path: str = EVENTS, **headers: str) -> dict[str, Any]:
        path, _, query = path.partition("?")
        given = {
            "host": "localhost",
            "authorization": f"Bearer {self.token}",
            "content-type": "application/json",
            **{name.lower().replace("_", "-"): value for name, value in headers.items()},
        }
        return {
            "type": "http",
            "method": "POST",
            "path": path,
            "query_string": query.encode(),
            "http_version": "1.1",
            "scheme": "http",
            "client": ("192.0.2.7", 4711),
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in given.items()],
        }

    def ask_django(self, scope: dict[str, Any], body: bytes) -> Any:
        def send_now(message: Any) -> None:
            raise AssertionError("an answer in pieces")

        answer = run_application(self.application, environ_of(scope, body), send_now)
        self.shortcut.learn(scope, answer)
        return answer

    def find(self, scope: dict[str, Any], body: bytes) -> KnownSubmission:
        found = self.shortcut.find(scope, body)
        assert found is not None
        return found

    def ask_front(self, scope: dict[str, Any], body: bytes) -> Any:
        """Ask as the front does: Django only where the shortcut has no answer."""
        found = self.shortcut.find(scope, body)
        answer: Any = None
        if found is not None and self.shortcut.is_small(found):
            (answer,) = self.shortcut.answer_small([found])
        elif found is not None:
            answer = self.shortcut.answer(found)
        return answer or self.ask_django(scope, body)


def event(name: str) -> bytes:
    return msgspec.json.encode({"id": name, "time": TIME, "type": "X"})


def envelope(name: str) -> bytes:
    login = {"eventType": "USER_LOGIN", "orgId": "w1", "userId": "u1", "details": {}}
    return msgspec.json.encode(login | {"eventId": name, "eventTime": TIME})


def headers_of(answer: Any) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer, without the length of its body."""
    headers = dict(answer[0]["headers"])
    assert len(headers) == len(answer[0]["headers"])
    assert headers.pop(b"content-length") == str(len(answer[1]["body"])).encode()
    return sorted(headers.items())
