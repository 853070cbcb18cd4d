"""`GET /api/v1/access`: who may do what, for programs of whoever looks after people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.response import Response

from audit.contracts import INSTALLATION
from audit.errors import BadParameter
from audit.log.times import format_time
from audit.query.search.parameters import check_names
from audit.rest.events import AuditView
from audit.rest.schema.declare import Answer, Operation, Parameter, array, or_null, record

from .may import may
from .models import User
from .overview import Entry, entries, places_looked_after

TEXT = {"type": "string"}
TIME = {"type": "string", "format": "date-time"}


class AccessView(AuditView):
    operations: Mapping[str, Operation] = {
        "AccessView.get": Operation(
            id="get_access",
            group="Access",
            title="What a person may do, or who may do what in an environment",
            says="For who has the ability `people`, of the environments in which they have it. "
            "What abilities open, and which role has which: docs/access.md.",
            parameters=(
                Parameter(name="person", says="A user name.", schema=TEXT),
                Parameter(
                    name="environment",
                    says="An environment's key.",
                    schema=TEXT,
                    example="prod",
                    is_tried=True,
                ),
            ),
            answers={
                200: Answer(
                    says="One entry for each grant, person and environment; of a superuser one "
                    "without a grant.",
                    schema=record(
                        results=array(
                            record(
                                person=TEXT,
                                environment=TEXT,
                                workspace=or_null(TEXT),
                                role=TEXT,
                                abilities=array(TEXT),
                                group=or_null(TEXT),
                                until=or_null(TIME),
                                grant=or_null({"type": "integer"}),
                                given_by=or_null(TEXT),
                                given_at=or_null(TIME),
                            )
                        )
                    ),
                    example={
                        "results": [
                            {
                                "person": "ann",
                                "environment": "prod",
                                "workspace": None,
                                "role": "viewer",
                                "abilities": ["read"],
                                "group": "guests",
                                "until": "2026-04-01T00:00:00.000000Z",
                                "grant": 12,
                                "given_by": "admin",
                                "given_at": "2026-03-18T09:12:44.120000Z",
                            }
                        ]
                    },
                )
            },
            problems=("bad-parameter", "not-found"),
        )
    }

    def get(self, request: Request) -> Response:
        params = request.query_params
        check_names(params, ("person", "environment"))
        person, environment = params.get("person", ""), params.get("environment", "")
        if bool(person) == bool(environment):
            raise BadParameter("person", "Give either a person or an environment.")
        places = places_looked_after(request.user)
        if environment:
            if environment not in places:
                raise Http404
            found = entries(places=[environment])
        else:
            user = User.objects.filter(username=person).first() if "\0" not in person else None
            found = entries(places=places, people=[user]) if user is not None else ()
            if not found and (user is None or not may(request.user, "people", INSTALLATION)):
                raise Http404
        return Response({"results": [told(entry) for entry in found]})


def told(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON has it."""
    return {
        "person": entry.person,
        "environment": entry.environment,
        "workspace": entry.workspace,
        "role": entry.role,
        "abilities": list(entry.abilities),
        "group": entry.group,
        "until": format_time(entry.until) if entry.until else None,
        "grant": entry.grant_id,
        "given_by": entry.given_by,
        "given_at": format_time(entry.given_at) if entry.given_at else None,
    }
