"""Answers errors as problem documents (RFC 9457)."""

from __future__ import annotations

import logging
from typing import Any

import msgspec
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import set_rollback

from audit.errors import (
    BadCursor,
    BadParameter,
    CannotExport,
    LogBroken,
    NotAllowed,
    NotRecorded,
    NotSigned,
    TooManySearches,
    UnknownEnvironment,
)
from audit.ingest import unpack
from audit.ingest.json import decode
from audit.log.outage import outage_of
from audit.record import idempotency

from .bodies import LengthRequired
from .problem_types import MEDIA_TYPE, NO_STORE, PROBLEMS, RETRY_SECONDS, problem

_SLUGS: tuple[tuple[type[Exception], str], ...] = (
    (decode.NotReadable, "not-readable"),
    (decode.TooManyEvents, "too-many-events"),
    (LengthRequired, "length-required"),
    (unpack.BrokenCompression, "bad-compression"),
    (unpack.TooLarge, "too-large"),
    (unpack.UnknownEncoding, "unsupported-media-type"),
    (idempotency.InFlight, "in-flight"),
    (idempotency.KeyReused, "idempotency-key-reused"),
    (BadCursor, "bad-cursor"),
    (BadParameter, "bad-parameter"),
    (CannotExport, "cannot-export"),
    (NotAllowed, "not-allowed"),
    (NotSigned, "not-signed"),
    (LogBroken, "broken-log"),
    (NotRecorded, "not-recorded"),
    (TooManySearches, "too-many-searches"),
    (UnknownEnvironment, "unknown-environment"),
    (exceptions.NotAuthenticated, "unauthenticated"),
    (exceptions.AuthenticationFailed, "unauthenticated"),
    (exceptions.PermissionDenied, "forbidden"),
    (PermissionDenied, "forbidden"),
    (SuspiciousOperation, "bad-request"),
    (exceptions.NotFound, "not-found"),
    (Http404, "not-found"),
    (exceptions.MethodNotAllowed, "method-not-allowed"),
    (exceptions.NotAcceptable, "not-acceptable"),
    (exceptions.UnsupportedMediaType, "unsupported-media-type"),
    (exceptions.Throttled, "too-many-requests"),
    (exceptions.ParseError, "bad-request"),
)
# What is said in place of the exception's own words.
DETAILS = {
    "not-found": "There is nothing here, or nothing that you may see.",
    "error": "The fault is ours and is in the server's log.",
}
logger = logging.getLogger(__name__)


@csrf_exempt
def nothing_here(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The view of whatever no route answers: programs are told as programs are."""
    said = problem("not-found", DETAILS["not-found"])
    return HttpResponse(
        msgspec.json.encode(said),
        status=said["status"],
        content_type=MEDIA_TYPE,
        headers={"Cache-Control": NO_STORE},
    )


def handle(error: Exception, context: dict[str, Any]) -> Response:
    """DRF's exception handler: answer what is known by name, and log what isn't."""
    slug = _slug_of(error)
    if slug in ("error", "unavailable"):
        logger.error("%s failed.", context["request"].path, exc_info=error)
        set_rollback()
    said = problem_of(error)
    response = Response(said, status=said["status"], content_type=MEDIA_TYPE)
    for name, value in _headers(error, slug).items():
        response[name] = value
    return response


def problem_of(error: Exception) -> dict[str, Any]:
    """Return the problem document that tells of an error."""
    slug = _slug_of(error)
    return problem(slug, _detail(error, slug), **_more(error))


def _slug_of(error: Exception) -> str:
    slug = next((slug for kind, slug in _SLUGS if isinstance(error, kind)), None)
    if slug is None:
        slug = "error" if outage_of(error) is None else "unavailable"
    return slug


def _detail(error: Exception, slug: str) -> str:
    outage = outage_of(error) if slug == "unavailable" else None
    if outage is not None:
        return f"{outage.sentence} Try again."
    if slug in DETAILS:
        return DETAILS[slug]
    if isinstance(error, SuspiciousOperation):
        return "The request holds more parameters or bytes than is allowed, or a wrong host."
    return str(getattr(error, "detail", None) or error)


def _more(error: Exception) -> dict[str, Any]:
    if isinstance(error, decode.NotReadable) and error.offset is not None:
        return {"offset": error.offset}
    if isinstance(error, BadParameter):
        return {"parameter": error.parameter}
    if isinstance(error, NotAllowed):
        return {"ability": error.ability, "environments": list(error.environments)}
    if isinstance(error, NotRecorded):
        return {"reason": error.reason} if error.reason is not None else {}
    outage = outage_of(error)
    return {"reason": outage.reason} if outage is not None else {}


def _headers(error: Exception, slug: str) -> dict[str, str]:
    headers = {}
    if slug == "unauthenticated":
        headers["WWW-Authenticate"] = 'Bearer realm="audit"'
    if PROBLEMS[slug][0] == status.HTTP_503_SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_SECONDS)
    if slug in ("in-flight", "not-signed"):
        headers["Retry-After"] = "1"
    if isinstance(error, exceptions.Throttled):
        headers["Retry-After"] = str(int(getattr(error, "wait", None) or 1) + 1)
    return headers
