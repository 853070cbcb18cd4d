"""`POST /api/v1/<format>/events`: events in each format that isn't our own."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from django.urls import URLPattern, path
from rest_framework.parsers import BaseParser
from rest_framework.request import Request

from audit.contracts import SenderKey
from audit.ingest.format import Format
from audit.ingest.formats import formats
from audit.ingest.native_format import NATIVE

from .authentication import IngestKeyAuthentication
from .events import AuditView
from .media import raw_parser
from .submit import submit


class FormatEventsView(AuditView):
    authentication_classes = (IngestKeyAuthentication,)
    form: Format = NATIVE

    def get_parsers(self) -> list[BaseParser]:
        return [raw_parser(media_type)() for media_type in self.form.bodies]

    def post(self, request: Request) -> HttpResponse:
        return submit(request, cast(SenderKey, request.auth), self.form)

    def operation_name(self, method: str) -> str:
        return f"{self.form.name}.{method}"


def format_routes() -> list[URLPattern]:
    """Return a route for each format, named `<format>_events`."""
    return [
        path(f"{name}/events", FormatEventsView.as_view(form=form), name=f"{name}_events")
        for name, form in formats().items()
        if form is not NATIVE
    ]
