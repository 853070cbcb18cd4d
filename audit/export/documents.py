"""Makes the documents of one export: the API's own, but for `leaf` and `position`."""

from __future__ import annotations

from typing import Any

from msgspec import Raw, Struct

from audit.log.ids import micros_of_bytes
from audit.query.stored_texts import read_document
from audit.vocabulary.document import EMPTY_LIST, NULL, Document

from .lookups import Lookups
from .rows import PLACE, Row
from .time_texts import micros_of_timestamp, rfc3339

MAX_KNOWN = 20_000


class _Application(Struct, frozen=True, gc=False, omit_defaults=True):
    """An application as exports have it: the id comes first."""

    id: str | None = None
    gid: str | None = None
    name: str | None = None


def _application(gid: str | None, id_: str | None, name: str | None) -> Any:
    return _Application(id_, gid, name)


class Documents:
    """Makes the documents of one export."""

    def __init__(self, lookups: Lookups) -> None:
        self._lookups = lookups
        self._received: dict[bytes, str] = {}

    def make(self, row: Row) -> Document:
        """Return the document of one event."""
        # fmt: off
        (
            id_, raw_id, head, personal, details, environment, type_, outcome, client_id,
            submission_id, received_at, redacted,
        ) = row[:12]
        # fmt: on
        lookups, place = self._lookups, row[PLACE]
        return read_document(
            head,
            personal,
            details,
            id=id_.decode(),
            time=rfc3339(micros_of_bytes(raw_id)),
            type=lookups.types[type_],
            outcome=lookups.outcomes[outcome] if outcome is not None else None,
            environment=lookups.environments[environment],
            received_at=self._received.get(received_at) or self._time(received_at),
            client=lookups.clients.get(client_id, NULL),
            place=lookups.places.get(place) or lookups.place(place),
            redacted=Raw(redacted) if redacted else EMPTY_LIST,
            submission=int.from_bytes(submission_id, "big"),
            application=_application,
        )

    def _time(self, raw: bytes) -> str:
        """Many events come in one receipt."""
        if len(self._received) > MAX_KNOWN:
            self._received.clear()
        text = self._received[raw] = rfc3339(micros_of_timestamp(raw))
        return text
