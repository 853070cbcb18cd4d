"""Environments as an app."""

from django.apps import AppConfig


class EnvironmentsConfig(AppConfig):
    name = "environments"
    verbose_name = "Environments and keys"
    default_auto_field = "django.db.models.BigAutoField"
