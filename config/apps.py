"""The project as an app: its commands, and the role that an owner's connection takes."""

from typing import Any

from django.apps import AppConfig
from django.db.backends.signals import connection_created

from audit.roles import MAY_TAKE

OWNER_ALIAS = "owner"
OWNER_ROLE = "audit_owner"


class ProjectConfig(AppConfig):
    name = "config"
    verbose_name = "Sightline"

    def ready(self) -> None:
        from . import checks  # noqa: F401

        connection_created.connect(_become_owner, dispatch_uid="config.owner")


def _become_owner(*, connection: Any, **kwargs: Any) -> None:
    """Make what migrations create belong to the owner role, wherever there is one."""
    if connection.alias != OWNER_ALIAS:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT FROM pg_roles WHERE rolname = %s AND {MAY_TAKE}",
            [OWNER_ROLE],
        )
        if cursor.fetchone() is not None:
            cursor.execute(f"SET ROLE {OWNER_ROLE}")
