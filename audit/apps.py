"""The pluggable app: checks; first rows and privileges after each migration."""

from functools import cache
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Audit log"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401
        from .conf import use_event_types

        use_event_types()
        post_migrate.connect(_settle, sender=self, dispatch_uid="audit.settle")


def _settle(*, using: str, **kwargs: Any) -> None:
    """After `migrate`, and after `flush`, which sends the same signal.

    Not where `migrate` stopped on its way, forward or back: these are the rows of the last tables.
    """
    from audit.log.event_types import register_catalogue
    from audit.log.partitions import insert_first_rows
    from audit.record.caches import clear_caches

    from .roles import apply_privileges

    if _is_migrated(using) and insert_first_rows(using=using):
        clear_caches()
        register_catalogue(using=using)
        apply_privileges(using=using)


def _is_migrated(using: str) -> bool:
    from django.db import connections
    from django.db.migrations.recorder import MigrationRecorder

    applied = MigrationRecorder(connections[using]).applied_migrations()
    return applied.keys() >= _last_migrations()


@cache
def _last_migrations() -> frozenset[tuple[str, str]]:
    from django.db.migrations.loader import MigrationLoader

    return frozenset(MigrationLoader(None).graph.leaf_nodes(AuditConfig.name))
