"""How is one line of the table written?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

JSON = "application/json"
LINES = "application/x-ndjson"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A request and the answer that it deserves.

    body: or a function that makes it, where it is large
    verdicts: of its events, in order ("recorded rejected"); of many alike: "rejected*10000"
    problem: the type of the problem document, without its prefix
    says: words in the answer, such as the pointer of what is wrong
    holds: words in the event as it is read back
    """

    name: str
    body: bytes | Callable[[], bytes]
    status: int
    verdicts: str = ""
    problem: str = ""
    says: str = ""
    holds: str = ""
    content_type: str = JSON
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.body() if callable(self.body) else self.body

    @property
    def expected_verdicts(self) -> list[str]:
        verdicts: list[str] = []
        for word in self.verdicts.split():
            status, _, count = word.partition("*")
            verdicts += [status] * int(count or 1)
        return verdicts


def unreadable(name: str, body: bytes | Callable[[], bytes], says: str = "") -> Row:
    """A document that is not JSON: 400 for all of it."""
    return Row(name=name, body=body, status=400, problem="not-readable", says=says)


def rejected(name: str, body: bytes | Callable[[], bytes], says: str) -> Row:
    """One event that breaks a rule."""
    return Row(name=name, body=body, status=422, verdicts="rejected", says=says)


def recorded(name: str, body: bytes | Callable[[], bytes], holds: str = "") -> Row:
    """One event that is odd, but right."""
    return Row(name=name, body=body, status=201, verdicts="recorded", holds=holds)


def member(text: str) -> bytes:
    """An event with one more member, or some, as JSON text."""
    return b'{"type":"HOSTILE",%s}' % text.encode()


def detail(text: str) -> bytes:
    """An event with one value in its details, as JSON text."""
    return b'{"type":"HOSTILE","details":{"a":%s}}' % text.encode()
