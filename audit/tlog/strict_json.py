"""Reads JSON that says one thing only: no member twice, no NaN, UTF-8 alone (RFC 8259)."""

from __future__ import annotations

import json
from typing import Any


def read_json(content: bytes) -> Any:
    """Return the value that some bytes hold. Raises ValueError with what is wrong."""
    try:
        return json.loads(
            content.decode(), object_pairs_hook=_object, parse_constant=_refuse_constant
        )
    except RecursionError:
        raise ValueError("JSON nested too deep") from None


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("JSON with a member that is there twice")
    return members


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"JSON has no {name}")
