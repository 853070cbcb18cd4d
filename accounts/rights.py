"""Limits what one person may give another to what they have themselves, and for as long.

So nobody gains rights by changing people: neither by giving rights away, nor by setting the
password of somebody who has more, nor by way of a group or of an end that is put off.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet
from django.utils import timezone

from .access import Holding, access_of, grants_of, holding_of
from .models import Grant, User
from .permissions import permissions_of_roles
from .roles import ROLES


class Rights:
    """What a person may give; read once."""

    def __init__(self, giver: User) -> None:
        self.is_superuser = bool(giver.is_active and giver.is_superuser)
        access = access_of(giver)
        self._holdings = access.holdings if access is not None else ()
        self._permissions = frozenset(_permissions_of(giver)) if giver.is_active else frozenset()
        # What roles open in Django's admin can be given on by who has it everywhere, with no end.
        lasting = [each.role for each in self._holdings if each.is_everywhere and not each.until]
        self._permissions |= frozenset(
            _numbers(name for role in lasting for name in permissions_of_roles((role,)))
        )

    def permissions(self) -> QuerySet[Permission]:
        """Return those that may be given."""
        if self.is_superuser:
            return Permission.objects.all()
        return Permission.objects.filter(pk__in=self._permissions)

    def groups(self) -> QuerySet[Group]:
        """Return those of which nothing is beyond this person, what was granted them included."""
        if self.is_superuser:
            return Group.objects.all()
        beyond = Permission.objects.exclude(pk__in=self._permissions)
        granted = Grant.objects.exclude(group=None).live(timezone.now())
        more = {
            grant.group.pk
            for grant in granted.select_related("environment", "group")
            if grant.group is not None and not self._has_grant(grant)
        }
        return Group.objects.exclude(permissions__in=beyond).exclude(pk__in=more)

    def has(self, wanted: Holding) -> bool:
        """Is each ability of a role theirs there, for at least as long?"""
        if self.is_superuser:
            return True
        return all(
            any(ability in own.role.abilities and _covers(own, wanted) for own in self._holdings)
            for ability in wanted.role.abilities
        )

    def has_all_of_group(self, group: Group) -> bool:
        return self.groups().filter(pk=group.pk).exists()

    def has_all_of(self, user: User) -> bool:
        """May this person change that one? What a user had while inactive counts, too: it comes
        back with a tick.
        """
        if self.is_superuser:
            return True
        if user.is_superuser:
            return False
        if not self._permissions.issuperset(_permissions_of(user)):
            return False
        return all(self._has_grant(grant) for grant in grants_of(user).live(timezone.now()))

    def _has_grant(self, grant: Grant) -> bool:
        """A role that is no more gives nothing."""
        return grant.role not in ROLES or self.has(holding_of(grant))


def _covers(own: Holding, wanted: Holding) -> bool:
    """Does the one hold wherever the other does, until it ends?"""
    if own.role.is_of_system and not wanted.role.is_of_system:
        return False
    if wanted.role.is_of_system and "system_log" not in own.role.abilities:
        return False
    if own.until is not None and (wanted.until is None or wanted.until > own.until):
        return False
    if own.environment is not None and own.environment != wanted.environment:
        return False
    return own.workspace is None or own.workspace == wanted.workspace


def _permissions_of(user: User) -> QuerySet[Permission, int]:
    """Return those that were given by themselves, to the person or a group."""
    return (
        Permission.objects.filter(Q(user=user) | Q(group__user=user))
        .values_list("pk", flat=True)
        .distinct()
    )


def _numbers(names: Iterable[str]) -> list[int]:
    """names: app.codename"""
    wanted = set(names)
    rows = Permission.objects.filter(codename__in={name.partition(".")[2] for name in wanted})
    return [
        pk
        for pk, app, codename in rows.values_list("pk", "content_type__app_label", "codename")
        if f"{app}.{codename}" in wanted
    ]
