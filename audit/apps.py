"""The pluggable app: checks; first rows and privileges after each migration."""

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
    """After `migrate`, and after `flush`, which sends the same signal."""
    from audit.log.event_types import register_catalogue
    from audit.log.partitions import insert_first_rows
    from audit.record.caches import clear_caches

    from .roles import apply_privileges

    if insert_first_rows(using=using):
        clear_caches()
        register_catalogue(using=using)
        apply_privileges(using=using)
