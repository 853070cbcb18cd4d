"""Parses the head of a request."""

from __future__ import annotations

import io
import sys
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import quote

Scope = MutableMapping[str, Any]
MAX_HEAD_BYTES = 2**16


class EarlyRefusal(Exception):
    """A request is refused before Django sees it."""

    def __init__(self, status: int, detail: str, *, retry_seconds: int | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.retry_seconds = retry_seconds


def check_head(scope: Scope) -> None:
    """Raises EarlyRefusal."""
    size = len(scope.get("raw_path", b"")) + len(scope["query_string"])
    size += sum(len(name) + len(value) for name, value in scope["headers"])
    if size > MAX_HEAD_BYTES:
        raise EarlyRefusal(431, f"The head of the request is larger than {MAX_HEAD_BYTES:,} bytes.")
    hosts = sum(name == b"host" for name, _ in scope["headers"])
    if hosts > 1 or (hosts == 0 and scope["http_version"] == "1.1"):
        raise EarlyRefusal(400, "A request names one Host (RFC 9112 section 3.2).")


def check_declared_size(scope: Scope, max_body_bytes: int) -> None:
    """Raises EarlyRefusal where the head says that the body is too large."""
    declared = next((v for k, v in scope["headers"] if k == b"content-length"), b"")
    if declared.isdigit() and int(declared[:18]) > max_body_bytes:
        raise body_too_large(max_body_bytes)


def body_too_large(max_body_bytes: int) -> EarlyRefusal:
    return EarlyRefusal(413, f"The body is larger than {max_body_bytes:,} bytes.")


def expects_continue(scope: Scope) -> bool:
    """Does the client wait for 100 (Continue) to send the body (RFC 9110 section 10.1.1)?"""
    return any(k == b"expect" and v.lower() == b"100-continue" for k, v in scope["headers"])


def headers_of(scope: Scope) -> dict[str, str]:
    """Return the headers by lower-case name; what is there several times, with commas."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]},{value}" if name in headers else value
    return headers


def environ_of(scope: Scope, body: bytes) -> dict[str, Any]:
    """Return the environment of a WSGI application (PEP 3333)."""
    client = scope.get("client") or ("", 0)
    server = scope.get("server") or ("localhost", 80)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": scope.get("root_path", ""),
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "RAW_URI": scope.get("raw_path", quote(scope["path"]).encode()).decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": server[0],
        "SERVER_PORT": str(server[1] or 0),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": client[0],
        "REMOTE_PORT": str(client[1]),
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
    }
    for raw_name, raw_value in scope["headers"]:
        name = raw_name.decode("latin-1").upper().replace("-", "_")
        value = raw_value.decode("latin-1")
        if name == "CONTENT_TYPE":
            environ[name] = value
        elif name not in ("CONTENT_LENGTH", "TRANSFER_ENCODING") and b"_" not in raw_name:
            key = f"HTTP_{name}"
            environ[key] = f"{environ[key]},{value}" if key in environ else value
    return environ
