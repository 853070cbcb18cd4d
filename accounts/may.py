"""Decides what a user may do in an environment (`audit.contracts.May`)."""

from __future__ import annotations

from typing import Any

from .scope import resolved_scope


def may(user: Any, ability: str, environment: str) -> bool:
    """Return whether the user sees the whole environment, whatever the ability."""
    return resolved_scope(user).has(environment, None)
