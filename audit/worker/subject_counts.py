"""Counts the events of each subject, and notes the first uses of countries and devices."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Set
from itertools import accumulate
from typing import Any
from uuid import UUID

import psycopg

from audit.log import registry
from audit.log.statements import statement
from audit.models.subject_count import COUNTED_KINDS, DATA_SOURCE, subject_cell
from audit.vocabulary.things import KINDS

from .arrays import array_text
from .batch import Batch
from .days import days_of, month_and_day

_DATA_SOURCE_TYPES = frozenset(KINDS["data_source"].resource_types)
# The columns that identify a device, as in `Sighting`
_DEVICE = ("browser", "operating_system", "device_class")
_REFUSED = frozenset(registry.OUTCOME_NUMBERS[outcome] for outcome in ("failure", "denied"))
_ADD = statement("worker", "count_subjects")
# Those that are there already are not touched: an update that changes nothing locks the row.
_SIGHT = statement("worker", "note_sightings")

# Kind, month, subject, workspace
_Key = tuple[int, int, str, str]


class SubjectCountTally:
    """Counts events by day, actor, application and data source."""

    def __init__(self, environment: int, *, zone: str) -> None:
        self._environment = environment
        self._zone = zone
        # kind → (subject, workspace, day, type, outcome) → events
        self._counts: dict[int, Counter[tuple[str | None, str, int, int, int | None]]] = {
            kind: Counter() for kind in COUNTED_KINDS.values()
        }

    def add(self, batch: Batch) -> None:
        columns = batch.columns
        data_sources = [
            id_ if type_ in _DATA_SOURCE_TYPES else None
            for type_, id_ in zip(columns["resource_type"], columns["resource_id"], strict=True)
        ]
        rest = (
            batch.workspaces,
            days_of(batch.millis, self._zone),
            columns["type"],
            columns["outcome"],
        )
        for kind, ids in (
            ("actor", columns["actor_id"]),
            ("application", columns["application_id"]),
            (DATA_SOURCE, data_sources),
        ):
            self._counts[COUNTED_KINDS[kind]].update(zip(ids, *rest, strict=True))

    def write(self, cursor: psycopg.Cursor[Any]) -> None:
        months: defaultdict[_Key, list[tuple[int, int]]] = defaultdict(list)
        for kind, counts in self._counts.items():
            for (id_, workspace, day, type_, outcome), count in counts.items():
                if id_ is not None:
                    month, day_of_month = month_and_day(day)
                    cell = subject_cell(day_of_month, type_, outcome or 0)
                    months[kind, month, id_, workspace].append((cell, count))
        # In sorted order, as all that the worker writes.
        if rows := [(*key, *_arrays(cells)) for key, cells in sorted(months.items())]:
            cursor.execute(
                _ADD, [self._environment, *(list(column) for column in zip(*rows, strict=True))]
            )


def _arrays(counts: list[tuple[int, int]]) -> tuple[str, str]:
    """Cells in ascending order and how many events up to each, as arrays are written in SQL."""
    cells, totals = zip(*sorted(counts), strict=True)
    return array_text(cells), array_text(accumulate(totals))


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
