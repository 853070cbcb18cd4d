"""Who may do what, where, by which grant and until when? For people who look after people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from .access import Holding, access_of, holding_of
from .models import Grant, User
from .roles import ADMINISTRATOR, OF_EVENTS, OF_INSTALLATION, ROLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What one grant gives one person in one environment.

    abilities: those that hold there, sorted; workspace: None for the whole environment
    group: by which they have it, or None; grant_id: None for a superuser's, which is no grant
    """

    user_id: int
    person: str
    environment: str
    workspace: str | None
    role: str
    abilities: tuple[str, ...]
    group: str | None
    until: datetime | None
    grant_id: int | None
    given_by: str | None
    given_at: datetime | None


def places_looked_after(user: Any) -> tuple[str, ...]:
    """Return the keys of the environments in which somebody has the ability `people`."""
    access = access_of(user)
    if access is None:
        return ()
    return tuple(key for key in access.environments if access.may("people", key))


def entries(*, places: Sequence[str], people: Collection[User] | None = None) -> Sequence[Entry]:
    """Return what people have in these environments, by name, then in the environments' order.

    people: None for all; who is not active has nothing
    """
    found = [entry for user, grant in _given(people) for entry in _entries(user, grant, places)]
    order = {key: number for number, key in enumerate(places)}
    return sorted(
        found,
        key=lambda e: (e.person, e.user_id, order[e.environment], e.role, e.workspace or ""),
    )


def _given(people: Collection[User] | None) -> Iterator[tuple[User, Grant | None]]:
    """Yield each person with each live grant of theirs; a superuser with None."""
    active = User.objects.filter(is_active=True)
    if people is not None:
        active = active.filter(pk__in=[user.pk for user in people])
    known = {user.pk: user for user in active}
    members: dict[int, list[int]] = defaultdict(list)
    through = User.groups.through.objects.filter(user_id__in=known)
    for group, user_id in through.values_list("group_id", "user_id"):
        members[group].append(user_id)
    yield from ((user, None) for user in known.values() if user.is_superuser)
    grants = Grant.objects.live(timezone.now()).select_related("environment", "group", "given_by")
    for grant in grants.filter(role__in=list(ROLES)):
        holders = members[grant.group_id] if grant.group_id else [grant.user_id]
        yield from ((known[pk], grant) for pk in holders if pk in known)


def _entries(user: User, grant: Grant | None, places: Sequence[str]) -> Iterator[Entry]:
    holding = Holding(role=ADMINISTRATOR) if grant is None else holding_of(grant)
    giver = grant.given_by if grant is not None else None
    for key in places:
        if holding.is_in(key):
            yield Entry(
                user_id=user.pk,
                person=user.get_username(),
                environment=key,
                workspace=holding.workspace,
                role=holding.role.key,
                abilities=_abilities(holding),
                group=holding.group,
                until=holding.until,
                grant_id=holding.grant_id,
                given_by=giver.get_username() if giver else None,
                given_at=grant.given_at if grant is not None else None,
            )


def _abilities(holding: Holding) -> tuple[str, ...]:
    known = holding.role.abilities
    if not holding.is_everywhere:
        known -= OF_INSTALLATION
    if holding.workspace is not None:
        known &= OF_EVENTS
    return tuple(sorted(known))
