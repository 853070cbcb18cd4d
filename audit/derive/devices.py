"""Derives stored clients again by today's parsing rules, and corrects their events.

Two steps, each of which may be interrupted anywhere: first the clients that other rules parsed,
then the numbers of browser, system and class in each event that differ from its client's. The
second compares what is stored, so the next run finds whatever an interrupted one left over.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import transaction

from audit.enrich.device import RULES_VERSION, Device, parse_device
from audit.log import registry
from audit.log.cursor import psycopg_cursor
from audit.log.day_values import note_days
from audit.record.clients import DEVICE_FIELDS, MAX_LOOKUP_ROWS
from audit.roles import DERIVE, acting_as

from .months import Month

CLIENTS_A_BATCH = 2_000
EVENTS_A_BATCH = 5_000
# The fields that stand in each event's row too, as numbers
NUMBERED = {
    "agent_name": registry.BROWSERS,
    "operating_system_name": registry.OPERATING_SYSTEMS,
    "device_class": registry.DEVICE_CLASSES,
}
_BEFORE_ALL = -(2**63)
_FIELDS = ", ".join(DEVICE_FIELDS)
_STALE = (
    f"SELECT id, user_agent, client_hints, {_FIELDS} FROM audit_client"  # noqa: S608 (columns of our own)
    " WHERE rules_version <> %s AND id > %s ORDER BY id LIMIT %s"
)
_UPDATE_CLIENTS = f"""
UPDATE audit_client c
SET rules_version = %s, {", ".join(f"{field} = n.{field}" for field in DEVICE_FIELDS)}
FROM unnest(%s::bigint[], {", ".join(["%s::text[]"] * len(DEVICE_FIELDS))}) AS n(id, {_FIELDS})
WHERE c.id = n.id
"""  # noqa: S608 (columns of our own)
# `IS DISTINCT FROM` on rows: a number may be absent on either side.
_SAYS_OTHER = "(e.browser, e.operating_system, e.device_class) IS DISTINCT FROM (b.id, o.id, d.id)"
_EVENTS = """
FROM audit_event e
JOIN audit_client c ON c.id = e.client_id
LEFT JOIN audit_browser b ON b.name = c.agent_name
LEFT JOIN audit_operatingsystem o ON o.name = c.operating_system_name
LEFT JOIN audit_deviceclass d ON d.name = c.device_class
WHERE e.id >= '{lower}' AND e.id < '{upper}'
"""
_WRONG = f"""
SELECT e.id, e.environment, b.id, o.id, d.id {_EVENTS} AND {_SAYS_OTHER}
ORDER BY e.id LIMIT %s
"""
_COUNT = f"SELECT count(*) {_EVENTS} AND ({_SAYS_OTHER} OR e.client_id = ANY(%s))"
_UPDATE_EVENTS = """
UPDATE audit_event e
SET browser = n.browser, operating_system = n.operating_system, device_class = n.device_class
FROM unnest(%s::uuid[], %s::smallint[], %s::smallint[], %s::smallint[], %s::smallint[])
    AS n(id, environment, browser, operating_system, device_class)
WHERE e.id = n.id AND e.environment = n.environment AND e.id BETWEEN '{first}' AND '{last}'
"""
Changes = Counter[tuple[str, str | None, str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReparsedBatch:
    """One batch of clients. changes: (field, old, new) → how many clients

    renumbered: ids of those whose events get other numbers
    """

    clients: int
    changed: int
    renumbered: tuple[int, ...]
    changes: Changes


def count_stale(*, using: str) -> int:
    """Return how many clients other rules parsed."""
    cursor = psycopg_cursor(using)
    cursor.execute("SELECT count(*) FROM audit_client WHERE rules_version <> %s", [RULES_VERSION])
    row = cursor.fetchone()
    return row[0] if row else 0


def reparse_clients(*, using: str, is_dry: bool) -> Iterator[ReparsedBatch]:
    """Parse the clients that other rules parsed, a batch a transaction; yield after each.

    is_dry: parse and compare, write nothing
    """
    last = _BEFORE_ALL
    while True:
        with transaction.atomic(using=using):
            cursor = psycopg_cursor(using)
            with acting_as(cursor, DERIVE):
                cursor.execute(_STALE, [RULES_VERSION, last, CLIENTS_A_BATCH])
                rows = cursor.fetchall()
                if not rows:
                    return
                devices = [_parse(row[1], row[2]) for row in rows]
                if not is_dry:
                    _store(cursor, [row[0] for row in rows], devices, using=using)
        last = rows[-1][0]
        yield _compared(rows, devices)


def count_wrong(month: Month, *, renumbered: Sequence[int], using: str) -> int:
    """Return how many events of a month differ from their clients, or from what these clients are
    about to become.
    """
    cursor = psycopg_cursor(using)
    cursor.execute(_COUNT.format(lower=month.lower, upper=month.upper), [list(renumbered)])
    row = cursor.fetchone()
    return row[0] if row else 0


def correct_events(month: Month, *, using: str) -> Iterator[int]:
    """Give the events of a month the numbers of their clients, a batch a transaction; yield how
    many after each.
    """
    lower = month.lower
    while True:
        with transaction.atomic(using=using):
            cursor = psycopg_cursor(using)
            with acting_as(cursor, DERIVE):
                cursor.execute(
                    _WRONG.format(lower=lower, upper=month.upper), [EVENTS_A_BATCH], binary=True
                )
                wrong = cursor.fetchall()
                if not wrong:
                    return
                columns = [list(column) for column in zip(*wrong, strict=True)]
                cursor.execute(_UPDATE_EVENTS.format(first=wrong[0][0], last=wrong[-1][0]), columns)
                bounds = f"e.id BETWEEN '{wrong[0][0]}' AND '{wrong[-1][0]}'"
                note_days(cursor, bounds, columns[0])
        yield len(wrong)
        if len(wrong) < EVENTS_A_BATCH:
            return
        lower = UUID(int=wrong[-1][0].int + 1)


def _parse(user_agent: str, client_hints: str) -> Device:
    return parse_device(user_agent or None, msgspec.json.decode(client_hints))


def _store(
    cursor: psycopg.Cursor[Any], ids: Sequence[int], devices: Sequence[Device], *, using: str
) -> None:
    columns = [[getattr(device, field) for device in devices] for field in DEVICE_FIELDS]
    for field, table in NUMBERED.items():
        names = {getattr(device, field) for device in devices} - {None}
        table.find_or_add(cursor, names, using=using, limit=MAX_LOOKUP_ROWS)
    cursor.execute(_UPDATE_CLIENTS, [RULES_VERSION, list(ids), *columns])


def _compared(rows: Sequence[Sequence[Any]], devices: Sequence[Device]) -> ReparsedBatch:
    changes: Changes = Counter()
    changed = 0
    renumbered = []
    for row, device in zip(rows, devices, strict=True):
        differences = [
            (field, old, new)
            for field, old in zip(DEVICE_FIELDS, row[3:], strict=True)
            if old != (new := getattr(device, field))
        ]
        changes.update(differences)
        changed += bool(differences)
        if any(field in NUMBERED for field, _, _ in differences):
            renumbered.append(row[0])
    return ReparsedBatch(
        clients=len(rows), changed=changed, renumbered=tuple(renumbered), changes=changes
    )
