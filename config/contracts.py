"""Says what the front of a web process asks of those who know the product behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from .answer import Messages, Recipient
from .head import Scope
from .memory import MemoryOwner
from .search_turns import Turn


class Gate(Protocol):
    """Admits requests. Called in a thread, with the headers by lower-case name.

    is_limited: whether there are rates to ask for
    """

    is_limited: bool

    def admit(self, headers: Mapping[str, str], *, ip_address: str | None) -> None:
        """Return where the rates let a request in. Raises EarlyRefusal."""

    def memory_owner(
        self, headers: Mapping[str, str], *, method: str, path: str, ip_address: str | None
    ) -> MemoryOwner | None:
        """Return whose share of the memory a body takes, or None where it needs a key and has none:
        the application answers why, without the body.
        """

    def charge(self, headers: Mapping[str, str], size: int) -> None:
        """Count the size of a body that has been read."""


class Shortcut(Protocol):
    """Answers some requests without the WSGI application. Found and learnt on the event loop,
    answered in a thread; None for an answer: it is a request for the application after all.
    """

    def find(self, scope: Scope, body: bytes) -> Any | None:
        """Return the request as the others take it, or None where the application answers."""

    def is_small(self, found: Any) -> bool:
        """May it be answered together with others?"""

    def answer_small(self, found: Sequence[Any]) -> Sequence[Messages | None]:
        """Return the answers of several, in their order."""

    def answer(self, found: Any) -> Messages | None:
        """Return the answer of one."""

    def learn(self, scope: Scope, answer: Messages) -> None:
        """Learn from what the application answered."""


class Searches(Protocol):
    """Has some requests wait for their turn. Used on the event loop."""

    async def take_turn(
        self, scope: Scope, environ: dict[str, Any], recipient: Recipient
    ) -> Turn | None:
        """Return a turn to be given back, or None. Raises ClientDisconnected."""

    def learn(self, scope: Scope, environ: Mapping[str, Any]) -> None:
        """Learn from what the application left in the environment of a request."""
