"""Limits Django's own querysets to what a person may see, as every search is."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from audit.conf import audit_settings
from audit.contracts import SYSTEM_ENVIRONMENT, Scope
from audit.log.hashes import text_hash
from audit.models import Environment, Event


def visible_events(events: QuerySet[Event], *, scope: Scope) -> QuerySet[Event]:
    """Return those of the events that are inside the scope."""
    numbers = dict(_environments().values_list("key", "id"))
    inside = Q(pk__in=[])
    for key, workspaces in scope.grants.items():
        one = Q(environment=numbers.get(key, 0))
        if workspaces is not None:
            hashes = [text_hash(w) for w in workspaces]
            one &= Q(workspace_hash__in=hashes, workspace_id__in=workspaces)
        inside |= one
    return events.filter(inside)


def of_whole_environments(rows: QuerySet[Any], *, scope: Scope) -> QuerySet[Any]:
    """Return those rows, of a table with an environment but no workspace, whose environment the
    scope has as a whole: a receipt tells of all workspaces.
    """
    whole = [key for key, workspaces in scope.grants.items() if workspaces is None]
    numbers = _environments().filter(key__in=whole).values_list("id", flat=True)
    return rows.filter(environment__in=list(numbers))


def sees_every_environment(scope: Scope) -> bool:
    """Does the scope have each environment as a whole, but for the system's own log?"""
    keys = _environments().exclude(key=SYSTEM_ENVIRONMENT).values_list("key", flat=True)
    return all(scope.has(key, None) for key in keys)


def _environments() -> QuerySet[Environment]:
    return Environment.objects.using(audit_settings().READER_DATABASE)
