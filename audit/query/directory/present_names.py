"""Finds today's names of the people and things of an event, which holds those of then."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.log import registry
from audit.log.cursor import psycopg_cursor
from audit.log.hashes import text_key
from audit.models.subject import RESOURCE
from audit.vocabulary.document import Document, Resource, Target
from audit.vocabulary.person_types import is_person_type

# (parameter of a search, id), as in a link to the events of it
Key = tuple[str, str]


def present_names(document: Document, *, scope: Scope) -> dict[Key, str]:
    """Return the names that later events gave, of what the document names otherwise.

    Inside the scope: who is bound to workspaces is told what events of these said.
    """
    things = dict(_things(document))
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    environment = document.environment
    numbers = registry.ENVIRONMENTS.find(cursor, [environment])
    if not things or environment not in scope.grants or not numbers:
        return {}
    given = {
        "environment": numbers[environment],
        "kinds": [kind for kind, _ in things.values()],
        "ids": [id_ for _, id_ in things],
        "at": datetime.fromisoformat(document.time),
        "workspaces": [text_key(w) for w in scope.grants[environment] or ()],
    }
    is_whole = scope.grants[environment] is None
    table = "audit_subject" if is_whole else "audit_workspacesubject"
    within = "" if is_whole else " AND s.workspace_key = ANY(%(workspaces)s)"
    cursor.execute(
        "SELECT DISTINCT ON (s.kind, s.subject_id) s.kind, s.subject_id, s.name"  # noqa: S608 (tables of our own, a condition that binds its values)
        f" FROM {table} s WHERE s.environment = %(environment)s{within}"
        " AND (s.kind, s.subject_id) IN (SELECT * FROM unnest(%(kinds)s::text[], %(ids)s::text[]))"
        " AND s.name IS NOT NULL AND s.last_seen > %(at)s"
        " ORDER BY s.kind, s.subject_id, s.last_seen DESC",
        given,
    )
    names = {(kind, id_): name for kind, id_, name in cursor}
    return {
        key: name
        for key, (kind, name_of_then) in things.items()
        if (name := names.get((kind, key[1]))) and name != name_of_then
    }


def _things(document: Document) -> Iterator[tuple[Key, tuple[str, str | None]]]:
    """Yield key, kind of subject and name of whatever the document tells the id."""
    for facet, thing in document.things:
        kind = facet
        if isinstance(thing, Resource | Target):
            is_person = facet == "target" and is_person_type(thing.type or "")
            kind = "actor" if is_person else f"{RESOURCE}{thing.type}"
        if thing.id:
            yield (facet, thing.id), (kind, thing.name)
