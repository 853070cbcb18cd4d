"""Environments, senders and keys in the Django admin. Keys are made by command, ended here."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from audit.record import ensure_environment

from .models import Environment, IngestKey, Sender


@admin.register(Environment)
class EnvironmentAdmin(admin.ModelAdmin):
    list_display = ("name", "key", "colour", "position", "created_at")
    ordering = ("position", "key")

    def get_readonly_fields(self, request: HttpRequest, obj: Environment | None = None) -> Any:
        return ("key",) if obj else ()

    def save_model(self, request: HttpRequest, obj: Environment, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        ensure_environment(obj.key)

    def has_delete_permission(self, request: HttpRequest, obj: Environment | None = None) -> bool:
        return False


@admin.register(Sender)
class SenderAdmin(admin.ModelAdmin):
    list_display = ("name", "environment", "created_at")
    list_filter = ("environment",)
    search_fields = ("name",)
    ordering = ("environment__position", "name")

    def has_delete_permission(self, request: HttpRequest, obj: Sender | None = None) -> bool:
        return False


@admin.register(IngestKey)
class IngestKeyAdmin(admin.ModelAdmin):
    list_display = ("hint", "sender", "workspace", "is_usable", "expires_at", "last_used_at")
    list_filter = ("sender__environment",)
    list_select_related = ("sender__environment",)
    readonly_fields = (
        "sender",
        "hint",
        "workspace",
        "created_at",
        "revoked_at",
        "last_used_at",
        "last_used_from",
    )
    ordering = ("-pk",)
    actions = ("revoke",)

    @admin.display(boolean=True, description="live")
    def is_usable(self, key: IngestKey) -> bool:
        return key.is_live(timezone.now())

    @admin.action(description="Revoke the selected keys", permissions=("change",))
    def revoke(self, request: HttpRequest, keys: QuerySet[IngestKey]) -> None:
        ended = keys.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{ended} revoked; every process refuses them within 5 s.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: IngestKey | None = None) -> bool:
        return False
