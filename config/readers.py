"""Knows again who reads, by what their requests are sent with, as the application told before."""

from __future__ import annotations

from collections import OrderedDict
from hashlib import blake2b

from .head import Scope

# All of whom nothing is known yet are one: made-up tokens get no turn each.
STRANGER = "stranger"
MAX_KNOWN = 4_096


class Readers:
    """Those of one process, on its event loop. session_cookie: the name of the session's cookie"""

    def __init__(self, *, session_cookie: str) -> None:
        self._session_cookie = session_cookie.encode()
        self._known: OrderedDict[bytes, str] = OrderedDict()

    def find(self, scope: Scope) -> str:
        """Return who sends a request, or STRANGER."""
        credential = self._credential(scope)
        if credential is None or credential not in self._known:
            return STRANGER
        self._known.move_to_end(credential)
        return self._known[credential]

    def learn(self, scope: Scope, reader: str) -> None:
        """Keep what the application told of who had sent a request."""
        credential = self._credential(scope)
        if credential is None:
            return
        self._known[credential] = f"reader:{reader}"
        self._known.move_to_end(credential)
        if len(self._known) > MAX_KNOWN:
            self._known.popitem(last=False)

    def _credential(self, scope: Scope) -> bytes | None:
        """Return a hash of the token or, without one, the session that a request comes with."""
        token = session = b""
        for name, value in scope["headers"]:
            if name == b"authorization":
                token = value
            elif name == b"cookie":
                for pair in value.split(b";"):
                    key, _, given = pair.strip().partition(b"=")
                    session = given if key == self._session_cookie else session
        told = token or session
        return blake2b(told, digest_size=16).digest() if told else None
