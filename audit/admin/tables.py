"""The tables around the events: receipts, rejections, clients, types."""

from django.contrib import admin

from audit.models import Client, EventType, Rejected, Submission

from .read_only import ReadOnlyAdmin, ScopedAdmin


@admin.register(Submission)
class SubmissionAdmin(ScopedAdmin):
    list_display = ("id", "environment", "sender_id", "key_id", "received_at")
    ordering = ("-id",)
    fields = ("id", "environment", "sender_id", "key_id", "received_at", "event_ids")


@admin.register(Rejected)
class RejectedAdmin(ScopedAdmin):
    list_display = ("received_at", "environment", "sender_id", "index", "status", "errors")
    ordering = ("-id",)


@admin.register(Client)
class ClientAdmin(ReadOnlyAdmin):
    list_display = ("user_agent", "agent_name", "operating_system_name", "device_class")
    ordering = ("id",)


@admin.register(EventType)
class EventTypeAdmin(ReadOnlyAdmin):
    list_display = ("code", "first_seen")
    ordering = ("code",)
