"""Reads the names of people and things from an event's texts; only few are opened."""

from __future__ import annotations

import msgspec

from .batch import Batch


class _Named(msgspec.Struct, frozen=True):
    name: str | None = None
    email: str | None = None


class _Personal(msgspec.Struct, frozen=True):
    actor: _Named | None = None
    resource: _Named | None = None


class _Details(msgspec.Struct, frozen=True):
    workspace: _Named | None = None
    application: _Named | None = None
    resource: _Named | None = None


# What else the texts hold is passed over without being decoded.
_decode_personal = msgspec.json.Decoder(_Personal).decode
_decode_details = msgspec.json.Decoder(_Details).decode
_NO_ONE, _NOTHING, _UNNAMED = _Personal(), _Details(), _Named()


class EventNames:
    """The names in a batch's events, by the index of an event; None where it has none."""

    def __init__(self, batch: Batch) -> None:
        self._texts = (batch.columns["personal"], batch.columns["details"])
        self._decoded: dict[int, tuple[_Personal, _Details]] = {}

    def workspace(self, index: int) -> tuple[str | None]:
        return ((self._read(index)[1].workspace or _UNNAMED).name or None,)

    def application(self, index: int) -> tuple[str | None]:
        return ((self._read(index)[1].application or _UNNAMED).name or None,)

    def resource(self, index: int) -> tuple[str | None]:
        personal, details = self._read(index)
        named = (personal.resource or _UNNAMED, details.resource or _UNNAMED)
        return (named[0].name or named[1].name or None,)

    def actor(self, index: int) -> tuple[str | None, str | None]:
        """Name and e-mail address."""
        actor = self._read(index)[0].actor or _UNNAMED
        return actor.name or None, actor.email or None

    def _read(self, index: int) -> tuple[_Personal, _Details]:
        found = self._decoded.get(index)
        if found is None:
            personal, details = (texts[index] for texts in self._texts)
            found = (
                _decode_personal(personal) if personal else _NO_ONE,
                _decode_details(details) if details else _NOTHING,
            )
            self._decoded[index] = found
        return found
