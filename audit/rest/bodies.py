"""Reads the body of a submission, also where a server hands on one whose length is not told."""

from __future__ import annotations

from typing import IO, cast

from django.core.handlers.asgi import ASGIRequest
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.request import Request

from audit.conf import audit_settings
from audit.errors import AuditError
from audit.ingest.unpack import TooLarge


class LengthRequired(AuditError):
    """The body came in chunks through a server that does not say where they end."""


def read_body(request: Request) -> bytes:
    """Return the body as it was sent.

    Our own front tells the length of each body. Django without it takes a body without one for
    empty: under ASGI it has all of it already, under WSGI a server that undoes chunks says so by
    `wsgi.input_terminated`. Raises TooLarge, LengthRequired, UnsupportedMediaType.
    """
    if request.META.get("CONTENT_LENGTH") or "HTTP_TRANSFER_ENCODING" not in request.META:
        return request.data if isinstance(request.data, bytes) else b""
    # As DRF does it for a body whose length is told; a request of a view has both.
    assert request.negotiator is not None
    assert request.parsers is not None
    if request.negotiator.select_parser(request, request.parsers) is None:
        raise UnsupportedMediaType(request.content_type)
    return read_at_most(_stream_without_length(request))


def read_at_most(stream: IO[bytes]) -> bytes:
    """Return what a stream holds. Raises TooLarge where that is more than MAX_BODY_BYTES."""
    limit = audit_settings().MAX_BODY_BYTES
    body = stream.read(limit + 1)
    if len(body) > limit:
        raise TooLarge(f"The body is larger than {limit:,} bytes.")
    return body


def _stream_without_length(request: Request) -> IO[bytes]:
    if isinstance(request._request, ASGIRequest):
        return cast(IO[bytes], request._request)
    if request.META.get("wsgi.input_terminated"):
        return cast(IO[bytes], request.META["wsgi.input"])
    raise LengthRequired(
        "Send the body with a Content-Length: the server here can't take it in chunks."
    )
