"""Has Django's admin ask roles, beside the permissions that somebody was given by themselves."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.backends import ModelBackend

from audit.contracts import INSTALLATION
from environments.models import Environment

from .access import access_of
from .permissions import OF_INSTALLATION, PERMISSIONS, abilities_that_open


class RoleBackend(ModelBackend):
    """Names, passwords and permissions as Django has them, and what abilities open.

    A permission is somebody's where a role gives it in any environment; with an environment as the
    object, where it does so there.
    """

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if super().has_perm(user_obj, perm):
            return True
        access = access_of(user_obj)
        if access is None:
            return False
        if perm in OF_INSTALLATION:
            places: tuple[str, ...] = (INSTALLATION,)
        elif isinstance(obj, Environment):
            places = (obj.key,)
        else:
            places = (INSTALLATION, *access.environments)
        return any(
            access.may(ability, place) for ability in abilities_that_open(perm) for place in places
        )

    def has_module_perms(self, user_obj: Any, app_label: str) -> bool:
        if super().has_module_perms(user_obj, app_label):
            return True
        names = {name for opened in PERMISSIONS.values() for name in opened}
        return any(
            self.has_perm(user_obj, name) for name in names if name.startswith(f"{app_label}.")
        )
