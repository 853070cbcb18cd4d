"""Cuts an event to the members that a reader wants, and tags them (ETag)."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

import msgspec
from django.http import QueryDict

from audit.errors import BadParameter
from audit.vocabulary import unknown
from audit.vocabulary.document import MEMBERS, Document

_encode = msgspec.json.Encoder().encode


def parse_fields(params: QueryDict) -> tuple[str, ...]:
    """Return the members that `fields` names, with commas or repeated. Raises BadParameter."""
    given = ",".join(params.getlist("fields")).split(",")
    fields = tuple(dict.fromkeys(name for name in given if name))
    for name in fields:
        if name not in MEMBERS:
            raise BadParameter("fields", unknown("field", name, MEMBERS))
    return fields


def chosen(document: Document, fields: tuple[str, ...]) -> Document | dict[str, Any]:
    """Return the document with these members alone, or whole where none is named."""
    return {name: getattr(document, MEMBERS[name]) for name in fields} if fields else document


def entity_tag(document: Document | dict[str, Any]) -> str:
    """Return the strong entity tag (RFC 9110 section 8.8.3) of a document as it is sent."""
    return f'"{sha256(_encode(document)).hexdigest()[:32]}"'
