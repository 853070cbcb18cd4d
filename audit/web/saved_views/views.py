"""Serves the page on which a person sees, saves and deletes views."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods, require_POST

from audit.conf import audit_settings
from audit.models import SavedView
from audit.web.parts.text import visible

from .built_in import built_in_views
from .found import BadView, delete_view, list_views, save_view

_private = cache_control(private=True, no_store=True)
FLAGS = ("is_shared", "is_pinned", "is_default")


@dataclass(frozen=True, slots=True, kw_only=True)
class ViewRow:
    """A saved view as a line; owner: of one that somebody else shares."""

    view: SavedView
    name: str
    owner: str

    @property
    def flags(self) -> tuple[tuple[str, bool], ...]:
        return tuple((flag, getattr(self.view, flag)) for flag in FLAGS)


@require_http_methods(["GET", "HEAD", "POST"])
@_private
@login_required
def views(request: HttpRequest) -> HttpResponse:
    """GET lists what there is; POST saves `address` under `name` and goes back to it."""
    if request.method != "POST":
        return _page(request)
    given = request.POST
    try:
        view = save_view(
            request.user,
            scope=audit_settings().resolve_scope(request.user),
            name=given.get("name", ""),
            address=given.get("address", ""),
            **{flag: given.get(flag) == "1" for flag in FLAGS},
        )
    except BadView as error:
        return _page(request, problem=str(error), status=400)
    back = view.address if given.get("then") == "stay" else reverse("audit_web:views")
    return HttpResponseRedirect(back)


@require_POST
@_private
@login_required
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    if not delete_view(request.user, view_id):
        raise Http404
    return HttpResponseRedirect(reverse("audit_web:views"))


def _page(request: HttpRequest, *, problem: str = "", status: int = 200) -> HttpResponse:
    scope = audit_settings().resolve_scope(request.user)
    found = list_views(request.user, scope=scope)
    page: dict[str, Any] = {
        "own": [_row(view) for view in found.own],
        "shared": [_row(view) for view in found.shared],
        "has_more": found.has_more,
        "built_in": built_in_views(scope),
        "problem": problem,
    }
    return render(request, "audit/views.html", page, status=status)


def _row(view: SavedView) -> ViewRow:
    return ViewRow(view=view, name=visible(view.name), owner=visible(view.owner.get_username()))
