"""Derives the places of stored IP addresses again from today's location file.

An event's IP address is evidence; its place is derived, and carries the build date of the file that
gave it. Events with the present file's date are skipped, so an interrupted run can be continued. A
sample taken first shows whether a file locates fewer addresses than the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from django.db import transaction

from audit.enrich.place import BuildDates, Place
from audit.log.cursor import psycopg_cursor
from audit.log.day_values import note_days
from audit.record.places import locations_of
from audit.roles import DERIVE, acting_as

from .months import Month

EVENTS_A_BATCH = 5_000
SAMPLED_EVENTS = 2_000  # of each month
# column → its type; in the order of `_values`
COLUMNS = {
    "country": "smallint",
    "place_kind": "text",
    "region": "text",
    "city": "text",
    "latitude": "double precision",
    "longitude": "double precision",
    "radius_km": "smallint",
    "time_zone": "text",
    "network": "text",
    "organisation": "text",
    "place_build": "date",
}
_NAMES = ", ".join(COLUMNS)
_SELECT = f"""
SELECT e.id, e.environment, e.ip, {", ".join(f"e.{name}" for name in COLUMNS)}
FROM audit_event e
WHERE e.id >= '{{lower}}' AND e.id < '{{upper}}' AND e.ip IS NOT NULL
    AND (%s OR e.place_build IS DISTINCT FROM CASE family(e.ip) WHEN 4 THEN %s ELSE %s END)
    {{and_more}}
ORDER BY e.id LIMIT %s
"""  # noqa: S608 (columns of our own)
_UPDATE = f"""
UPDATE audit_event e SET {", ".join(f"{name} = n.{name}" for name in COLUMNS)}
FROM unnest(%s::uuid[], %s::smallint[], {", ".join(f"%s::{kind}[]" for kind in COLUMNS.values())})
    AS n(id, environment, {_NAMES})
WHERE e.id = n.id AND e.environment = n.environment AND e.id BETWEEN '{{first}}' AND '{{last}}'
"""  # noqa: S608 (columns of our own)
_LOCATION_COLUMNS = ("country", "region", "city", "latitude")
_AND_HAS_LOCATION = f"AND ({' OR '.join(f'e.{name} IS NOT NULL' for name in _LOCATION_COLUMNS)})"


@dataclass(frozen=True, slots=True, kw_only=True)
class RelocatedBatch:
    """One batch of events: how many were looked up, how many have another place now, and how many
    of those had a location before and have none now.
    """

    events: int
    changed: int
    lost: int


def sample_relocation(
    months: Iterable[Month], *, build_dates: BuildDates, is_all: bool, using: str
) -> RelocatedBatch:
    """Look up some events of each month that have a location, and change none."""
    events = changed = lost = 0
    for month in months:
        with transaction.atomic(using=using):
            cursor = psycopg_cursor(using)
            with acting_as(cursor, DERIVE):
                cursor.execute(
                    _SELECT.format(
                        lower=month.lower, upper=month.upper, and_more=_AND_HAS_LOCATION
                    ),
                    [is_all, *build_dates, SAMPLED_EVENTS],
                    binary=True,
                )
                rows = cursor.fetchall()
                moved = _changed(cursor, rows, using=using)
        events += len(rows)
        changed += len(moved)
        lost += sum(1 for _, is_lost in moved if is_lost)
    return RelocatedBatch(events=events, changed=changed, lost=lost)


def relocate_events(
    month: Month, *, build_dates: BuildDates, is_all: bool, is_dry: bool, using: str
) -> Iterator[RelocatedBatch]:
    """Derive the places of a month's events, a batch a transaction; yield after each.

    build_dates: of the present files; is_all: events that it has placed already, too (where only
    the file of networks was replaced)
    """
    lower = month.lower
    while True:
        with transaction.atomic(using=using):
            cursor = psycopg_cursor(using)
            with acting_as(cursor, DERIVE):
                cursor.execute(
                    _SELECT.format(lower=lower, upper=month.upper, and_more=""),
                    [is_all, *build_dates, EVENTS_A_BATCH],
                    binary=True,
                )
                rows = cursor.fetchall()
                if not rows:
                    return
                moved = _changed(cursor, rows, using=using)
                changed = [values for values, _ in moved]
                if changed and not is_dry:
                    columns = [list(column) for column in zip(*changed, strict=True)]
                    cursor.execute(
                        _UPDATE.format(first=changed[0][0], last=changed[-1][0]), columns
                    )
                    bounds = f"e.id BETWEEN '{changed[0][0]}' AND '{changed[-1][0]}'"
                    note_days(cursor, bounds, columns[0])
        lost = sum(1 for _, is_lost in moved if is_lost)
        yield RelocatedBatch(events=len(rows), changed=len(changed), lost=lost)
        if len(rows) < EVENTS_A_BATCH:
            return
        lower = UUID(int=rows[-1][0].int + 1)


def _changed(
    cursor: psycopg.Cursor[Any], rows: Sequence[tuple[Any, ...]], *, using: str
) -> list[tuple[tuple[Any, ...], bool]]:
    """Return id, environment and new values of the events whose place changed, and whether each
    lost its location.
    """
    found = locations_of(cursor, {str(row[2]) for row in rows}, using=using)
    changed = []
    for id_, environment, address, *old in rows:
        located, country = found.get(str(address), (None, None))
        new = _values(located.place if located else None, country)
        if new != tuple(old):
            is_lost = _has_location(old) and not _has_location(new)
            changed.append(((id_, environment, *new), is_lost))
    return changed


def _has_location(values: Sequence[Any]) -> bool:
    named = dict(zip(COLUMNS, values, strict=True))
    return any(named[name] is not None for name in _LOCATION_COLUMNS)


def _values(place: Place | None, country: int | None) -> tuple[Any, ...]:
    if place is None:
        return (None,) * len(COLUMNS)
    return (
        country,
        place.kind,
        place.region,
        place.city,
        place.latitude,
        place.longitude,
        place.radius_km,
        place.time_zone,
        place.network,
        place.organisation,
        place.build_date,
    )
