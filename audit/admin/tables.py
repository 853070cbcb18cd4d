"""The tables around the events: receipts, rejections, clients, types."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from audit.abilities import may, scope_of
from audit.conf import audit_settings
from audit.models import Client, EventType, Rejected, Submission
from audit.query.directory.event_types import seen_codes
from audit.query.scoped_rows import of_whole_environments, sees_every_environment

from .events import ENVIRONMENTS, ByEnvironment
from .read_only import ReadOnlyAdmin, ScopedAdmin


@admin.register(Submission)
class SubmissionAdmin(ScopedAdmin):
    list_display = ("id", "environment", "sender_id", "key_id", "received_at")
    ordering = ("-id",)
    fields = ("id", "environment", "sender_id", "key_id", "received_at", "event_ids")


@admin.register(Rejected)
class RejectedAdmin(ReadOnlyAdmin):
    """Of the environments of which one may know it; what was sent only to who may read it there."""

    list_display = ("received_at", "place_in_log", "sender", "status", "why")
    list_filter = (ByEnvironment, "status", "sent_as")
    ordering = ("-id",)
    fields = (
        "received_at",
        "place_in_log",
        "sender",
        "sender_id",
        "key_id",
        "sent_as",
        "index",
        "status",
        "why",
        "body",
        "is_cut",
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rejected]:
        rows: QuerySet[Rejected] = super().get_queryset(request)
        return of_whole_environments(rows, scope=scope_of(request.user, "rejected"))

    def get_fields(self, request: HttpRequest, obj: Rejected | None = None) -> Any:
        fields = super().get_fields(request, obj)
        place = ENVIRONMENTS[obj.environment] if obj is not None else ""
        if may(request.user, "personal", place):
            return fields
        return [name for name in fields if name != "body"]

    @admin.display(description="environment")
    def place_in_log(self, rejected: Rejected) -> str:
        return ENVIRONMENTS[rejected.environment]

    @admin.display(description="why")
    def why(self, rejected: Rejected) -> str:
        return "; ".join(f"{e['pointer']} {e['message']}".strip() for e in rejected.errors[:5])


@admin.register(Client)
class ClientAdmin(ReadOnlyAdmin):
    """Belongs to no environment, so it is for those who see all of them."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        rows: QuerySet[Client] = super().get_queryset(request)
        scope = audit_settings().resolve_scope(request.user)
        return rows if sees_every_environment(scope) else rows.none()

    list_display = ("user_agent", "agent_name", "operating_system_name", "device_class")
    ordering = ("id",)


@admin.register(EventType)
class EventTypeAdmin(ReadOnlyAdmin):
    def get_queryset(self, request: HttpRequest) -> QuerySet[EventType]:
        rows: QuerySet[EventType] = super().get_queryset(request)
        return rows.filter(code__in=seen_codes(audit_settings().resolve_scope(request.user)))

    list_display = ("code", "first_seen")
    ordering = ("code",)
