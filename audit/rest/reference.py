"""`/api/v1/openapi.json` for programs, `/api/docs/` for people."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from rest_framework.request import Request
from rest_framework.response import Response

from .events import AuditView
from .schema.document import served_document
from .schema.pages import reference


class DocumentView(AuditView):
    """For everybody: it tells how to ask, and nothing that anybody recorded."""

    authentication_classes = ()
    permission_classes = ()

    def get(self, request: Request) -> Response:
        return Response(served_document(_origin(request)))


@require_safe
def reference_page(request: HttpRequest) -> HttpResponse:
    """The page needs no script and asks nobody else for anything."""
    return render(request, "audit/reference.html", {"page": reference(_origin(request))})


def _origin(request: HttpRequest | Request) -> str:
    return request.build_absolute_uri("/").rstrip("/")
