"""Takes bodies as raw bytes, and renders answers as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import IO, Any

import msgspec
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from .bodies import read_at_most

_encode = msgspec.json.Encoder().encode


class _RawParser(BaseParser):
    """Hands the body on as it came: decoding is the ingest room's work."""

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        return read_at_most(stream)


@lru_cache
def raw_parser(media_type: str) -> type[BaseParser]:
    """Return the parser that takes bodies of one media type."""
    return type("RawParser", (_RawParser,), {"media_type": media_type})


class JSONRenderer(BaseRenderer):
    """JSON by msgspec; problem documents too."""

    media_type = "application/json"
    format = "json"
    charset = None

    def render(
        self,
        data: Any,
        accepted_media_type: str | None = None,
        renderer_context: Mapping[str, Any] | None = None,
    ) -> bytes:
        return b"" if data is None else _encode(data)


class NDJSONRenderer(JSONRenderer):
    """Says that NDJSON is spoken; views that answer with it stream it themselves."""

    media_type = "application/x-ndjson"
    format = "ndjson"


class AnyAnswer(DefaultContentNegotiation):
    """The address says what is wanted, whatever `Accept` does."""

    def select_renderer(
        self, request: Request, renderers: Any, format_suffix: str | None = None
    ) -> Any:
        return renderers[0], renderers[0].media_type
