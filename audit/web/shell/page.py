"""Puts together what every page has: navigation, person, scripts."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render, resolve_url
from django.views.decorators.cache import cache_control
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from audit.errors import TooManySearches
from audit.query.turns import RETRY_SECONDS, note_reader, require_turn

View = Callable[..., HttpResponseBase]


def page(view: View) -> View:
    """Make a view of a page: read alone, for who is logged in, kept by nobody between."""
    return require_safe(private(_logged_in(view)))


def _logged_in(view: View) -> View:
    """Like `login_required`; a fragment for a page whose session is over says so in its place, and
    a search that was not begun does, too.
    """
    guarded = login_required(view)

    @wraps(view)
    def answer(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not request.user.is_authenticated and _is_fragment(request):
            back = path_of(request.headers.get("HX-Current-URL", ""))
            given = {"back": back, "login": resolve_url(settings.LOGIN_URL)}
            return render(request, "audit/_logged_out.html", given, status=401)
        if request.user.is_authenticated:
            note_reader(request.META, request.user)
            try:
                require_turn(request.META)
            except TooManySearches:
                return _busy(request)
        return guarded(request, *args, **kwargs)

    return answer


def _busy(request: HttpRequest) -> HttpResponse:
    template, here = "audit/busy.html", request.get_full_path()
    if _is_fragment(request):
        template, here = "audit/_busy.html", path_of(request.headers.get("HX-Current-URL", ""))
    response = render(request, template, {"here": here}, status=503)
    response["Retry-After"] = str(RETRY_SECONDS)
    return response


def _is_fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"


def path_of(address: str) -> str:
    """Return path and parameters of an address, without its host."""
    parts = urlsplit(address)
    return f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"


def private(view: View) -> View:
    """What a page says is for one reader, gone when they log out, and sent small.

    Secrets in it (the form's token) are masked anew each time, and Django pads what it compresses,
    so its length tells nothing.
    """
    return cache_control(private=True, no_store=True)(gzip_page(view))
