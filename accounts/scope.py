"""Resolves a user to the scope that their grants add up to."""

from __future__ import annotations

from typing import Any

from audit.contracts import EMPTY_SCOPE, SYSTEM_ENVIRONMENT, Scope
from environments.models import Environment

from .models import Grant, User


def resolve_scope(user: Any) -> Scope:
    """Return the environments and workspaces that a user sees (`audit.contracts.ScopeResolver`).

    Nobody who is inactive or not logged in sees anything.
    """
    if not isinstance(user, User) or not user.is_active:
        return EMPTY_SCOPE
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
