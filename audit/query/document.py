"""Reads events from their table, as readers get them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from msgspec import Raw

from audit.log.ids import time_of
from audit.log.leaf_hashes import find_leaf_hashes
from audit.log.registry import COUNTRIES, ENVIRONMENTS, EVENT_TYPES, OUTCOME_NUMBERS
from audit.log.times import format_time
from audit.query.search.bounded_search import fetch_by_id
from audit.query.search.conditions import Condition
from audit.vocabulary.document import EMPTY_LIST, NULL, Device, Document, Place

from .stored_texts import read_document

# First the columns that `_document` takes apart, then those of the client, after one that says
# whether there is one, and those of the place. What numbers stand for is known to the process:
# with their tables, the statement would take three times as long to plan.
_SELECT = """
SELECT e.id, e.head, e.personal, e.details, e.submission_id, e.ordinal, p.first + e.ordinal,
    e.type, e.outcome, e.environment, e.received_at, e.redacted,
    e.client_id, {device},
    e.country, e.region, e.city, e.latitude, e.longitude, e.radius_km, e.time_zone, e.network,
    e.organisation, e.place_kind
FROM audit_event e
LEFT JOIN audit_client cl ON cl.id = e.client_id
LEFT JOIN audit_position p ON p.submission_id = e.submission_id
WHERE {where}
""".replace("{device}", ", ".join(f"cl.{field}" for field in Device.__struct_fields__))
_SUBMISSION, _ORDINAL, _TYPE, _OUTCOME, _ENVIRONMENT, _CLIENT = 4, 5, 7, 8, 9, 12
_COUNTRY = _CLIENT + 1 + len(Device.__struct_fields__)
_OUTCOMES = {number: code for code, number in OUTCOME_NUMBERS.items()}
_encode = msgspec.json.Encoder().encode


def fetch_documents(
    cursor: psycopg.Cursor[Any], ids: Sequence[UUID], *, scoped: Condition
) -> list[Document]:
    """Return the documents of these events, in the order of `ids`; those not in scope are left
    out.
    """
    if not ids:
        return []
    rows = {row[0]: row for row in fetch_by_id(cursor, _SELECT, ids, scoped)}
    leaves = find_leaf_hashes(cursor, [(row[_SUBMISSION], row[_ORDINAL]) for row in rows.values()])
    documents = _Documents(cursor, list(rows.values()), leaves)
    return [documents.of(row) for id_ in ids if (row := rows.get(id_)) is not None]


class _Documents:
    """Makes the documents of some rows; what many of them share is made once."""

    def __init__(
        self,
        cursor: psycopg.Cursor[Any],
        rows: Sequence[tuple[Any, ...]],
        leaves: Mapping[tuple[int, int], bytes],
    ) -> None:
        self._leaves = leaves
        self._types = EVENT_TYPES.texts_of(cursor, {row[_TYPE] for row in rows})
        self._environments = ENVIRONMENTS.texts_of(cursor, {row[_ENVIRONMENT] for row in rows})
        countries = {row[_COUNTRY] for row in rows} - {None}
        self._countries = COUNTRIES.texts_of(cursor, countries)
        self._clients: dict[int | None, Raw] = {None: NULL}
        self._places: dict[tuple[Any, ...], Raw] = {}
        self._received: dict[datetime, str] = {}

    def of(self, row: tuple[Any, ...]) -> Document:
        # fmt: off
        (
            id_, head, personal, details, submission, ordinal, position,
            type_, outcome, environment, received_at, redacted, client_id,
        ) = row[: _CLIENT + 1]
        # fmt: on
        client = self._clients.get(client_id) or self._client(row)
        place = row[_COUNTRY:]
        leaf_hash = self._leaves.get((submission, ordinal))
        return read_document(
            head,
            personal,
            details,
            id=str(id_),
            time=format_time(time_of(id_)),
            type=self._types[type_],
            outcome=_OUTCOMES[outcome] if outcome is not None else None,
            environment=self._environments[environment],
            received_at=self._received.get(received_at) or self._time(received_at),
            client=client,
            place=self._places.get(place) or self._place(place),
            redacted=Raw(_encode(redacted)) if redacted else EMPTY_LIST,
            submission=submission,
            leaf=leaf_hash.hex() if leaf_hash is not None else None,
            position=position,
        )

    def _client(self, row: tuple[Any, ...]) -> Raw:
        made = self._clients[row[_CLIENT]] = Raw(_encode(Device(*row[_CLIENT + 1 : _COUNTRY])))
        return made

    def _place(self, place: tuple[Any, ...]) -> Raw:
        """place: the number of its country, then the other members of `Place`"""
        country, *rest = place
        named = Place(self._countries[country] if country is not None else None, *rest)
        made = self._places[place] = Raw(_encode(named)) if place[-1] is not None else NULL
        return made

    def _time(self, received_at: datetime) -> str:
        text = self._received[received_at] = format_time(received_at)
        return text
