"""What do the grants of a person, and of their groups, add up to? The one place that knows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from audit.contracts import INSTALLATION, SYSTEM_ENVIRONMENT, Ability
from environments.models import Environment

from .models import Grant, User
from .roles import ADMINISTRATOR, OF_EVENTS, OF_INSTALLATION, ROLES, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """A role that somebody has now.

    environment: None for all; workspace: None for the whole environment; until: None for no end
    group: by which they have it, or None; grant_id: None for a superuser's, which is no grant
    """

    role: Role
    environment: str | None = None
    workspace: str | None = None
    until: datetime | None = None
    group: str | None = None
    grant_id: int | None = None

    def is_in(self, environment: str) -> bool:
        """Does it hold in an environment, given by its key, or in a part of it?"""
        if environment == SYSTEM_ENVIRONMENT:
            return self.is_everywhere and "system_log" in self.role.abilities
        if self.role.is_of_system:
            return False
        return self.environment is None or self.environment == environment

    @property
    def is_everywhere(self) -> bool:
        return self.environment is None and self.workspace is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """holdings: all that somebody has now; environments: the keys of all that there are, in their
    order, the product's own log last
    """

    holdings: tuple[Holding, ...]
    environments: tuple[str, ...]

    def workspaces(self, ability: Ability, environment: str) -> frozenset[str] | None:
        """Return of which workspaces of an environment somebody has an ability: None for the
        whole environment, empty for nothing.
        """
        bound: set[str] = set()
        if environment not in self.environments:
            return frozenset()
        for holding in self.holdings:
            if ability in holding.role.abilities and holding.is_in(environment):
                if holding.workspace is None:
                    return None
                bound.add(holding.workspace)
        return frozenset(bound)

    def may(self, ability: Ability, environment: str) -> bool:
        """Is it theirs in an environment, or in the installation (`audit.contracts.May`)?"""
        if environment == INSTALLATION:
            return any(
                ability in holding.role.abilities
                and holding.is_everywhere
                and (ability == "system_log" or not holding.role.is_of_system)
                for holding in self.holdings
            )
        if ability in OF_INSTALLATION:
            return False
        having = self.workspaces(ability, environment)
        if having is None or ability not in OF_EVENTS:
            return having is None
        seen = self.workspaces("read", environment)
        return bool(having) and seen is not None and seen <= having


def access_of(user: Any) -> Access | None:
    """Return what somebody has, or None for nobody and who is no longer active.

    As Django's own permissions it is read once for an object of a person, which lives as long as a
    request; whoever goes on for longer has to load the person anew.
    """
    if not isinstance(user, User) or not user.is_active:
        return None
    known: Access | None = getattr(user, "_access", None)
    if known is None:
        known = Access(holdings=tuple(_holdings(user)), environments=_environments())
        user._access = known  # type: ignore[attr-defined]
    return known


def grants_of(user: User) -> Any:
    """Return the rows of a person and of their groups, live or not."""
    return Grant.objects.filter(
        Q(user=user) | Q(group__in=user.groups.order_by().values("pk"))
    ).select_related("environment", "group")


def holding_of(grant: Grant) -> Holding:
    """Return what a grant gives. Raises KeyError for a role that is no more."""
    return Holding(
        role=ROLES[grant.role],
        environment=grant.environment.key if grant.environment else None,
        workspace=grant.workspace_id,
        until=grant.expires_at,
        group=grant.group.name if grant.group else None,
        grant_id=grant.pk,
    )


def _holdings(user: User) -> Iterator[Holding]:
    if user.is_superuser:
        yield Holding(role=ADMINISTRATOR)
        return  # what was granted them adds nothing
    for grant in grants_of(user).live(timezone.now()).order_by("pk"):
        if grant.role in ROLES:
            yield holding_of(grant)


def _environments() -> tuple[str, ...]:
    keys = Environment.objects.order_by("position", "key").values_list("key", flat=True)
    return (*keys, SYSTEM_ENVIRONMENT)
