"""Which of the Django admin's permissions does each ability open, so that roles hold there, too?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from audit.contracts import Ability

from .roles import Role


def _of(app: str, model: str, *actions: str) -> tuple[str, ...]:
    return tuple(f"{app}.{action}_{model}" for action in actions or _ALL)


_ALL = ("view", "add", "change", "delete")
PERMISSIONS: Mapping[Ability, tuple[str, ...]] = {
    "rejected": _of("audit", "rejected", "view"),
    "keys": (
        *_of("environments", "sender", "view", "add", "change"),
        *_of("environments", "ingestkey", "view", "add", "change"),
        *_of("environments", "environment", "view"),
    ),
    "environments": _of("environments", "environment"),
    "people": (
        *_of("accounts", "user"),
        *_of("accounts", "grant"),
        *_of("accounts", "readtoken", "view", "change"),
        *_of("auth", "group"),
    ),
}
# Of what belongs to no one environment: these want the ability everywhere.
OF_INSTALLATION = frozenset({"environments.add_environment", "environments.delete_environment"})


def permissions_of_roles(roles: Iterable[Role]) -> frozenset[str]:
    """Return all that the abilities of these roles open, as app.action_model."""
    return frozenset(
        name
        for role in roles
        if not role.is_of_system
        for ability in role.abilities
        for name in PERMISSIONS.get(ability, ())
    )


def abilities_that_open(permission: str) -> tuple[Ability, ...]:
    """Return the abilities of which any opens a permission."""
    return tuple(ability for ability, names in PERMISSIONS.items() if permission in names)
