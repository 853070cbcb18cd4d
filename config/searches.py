"""Has searches wait for their turn, before a thread works on them."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl

from django.conf import settings
from django.urls import Resolver404, resolve

from audit.query.turns import NO_TURN, READER, is_search

from .answer import Recipient
from .body import ClientDisconnected
from .head import Scope
from .readers import Readers
from .search_turns import Bounds, NoTurn, SearchTurns, Turn
from .slots import Slots
from .variables import Configuration

# Of what everybody asks for; the address of one event is asked for once or twice.
MAX_PATHS = 256
LEND_SECONDS = 1.0
# Of DATA_DIR
DIRECTORY = "searches"


class Searches:
    """The searches of one process, on its event loop."""

    def __init__(self, bounds: Bounds, slots: Slots, *, session_cookie: str) -> None:
        self._turns = SearchTurns(bounds, slots)
        self._readers = Readers(session_cookie=session_cookie)

    async def take_turn(
        self, scope: Scope, environ: dict[str, Any], recipient: Recipient
    ) -> Turn | None:
        """Return the turn that a request has waited for, or None where it needs none.

        Where it has waited in vain the application is told, and says so. Raises ClientDisconnected
        where the client doesn't wait that long.
        """
        if not _is_search(scope):
            return None
        waiting = asyncio.create_task(self._turns.take(self._readers.find(scope)))
        try:
            await asyncio.wait((waiting, recipient.watch()), return_when=asyncio.FIRST_COMPLETED)
            if not waiting.done():
                raise ClientDisconnected
            return waiting.result()
        except NoTurn:
            environ[NO_TURN] = True
            return None
        except (asyncio.CancelledError, ClientDisconnected):
            waiting.add_done_callback(_give_back)
            waiting.cancel()
            raise

    def learn(self, scope: Scope, environ: Mapping[str, Any]) -> None:
        """Learn who it was from what the application wrote into a request's environment."""
        reader = environ.get(READER)
        if reader is not None:
            self._readers.learn(scope, reader)


def _is_search(scope: Scope) -> bool:
    if scope["method"] not in ("GET", "HEAD"):
        return False
    view = _view_of(scope["path"])
    if view is None:
        return False
    query = scope["query_string"].decode("latin-1")
    return is_search(view, frozenset(name for name, _ in parse_qsl(query)))


@lru_cache(maxsize=MAX_PATHS)
def _view_of(path: str) -> Any | None:
    try:
        return resolve(path).func
    except Resolver404:
        return None


def _give_back(waiting: asyncio.Task[Turn]) -> None:
    if not waiting.cancelled() and waiting.exception() is None:
        waiting.result().give_back()


def make_searches(given: Configuration) -> Searches:
    """Return the searches of a process with so many threads, half of which are left to others."""
    return Searches(
        Bounds(
            of_one=given.SEARCHES_OF_ONE_READER,
            in_all=max(given.WEB_THREADS // 2, 1),
            wait_seconds=given.SEARCH_WAIT_SECONDS,
            lend_seconds=LEND_SECONDS,
        ),
        Slots(
            given.DATA_DIR / DIRECTORY,
            count=given.SEARCHES_AT_ONCE or max(given.WEB_PROCESSES // 2, 1),
        ),
        session_cookie=settings.SESSION_COOKIE_NAME,
    )
