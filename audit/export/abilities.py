"""Who may take evidence out: salts, and parts of a log with their proof."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from audit.abilities import may


def evidence_environments(user: Any, environments: Iterable[str]) -> tuple[str, ...]:
    """Return those of the environments, by their keys, whose evidence a user may have."""
    return tuple(key for key in environments if may(user, "evidence", key))
