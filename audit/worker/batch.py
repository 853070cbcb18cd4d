"""Reads the next events in the order of their positions, for everything that counts them.

Each event is read once, and of it the few columns that are counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import psycopg

from audit.log import registry
from audit.log.day_values import COLUMNS as OCCURRING

MAX_EVENTS = 50_000
# So many rows are held at a time; their texts take a kilobyte each.
MAX_ROWS = 10_000
_MILLIS_BYTES = 6
_COLUMNS = (
    *("type", "outcome", "client_id", "workspace_id", "actor_id", "application_id"),
    *("application_gid", "resource_type", "resource_id", "personal", "details"),
    *("country", "browser", "operating_system", "device_class"),
)
_NAMES = tuple(dict.fromkeys((*_COLUMNS, *OCCURRING.values())))
_LISTED = ", ".join(f"e.{name}" for name in _NAMES)
# An array as `array_send` writes it: a head, then each element's length and its bytes.
_ARRAY_HEAD = 20
_ELEMENT = 20
_LENGTH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipts:
    """The next receipts. ids: of their events, in hexadecimal, by time and then by position; end:
    the position after the last of them
    """

    ids: Sequence[str]
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Events of one environment, oldest first.

    ids: 16 bytes each; millis: when they happened, since 1970; columns: name → values, one for
        each event; those of the event table that are counted, and the type's "code"
    """

    ids: Sequence[bytes]
    millis: Sequence[int]
    columns: Mapping[str, Sequence[Any]]

    @property
    def workspaces(self) -> Sequence[str]:
        """Ids of the workspaces, "" for none."""
        return [workspace or "" for workspace in self.columns["workspace_id"]]


class Tally(Protocol):
    """Something that is derived from events: first all batches are added, then it is written."""

    def add(self, batch: Batch) -> None:
        """Add the events of a batch; batches come oldest first."""

    def write(self, cursor: psycopg.Cursor[Any]) -> None:
        """Bring the table up to date, in the order of its key."""


def next_receipts(cursor: psycopg.Cursor[Any], environment: int, start: int) -> Receipts:
    """Return the receipts that begin within MAX_EVENTS positions of a start."""
    cursor.execute(
        "SELECT array_send(s.event_ids), p.first + p.count FROM audit_position p"
        " JOIN audit_submission s ON s.id = p.submission_id"
        " WHERE p.environment = %s AND p.first >= %s AND p.first < %s ORDER BY p.first",
        [environment, start, start + MAX_EVENTS],
        binary=True,
    )
    ids: list[str] = []
    end = start
    for array, after in cursor:
        ids += [
            array[at + _LENGTH : at + _ELEMENT].hex()
            for at in range(_ARRAY_HEAD, len(array), _ELEMENT)
        ]
        end = after
    # Ids of one instant stay in the order of positions: that in which they were handed in.
    return Receipts(ids=sorted(ids, key=_instant_of), end=end)


def read_batches(
    cursor: psycopg.Cursor[Any], environment: int, ids: Sequence[str]
) -> Iterator[Batch]:
    """Yield the events of these ids (in hexadecimal), in their order, MAX_ROWS at a time.

    The bounds are literals so that partitions are chosen while planning.
    """
    for first in range(0, len(ids), MAX_ROWS):
        some = ids[first : first + MAX_ROWS]
        cursor.execute(
            f"SELECT uuid_send(e.id), {_LISTED} FROM audit_event e"  # noqa: S608 (columns of our own, a number, UUIDs)
            f" WHERE e.environment = {environment:d}"
            f" AND e.id BETWEEN '{min(some)}' AND '{max(some)}'"
            " AND e.id = ANY(%s::uuid[])",
            [f"{{{','.join(some)}}}"],
            binary=True,
            prepare=False,
        )
        by_id = {row[0]: row for row in cursor}
        rows = [by_id[id_] for id_ in map(bytes.fromhex, some) if id_ in by_id]
        if rows:
            event_ids, *values = zip(*rows, strict=True)
            columns = dict(zip(_NAMES, values, strict=True))
            codes = registry.EVENT_TYPES.texts_of(cursor, set(columns["type"]))
            yield Batch(
                ids=event_ids,
                millis=[millis_of(id_) for id_ in event_ids],
                columns={**columns, "code": [codes[number] for number in columns["type"]]},
            )


def millis_of(id_: bytes) -> int:
    """Return when an event happened, in milliseconds since 1970."""
    return int.from_bytes(id_[:_MILLIS_BYTES], "big")


def _instant_of(id_: str) -> str:
    """The digits of an id that hold its time."""
    return id_[:16]
