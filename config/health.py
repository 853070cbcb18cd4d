"""Lets probes reach the health views, whatever the settings say of hosts and HTTPS.

An orchestrator asks by the container's address and without HTTPS; neither ALLOWED_HOSTS nor
BEHIND_HTTPS may turn that away. What is answered holds nothing that a wrong name could spoil.
"""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase
from django.urls import resolve

from .probe import LIVE, READY


class HealthFirst:
    """Middleware: answers the health views before anything looks at the host or the scheme."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.path_info not in (LIVE, READY):
            return self.get_response(request)
        match = resolve(request.path_info)
        response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
        render = getattr(response, "render", None)
        return render() if render is not None else response
