"""Serves the pages that tell who may do what, to whoever looks after people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _

from audit.contracts import INSTALLATION
from audit.web.parts.labels import Environments
from audit.web.parts.markup import Tag
from audit.web.parts.moments import Moment, moment
from audit.web.parts.text import visible
from audit.web.parts.viewer import viewer_of
from audit.web.shell.page import page

from .may import may
from .models import User
from .overview import Entry, entries, places_looked_after
from .roles import ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRow:
    """One entry as a line. by: of which grant it comes; until: None for no end"""

    person: str
    person_href: str
    tag: Tag
    environment_href: str
    workspace: str
    role: str
    abilities: tuple[str, ...]
    by: str
    given_by: str
    given_at: Moment | None
    until: Moment | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    name: str
    href: str
    roles: tuple[str, ...]
    tags: tuple[Tag, ...]


@page
def access(request: HttpRequest) -> HttpResponse:
    """Everybody who has anything in the environments that one looks after."""
    places = _places(request)
    known = Environments()
    found: dict[int, list[Entry]] = {}
    for entry in entries(places=places):
        found.setdefault(entry.user_id, []).append(entry)
    context = {
        "people": [_person_row(rows, known) for rows in found.values()],
        "roles": list(ROLES.values()),
        "environments": [(known.tag(key), _environment_href(key)) for key in places],
    }
    return render(request, "accounts/access.html", context)


@page
def person(request: HttpRequest, user_id: int) -> HttpResponse:
    """What one person may do; 404 alike where they aren't, and where one doesn't look after
    anything of theirs.
    """
    places = _places(request)
    user = get_object_or_404(User, pk=user_id)
    found = entries(places=places, people=[user])
    if not found and not may(request.user, "people", INSTALLATION):
        raise Http404
    context = {
        "title": visible(user.get_username()),
        "is_of_person": True,
        "rows": _rows(request, found),
        "is_gone": not user.is_active,
        "permissions": sorted(visible(str(each)) for each in user.user_permissions.all()),
    }
    return render(request, "accounts/who_sees.html", context)


@page
def environment(request: HttpRequest, key: str) -> HttpResponse:
    """Who may do what in an environment; 404 alike where it isn't and where one doesn't look
    after it.
    """
    if key not in _places(request):
        raise Http404
    context = {
        "title": Environments().tag(key).name,
        "tag": Environments().tag(key),
        "is_of_person": False,
        "rows": _rows(request, entries(places=[key])),
    }
    return render(request, "accounts/who_sees.html", context)


def _places(request: HttpRequest) -> tuple[str, ...]:
    places = places_looked_after(request.user)
    if not places:
        raise Http404
    return places


def _rows(request: HttpRequest, found: Sequence[Entry]) -> list[AccessRow]:
    known, zone = Environments(), viewer_of(request).zone
    return [
        AccessRow(
            person=visible(entry.person),
            person_href=reverse("access_of_person", args=[entry.user_id]),
            tag=known.tag(entry.environment),
            environment_href=_environment_href(entry.environment),
            workspace=visible(entry.workspace or ""),
            role=str(ROLES[entry.role].label),
            abilities=entry.abilities,
            by=_by(entry),
            given_by=visible(entry.given_by or ""),
            given_at=moment(entry.given_at, zone) if entry.given_at else None,
            until=moment(entry.until, zone) if entry.until else None,
        )
        for entry in found
    ]


def _by(entry: Entry) -> str:
    if entry.grant_id is None:
        return _("superuser")
    if entry.group is not None:
        return _("group %(name)s") % {"name": visible(entry.group)}
    return _("of their own")


def _person_row(found: Sequence[Entry], known: Environments) -> PersonRow:
    first = found[0]
    return PersonRow(
        name=visible(first.person),
        href=reverse("access_of_person", args=[first.user_id]),
        roles=tuple(dict.fromkeys(str(ROLES[entry.role].label) for entry in found)),
        tags=tuple(known.tag(key) for key in dict.fromkeys(e.environment for e in found)),
    )


def _environment_href(key: str) -> str:
    return reverse("access_in_environment", args=[key])
