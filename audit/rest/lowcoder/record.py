"""`POST /api/v1/lowcoder/events`: envelopes as a Lowcoder server emits them."""

from __future__ import annotations

from typing import cast

from django.http import HttpResponse
from rest_framework.request import Request

from audit.contracts import SenderKey
from audit.ingest.formats import LOWCODER

from ..authentication import IngestKeyAuthentication
from ..events import AuditView
from ..submit import submit


class LowcoderEventsView(AuditView):
    authentication_classes = (IngestKeyAuthentication,)

    def post(self, request: Request) -> HttpResponse:
        return submit(request, cast(SenderKey, request.auth), LOWCODER)
