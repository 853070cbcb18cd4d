"""Adds to events how far each has come in its log, where that is asked for."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from audit.conf import audit_settings
from audit.log.cursor import psycopg_cursor
from audit.log.times import format_time
from audit.seal.event_state import EventState, read_event_states
from audit.vocabulary.document import Document, Seal, SignedTree


def with_seals(documents: Sequence[Document]) -> Sequence[Document]:
    """Return the documents with their seals, which are read in one statement."""
    if not documents:
        return documents
    places = [
        (one.environment, one.position if isinstance(one.position, int) else None)
        for one in documents
    ]
    states = read_event_states(psycopg_cursor(audit_settings().READER_DATABASE), places)
    seals: dict[EventState, Seal] = {}
    return [
        replace(document, seal=seals.get(state) or seals.setdefault(state, _seal(state)))
        for document, state in zip(documents, states, strict=True)
    ]


def _seal(state: EventState) -> Seal:
    if state.size is None or state.signed_at is None:
        return Seal(state.state)
    return Seal(state.state, SignedTree(state.size, format_time(state.signed_at)))
