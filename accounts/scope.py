"""Resolves a user to the scope that their grants add up to."""

from __future__ import annotations

from typing import Any

from audit.contracts import EMPTY_SCOPE, SYSTEM_ENVIRONMENT, Scope
from environments.models import Environment

from .models import Grant, User

_SCOPE = "_resolved_scope"


def resolve_scope(user: Any) -> Scope:
    """Return the environments and workspaces that a user sees (`audit.contracts.ScopeResolver`).

    Nobody who is inactive or not logged in sees anything. The user keeps it for `resolved_scope`.
    """
    if not isinstance(user, User) or not user.is_active:
        return EMPTY_SCOPE
    scope = _read_scope(user)
    setattr(user, _SCOPE, scope)
    return scope


def resolved_scope(user: Any) -> Scope:
    """Return the scope as it was resolved last for this very user, who lives as long as a request;
    resolve it where it never was.
    """
    known: Scope | None = getattr(user, _SCOPE, None)
    return known if known is not None else resolve_scope(user)


def _read_scope(user: User) -> Scope:
    if user.is_superuser or user.sees_everything:
        keys = list(Environment.objects.order_by("position", "key").values_list("key", flat=True))
        own = [SYSTEM_ENVIRONMENT] if user.is_superuser else []
        return Scope(grants=dict.fromkeys([*keys, *own]))
    grants: dict[str, frozenset[str] | None] = {}
    rows = Grant.objects.filter(user=user).order_by("environment__position", "environment__key")
    for key, workspace in rows.values_list("environment__key", "workspace_id"):
        if workspace is None:
            grants[key] = None
        elif (known := grants.get(key, frozenset())) is not None:
            grants[key] = known | {workspace}
    return Scope(grants=grants)
