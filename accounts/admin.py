"""People, what they see, and their read tokens, in the Django admin."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.http import HttpRequest

from .models import Grant, ReadToken, User


class GrantInline(admin.TabularInline):
    model = Grant
    extra = 0


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    inlines = (GrantInline,)
    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        ("Audit log", {"fields": ("sees_everything",)}),
    )
    list_display = ("username", "email", "is_staff", "sees_everything", "is_active")


@admin.register(ReadToken)
class ReadTokenAdmin(admin.ModelAdmin):
    list_display = ("hint", "user", "name", "expires_at", "revoked_at", "last_used_at")
    readonly_fields = ("user", "hint", "name", "created_at", "last_used_at")
    search_fields = ("user__username",)
    ordering = ("-pk",)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False
