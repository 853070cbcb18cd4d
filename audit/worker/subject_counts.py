"""Counts the events of each subject, and notes the first uses of countries and devices."""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import Any
from uuid import UUID

import psycopg

from audit.log import registry
from audit.log.statements import statement
from audit.models.subject import RESOURCE
from audit.vocabulary.things import KINDS

from .batch import Batch
from .days import days_of

DATA_SOURCE = f"{RESOURCE}data_source"
_DATA_SOURCE_TYPES = frozenset(KINDS["data_source"].resource_types)
# The columns that identify a device, as in `Sighting`
_DEVICE = ("browser", "operating_system", "device_class")
_REFUSED = frozenset(registry.OUTCOME_NUMBERS[outcome] for outcome in ("failure", "denied"))
_ADD = statement("worker", "count_subjects")
# Those that are there already are not touched: an update that changes nothing locks the row.
_SIGHT = statement("worker", "note_sightings")


class SubjectCountTally:
    """Counts events by day, actor, application and data source."""

    def __init__(self, environment: int, *, zone: str) -> None:
        self._environment = environment
        self._zone = zone
        # kind → (day, subject, workspace) → events
        self._counts: dict[str, Counter[tuple[int, str | None, str]]] = {
            kind: Counter() for kind in ("actor", "application", DATA_SOURCE)
        }

    def add(self, batch: Batch) -> None:
        days, workspaces = days_of(batch.millis, self._zone), batch.workspaces
        data_sources = [
            id_ if type_ in _DATA_SOURCE_TYPES else None
            for type_, id_ in zip(
                batch.columns["resource_type"], batch.columns["resource_id"], strict=True
            )
        ]
        for kind, ids in (
            ("actor", batch.columns["actor_id"]),
            ("application", batch.columns["application_id"]),
            (DATA_SOURCE, data_sources),
        ):
            self._counts[kind].update(zip(days, ids, workspaces, strict=True))

    def write(self, cursor: psycopg.Cursor[Any]) -> None:
        rows = sorted(
            (kind, *key, total)
            for kind, counts in self._counts.items()
            for key, total in counts.items()
            if key[1] is not None
        )
        if rows:
            cursor.execute(
                _ADD, [self._environment, *(list(column) for column in zip(*rows, strict=True))]
            )


class SightingTally:
    """Notes the first sign-in of each actor by country and device. Failed attempts don't count.

    sign_ins: the numbers of the types of sign-ins
    """

    def __init__(self, environment: int, *, sign_ins: Set[int]) -> None:
        self._environment = environment
        self._sign_ins = sign_ins
        # (actor, kind, value) → the first event
        self._first: dict[tuple[str, str, str], bytes] = {}

    def add(self, batch: Batch) -> None:
        columns = batch.columns
        for n, type_ in enumerate(columns["type"]):
            actor = columns["actor_id"][n]
            if type_ not in self._sign_ins or actor is None or columns["outcome"][n] in _REFUSED:
                continue
            if (country := columns["country"][n]) is not None:
                self._first.setdefault((actor, "country", str(country)), batch.ids[n])
            if columns["client_id"][n] is not None:
                device = "/".join(str(columns[name][n] or 0) for name in _DEVICE)
                self._first.setdefault((actor, "device", device), batch.ids[n])

    def write(self, cursor: psycopg.Cursor[Any]) -> None:
        rows = sorted((*key, UUID(bytes=id_)) for key, id_ in self._first.items())
        if rows:
            actors, kinds, values, events = zip(*rows, strict=True)
            cursor.execute(
                _SIGHT,
                {
                    "environment": self._environment,
                    "actors": list(actors),
                    "kinds": list(kinds),
                    "values": list(values),
                    "events": list(events),
                },
            )
