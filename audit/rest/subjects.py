"""`/api/v1/actors`, `/applications` and so on: what is there to choose from?"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from audit.contracts import Scope
from audit.log.times import format_time
from audit.query.directory.environments import find_environments
from audit.query.directory.event_types import find_event_types
from audit.query.directory.subject_spots import Kind
from audit.query.directory.subjects import Subjects, find_subjects
from audit.query.search.parameters import check_names, parse_environments

from .events import AuditView
from .parameters import parse_number, parse_text

DEFAULT_LIMIT = 10
MAX_LIMIT = 100


class PickListView(AuditView):
    """Parameters that all pick-lists have: prefix, environment, limit."""

    also: Iterable[str] = ("environment", "limit")

    def chosen(self, request: Request) -> tuple[Scope, str, int]:
        """Return the scope, the prefix and the limit asked for. Raises BadParameter."""
        params = request.query_params
        check_names(params, ("prefix", *self.also))
        return (
            parse_environments(params, scope=self.scope(request)),
            parse_text(params, "prefix"),
            parse_number(params, "limit", default=DEFAULT_LIMIT, highest=MAX_LIMIT),
        )


class SubjectsView(PickListView):
    kind: Kind

    def get(self, request: Request) -> Response:
        scope, prefix, limit = self.chosen(request)
        return Response(
            _answer(find_subjects(kind=self.kind, scope=scope, prefix=prefix, limit=limit))
        )


class ActorsView(SubjectsView):
    kind = "actor"


class ApplicationsView(SubjectsView):
    kind = "application"


class WorkspacesView(SubjectsView):
    kind = "workspace"


class ResourcesView(PickListView):
    also = (*PickListView.also, "resource_type")

    def get(self, request: Request) -> Response:
        scope, prefix, limit = self.chosen(request)
        found = find_subjects(
            kind="resource",
            scope=scope,
            prefix=prefix,
            resource_type=parse_text(request.query_params, "resource_type") or None,
            limit=limit,
        )
        return Response(_answer(found))


class EventTypesView(PickListView):
    def get(self, request: Request) -> Response:
        scope, prefix, limit = self.chosen(request)
        found = find_event_types(scope=scope, prefix=prefix, limit=limit + 1)
        return Response(
            {
                "results": [
                    {
                        "code": kind.code,
                        "group": kind.group,
                        "label": kind.label,
                        "is_known": kind.is_known,
                        "environments": kind.environments,
                        "last_seen": _time(kind.last_seen),
                    }
                    for kind in found[:limit]
                ],
                "complete": len(found) <= limit,
            }
        )


class EnvironmentsView(PickListView):
    """All that the reader sees, the system's own too: there are never many."""

    also = ()

    def get(self, request: Request) -> Response:
        _, prefix, _ = self.chosen(request)
        return Response(
            {
                "results": [
                    {
                        "key": environment.key,
                        "name": environment.name,
                        "colour": environment.colour,
                        "last_seen": _time(environment.last_seen),
                    }
                    for environment in find_environments(scope=self.scope(request), prefix=prefix)
                ],
                "complete": True,
            }
        )


def _answer(found: Subjects) -> dict[str, Any]:
    return {
        "results": [
            {
                "id": subject.id,
                "name": subject.name,
                "email": subject.email,
                "gid": subject.gid,
                "resource_type": subject.resource_type,
                "environments": subject.environments,
                "last_seen": _time(subject.last_seen),
            }
            for subject in found.results
        ],
        "complete": found.complete,
    }


def _time(moment: datetime | None) -> str | None:
    return format_time(moment) if moment is not None else None
