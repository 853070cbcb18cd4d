"""Which values, and which two together, occur on a day?

No index is led by browser, system, device or country: four more would cost a fifth of recording.
Instead it is kept on which days each value occurs, alone and with each other (countries and
browsers also with workspace, type and outcome): a search for a rare one, or for two that never
meet, then knows where to look.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations, product
from typing import Any
from uuid import UUID

import psycopg

# facet → column of small numbers that no index is led by
NARROW: dict[str, str] = {
    "country": "country",
    "browser": "browser",
    "os": "operating_system",
    "device_class": "device_class",
}
# facet → column of those that are kept together with them
PARTNERS: dict[str, str] = {
    "workspace": "workspace_hash",
    "type": "type",
    "outcome": "outcome",
}
_ALONE = tuple((facet,) for facet in NARROW)
# With systems and device classes, too, there would be as many rows as events in a small company.
_TOGETHER = (*combinations(NARROW, 2), *product(PARTNERS, ("country", "browser")))
# The numbers stand in the table: a new kind goes to the end, and all is counted again.
KINDS: Mapping[tuple[str, ...], int] = {
    facets: number for number, facets in enumerate((*_ALONE, *_TOGETHER), start=1)
}
_SHIFT = 16


def joint_value(numbers: Sequence[int]) -> int:
    """Return the number of one value, or of two: 32 signed bits, then 15."""
    return numbers[0] if len(numbers) == 1 else (numbers[0] << _SHIFT) | numbers[1]


def note_occurrences(cursor: psycopg.Cursor[Any], bounds: str, ids: Sequence[UUID]) -> None:
    """Keep what occurs in these events. bounds: literal SQL over `audit_event e`."""
    cursor.execute(_NOTE.format(where=f"{bounds} AND e.id = ANY(%b)"), [list(ids)])


def _sql(facets: tuple[str, ...]) -> str:
    columns = [f"e.{(NARROW | PARTNERS)[facet]}::bigint" for facet in facets]
    return columns[0] if len(columns) == 1 else f"({columns[0]} << {_SHIFT}) | {columns[1]}"


_COLUMNS = ", ".join(f"e.{column}" for column in (*NARROW.values(), *PARTNERS.values()))
_NOTE = f"""
INSERT INTO audit_occurrence (environment, kind, value, day)
SELECT DISTINCT e.environment, k.kind, k.value, e.day
FROM (
    SELECT DISTINCT e.environment, {_COLUMNS},
        (audit_id_time(e.id) AT TIME ZONE 'UTC')::date AS day
    FROM audit_event e WHERE {{where}}
) AS e
CROSS JOIN LATERAL (VALUES {", ".join(f"({n}, {_sql(f)})" for f, n in KINDS.items())})
    AS k (kind, value)
WHERE k.value IS NOT NULL
ORDER BY 1, 2, 3, 4
ON CONFLICT DO NOTHING
"""
# Of an installation that has events already (a migration runs it).
NOTE_ALL = _NOTE.format(where="true")
