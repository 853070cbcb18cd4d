"""Limits what one person may give another to what they have themselves.

So nobody gains rights by changing people: neither by giving rights away, nor by setting the
password of somebody who has more.
"""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db.models import Q, QuerySet

from audit.contracts import Scope

from .models import Grant, User
from .scope import resolve_scope


class Rights:
    """What a person may give; read once."""

    def __init__(self, giver: User) -> None:
        self.is_superuser = bool(giver.is_active and giver.is_superuser)
        self.sees_everything = self.is_superuser or giver.sees_everything
        self._scope: Scope = resolve_scope(giver)
        self._permissions = frozenset(_permissions_of(giver)) if giver.is_active else frozenset()

    def permissions(self) -> QuerySet[Permission]:
        """Return those that may be given."""
        if self.is_superuser:
            return Permission.objects.all()
        return Permission.objects.filter(pk__in=self._permissions)

    def groups(self) -> QuerySet[Group]:
        """Return those of which nothing is beyond this person."""
        if self.is_superuser:
            return Group.objects.all()
        beyond = Permission.objects.exclude(pk__in=self._permissions)
        return Group.objects.exclude(permissions__in=beyond)

    def has_environment(self, key: str) -> bool:
        return self.is_superuser or key in self._scope.grants

    def has_grant(self, environment: str, workspace: str | None) -> bool:
        """workspace: None for the whole environment"""
        return self.is_superuser or self._scope.has(environment, workspace)

    def has_all_of_group(self, group: Group) -> bool:
        return self.groups().filter(pk=group.pk).exists()

    def has_all_of(self, user: User) -> bool:
        """May this person change that one? What a user had while inactive counts, too: it comes
        back with a tick.
        """
        if self.is_superuser:
            return True
        if user.is_superuser or (user.sees_everything and not self.sees_everything):
            return False
        if not self._permissions.issuperset(_permissions_of(user)):
            return False
        grants = Grant.objects.filter(user=user).values_list("environment__key", "workspace_id")
        return all(self.has_grant(*grant) for grant in grants)


def _permissions_of(user: User) -> QuerySet[Permission, int]:
    return (
        Permission.objects.filter(Q(user=user) | Q(group__user=user))
        .values_list("pk", flat=True)
        .distinct()
    )
