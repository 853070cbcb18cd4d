"""Authenticates senders by ingest key, and readers by read token or session."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user
from django.http import HttpRequest
from rest_framework.authentication import (
    BaseAuthentication,
    SessionAuthentication,
    get_authorization_header,
)
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from audit.conf import audit_settings
from audit.enrich.proxies import sender_address

CHALLENGE = 'Bearer realm="audit"'
MAX_TOKEN_CHARACTERS = 256


def bearer_token(request: Request) -> str | None:
    """Return the token of the Authorization header, or None without such a header.

    The scheme's case doesn't matter (RFC 9110 section 11.1). Raises AuthenticationFailed.
    """
    header = get_authorization_header(request)
    if not header:
        return None
    scheme, _, token = header.partition(b" ")
    token = token.strip()
    if scheme.lower() != b"bearer" or not token or b" " in token:
        raise AuthenticationFailed("Authorization must be 'Bearer <token>'.")
    if len(token) > MAX_TOKEN_CHARACTERS or not token.isascii():
        raise AuthenticationFailed("The token is not one of ours.")
    return token.decode()


class IngestKeyAuthentication(BaseAuthentication):
    """`request.auth` is the `SenderKey` of the key presented."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        token = bearer_token(request)
        if token is None:
            return None
        key = audit_settings().resolve_key(token, ip_address=sender_address(request))
        if key is None:
            if audit_settings().resolve_reader(token) is not None:
                raise PermissionDenied("This is a read token; recording needs an ingest key.")
            raise AuthenticationFailed("The ingest key is unknown, expired or revoked.")
        return None, key

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


class ReadTokenAuthentication(BaseAuthentication):
    """`request.user` is whom the read token belongs to."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        token = bearer_token(request)
        if token is None:
            return None
        user = audit_settings().resolve_reader(token)
        if user is None:
            if audit_settings().resolve_key(token, ip_address=sender_address(request)) is not None:
                raise PermissionDenied("This is an ingest key; reading needs a read token.")
            raise AuthenticationFailed("The read token is unknown, expired or revoked.")
        return user, token

    def authenticate_header(self, request: Request) -> str:
        return CHALLENGE


def reader_by_now(request: Request) -> Any | None:
    """Load anew who asked: None where their token or session has ended since, or they have."""
    if request.auth is not None:
        return audit_settings().resolve_reader(str(request.auth))
    known = request._request.session
    again = HttpRequest()
    again.session = type(known)(known.session_key)
    user = get_user(again)
    return user if user.is_authenticated else None


class Session(SessionAuthentication):
    """The browser's session, for reading only."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            return None
        return super().authenticate(request)
