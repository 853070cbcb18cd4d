"""How often was each subject part of an event, and what had its actor never used before?"""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg

from audit.record import registry
from audit.vocabulary.things import KINDS

from .subjects import RESOURCE

DATA_SOURCE = f"{RESOURCE}data_source"


def count_subjects(cursor: psycopg.Cursor[Any], bounds: str, ids: list[UUID], zone: str) -> None:
    """Add these events to the days of their actors, applications and data sources.

    bounds: literal SQL over `audit_event e`; zone: of the days.
    """
    cursor.execute(
        "INSERT INTO audit_subjectcount AS r"
        " (environment, kind, day, subject_id, workspace_id, total)"
        " SELECT e.environment, v.kind, (audit_id_time(e.id) AT TIME ZONE %s)::date, v.subject_id,"
        " coalesce(e.workspace_id, ''), count(*)"
        " FROM audit_event e CROSS JOIN LATERAL (VALUES ('actor', e.actor_id),"
        " ('application', e.application_id),"
        " (%s, CASE WHEN e.resource_type = ANY(%s) THEN e.resource_id END)) AS v (kind, subject_id)"
        f" WHERE {bounds} AND e.id = ANY(%b) AND v.subject_id IS NOT NULL GROUP BY 1, 2, 3, 4, 5"
        " ON CONFLICT (environment, kind, day, subject_id, workspace_id)"
        " DO UPDATE SET total = r.total + excluded.total",
        [zone, DATA_SOURCE, list(KINDS["data_source"].resource_types), ids],
    )


def note_sightings(cursor: psycopg.Cursor[Any], bounds: str, ids: list[UUID]) -> None:
    """Keep from where, and with what, each actor signed in first. Failed attempts don't count."""
    login = registry.EVENT_TYPES.find(cursor, ("USER_LOGIN",)).get("USER_LOGIN")
    if login is None:
        return
    refused = ", ".join(str(registry.OUTCOME_NUMBERS[o]) for o in ("failure", "denied"))
    cursor.execute(
        "INSERT INTO audit_sighting AS s (environment, actor_id, kind, value, first_event)"
        " SELECT e.environment, e.actor_id, v.kind, v.value, (array_agg(e.id ORDER BY e.id))[1]"
        " FROM audit_event e CROSS JOIN LATERAL (VALUES ('country', e.country::text),"
        " ('device', CASE WHEN e.client_id IS NOT NULL THEN concat_ws('/',"
        " coalesce(e.browser, 0), coalesce(e.operating_system, 0), coalesce(e.device_class, 0))"
        " END)) AS v (kind, value)"
        f" WHERE {bounds} AND e.id = ANY(%b) AND e.type = {login:d}"
        f" AND coalesce(e.outcome, 0) NOT IN ({refused})"
        " AND e.actor_id IS NOT NULL AND v.value IS NOT NULL GROUP BY 1, 2, 3, 4"
        " ON CONFLICT (environment, actor_id, kind, value)"
        " DO UPDATE SET first_event = excluded.first_event"
        " WHERE excluded.first_event < s.first_event",
        [ids],
    )
