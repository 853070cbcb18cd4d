"""Resolves a user to the scope that their grants add up to."""

from __future__ import annotations

from typing import Any

from audit.contracts import EMPTY_SCOPE, Scope

from .access import access_of


def resolve_scope(user: Any) -> Scope:
    """Return the environments and workspaces that a user reads (`audit.contracts.ScopeResolver`).

    Nobody who is inactive or not logged in sees anything.
    """
    access = access_of(user)
    if access is None:
        return EMPTY_SCOPE
    seen = {key: access.workspaces("read", key) for key in access.environments}
    return Scope(grants={key: bound for key, bound in seen.items() if bound is None or bound})
