"""The pluggable app: checks, and privileges after each migration."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AuditConfig(AppConfig):
    name = "audit"
    verbose_name = "Audit log"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import checks  # noqa: F401

        post_migrate.connect(_grant, sender=self, dispatch_uid="audit.privileges")


def _grant(*, using: str, **kwargs: Any) -> None:
    from .roles import apply_privileges

    apply_privileges(using=using)
