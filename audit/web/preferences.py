"""Keeps how a person likes to read: theme, language, zone, density."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from audit.conf import audit_settings
from audit.models import Preferences
from audit.models.preferences import DENSITIES
from audit.web.events.columns import COLUMNS, MAX_COLUMNS, Column, columns_of
from audit.web.parts.viewer import THEME_COOKIE, THEMES, preferences_of, zone_named
from audit.web.shell.languages import offered_languages
from audit.web.shell.page import private

YEAR_SECONDS = 365 * 24 * 60 * 60


@require_http_methods(["GET", "HEAD", "POST"])
@private
def preferences(request: HttpRequest) -> HttpResponse:
    """GET shows what is chosen; POST keeps whatever of it is given, and goes back to `next`.

    Theme and language are kept in the browser and need no login; the rest is the person's own.
    """
    if request.method != "POST":
        return render(request, "audit/preferences.html", _form(request))
    response = HttpResponseRedirect(_next(request))
    _keep_in_browser(request.POST, response)
    if request.user.is_authenticated:
        _keep(request.user, request.POST)
    return response


def _form(request: HttpRequest) -> dict[str, Any]:
    """What the page offers and what is chosen; as many places for columns as there are columns."""
    chosen = preferences_of(request.user) or Preferences()
    shown = [column.key for column in columns_of(chosen.columns) if not column.is_wide]
    return {
        "zones": zone_names(),
        "time_zone": chosen.time_zone,
        "installation_zone": audit_settings().TIME_ZONE,
        "all_columns": [Column(key=key, label=str(label)) for key, label in COLUMNS.items()],
        "places": [*shown, *[""] * (MAX_COLUMNS - len(shown))][:MAX_COLUMNS],
        "back": reverse("audit_web:events"),
    }


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """Return the zones that people live in, and UTC."""
    return ("UTC", *sorted(name for name in available_timezones() if _is_lived_in(name)))


def _is_lived_in(name: str) -> bool:
    return "/" in name and not name.startswith(("Etc/", "SystemV/", "US/", "Brazil/", "Canada/"))


def _keep_in_browser(given: QueryDict, response: HttpResponse) -> None:
    cookies = (
        ("theme", THEME_COOKIE, THEMES),
        ("language", settings.LANGUAGE_COOKIE_NAME, tuple(dict(offered_languages()))),
    )
    for name, cookie, allowed in cookies:
        if (value := given.get(name)) in allowed:
            response.set_cookie(
                cookie,
                value,
                max_age=YEAR_SECONDS,
                httponly=True,
                samesite="Lax",
                secure=settings.SESSION_COOKIE_SECURE,
            )


def _keep(user: Any, given: QueryDict) -> None:
    """A value that is none of those offered is left as it was: the form can't send it."""
    chosen = {
        name: read(given.getlist(name))
        for name, (holds, read) in _READ.items()
        if name in given and holds(given.getlist(name))
    }
    if chosen:
        Preferences.objects.using(audit_settings().DATABASE).update_or_create(
            user_id=user.pk, defaults=chosen
        )


_Values = list[str]
_READ: dict[str, tuple[Callable[[_Values], bool], Callable[[_Values], Any]]] = {
    "time_zone": (
        lambda values: values == [""] or zone_named(values[0]) is not None,
        lambda values: values[0],
    ),
    "is_in_utc": (lambda values: values[-1] in ("0", "1"), lambda values: values[-1] == "1"),
    "density": (lambda values: values[0] in DENSITIES, lambda values: values[0]),
    "folds": (lambda values: values[-1] in ("0", "1"), lambda values: values[-1] == "1"),
    "columns": (
        lambda values: all(value in COLUMNS or not value for value in values),
        lambda values: list(dict.fromkeys(value for value in values if value)),
    ),
}


def _next(request: HttpRequest) -> str:
    path = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(
        path, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return path if is_ours else request.path
