"""What may a person do? The one place that asks the host (`AUDIT["MAY"]`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .conf import audit_settings
from .contracts import SYSTEM_ENVIRONMENT, Ability, Scope
from .errors import NotAllowed


def may(user: Any, ability: Ability, environment: str) -> bool:
    """Return whether a person has an ability in an environment, or in `contracts.INSTALLATION`."""
    return audit_settings().may(user, ability, environment)


def those_of(user: Any, ability: Ability, environments: Iterable[str]) -> tuple[str, ...]:
    """Return those of the environments, by their keys, in which a person has an ability."""
    return tuple(key for key in environments if may(user, ability, key))


def places_of(user: Any, ability: Ability) -> tuple[str, ...]:
    """Return the keys of the environments in which a person has an ability, in their order."""
    settings = audit_settings()
    known = [
        *(environment.key for environment in settings.list_environments()),
        *settings.resolve_scope(user).environments,
        SYSTEM_ENVIRONMENT,
    ]
    return those_of(user, ability, dict.fromkeys(known))


def scope_of(user: Any, ability: Ability) -> Scope:
    """Return those environments as a scope: each as a whole."""
    return Scope(grants=dict.fromkeys(places_of(user, ability)))


def has_all(user: Any, ability: Ability, scope: Scope) -> bool:
    """Has a person an ability in each environment of a scope? In any, where the scope is empty."""
    if not scope.environments:
        return bool(places_of(user, ability))
    return all(may(user, ability, key) for key in scope.environments)


def require(user: Any, ability: Ability, scope: Scope) -> None:
    """Raise NotAllowed where a person has not an ability in each environment of a scope."""
    if has_all(user, ability, scope):
        return
    lacking = tuple(key for key in scope.environments if not may(user, ability, key))
    raise NotAllowed(ability, lacking)
