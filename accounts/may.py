"""Decides what a user may do (`audit.contracts.May`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.backends import ModelBackend

from audit.contracts import Ability

from .access import access_of

# Who was given one of these by itself has the ability in what they see the whole of.
BY_PERMISSION: Mapping[Ability, str] = {"keys": "environments.add_ingestkey"}


def may(user: Any, ability: Ability, environment: str) -> bool:
    """Return whether one of a user's roles has the ability there; of nobody, False."""
    access = access_of(user)
    if access is None:
        return False
    if access.may(ability, environment):
        return True
    permission = BY_PERMISSION.get(ability)
    return (
        permission is not None
        and access.workspaces("read", environment) is None
        and ModelBackend().has_perm(user, permission)
    )
