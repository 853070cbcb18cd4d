"""People, what they see, their groups and read tokens, in the Django admin.

A superuser may do anything; others give no right that they don't have (accounts/rights.py).
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.http import HttpRequest

from environments.models import Environment

from .models import Grant, ReadToken, User
from .rights import Rights


def rights_of(request: HttpRequest) -> Rights:
    """Return what the one who asks may give; read once a request."""
    rights: Rights | None = getattr(request, "_rights", None)
    if rights is None:
        assert isinstance(request.user, User)  # the admin lets nobody else in
        rights = Rights(request.user)
        request._rights = rights  # type: ignore[attr-defined]
    return rights


class GrantForm(forms.ModelForm):
    rights: Rights

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        environment, workspace = given.get("environment"), given.get("workspace_id") or None
        if isinstance(environment, Environment) and not self.rights.has_grant(
            environment.key, workspace
        ):
            what = f"workspace {workspace!r}" if workspace else "the whole environment"
            raise forms.ValidationError(f"You can give nobody {what}: you don't see it yourself.")
        return given


class GrantInline(admin.TabularInline):
    model = Grant
    form = GrantForm
    extra = 0

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The form checks against the rights of who asks."""
        form = type("GrantForm", (GrantForm,), {"rights": rights_of(request)})
        return super().get_formset(request, obj, form=form, **kwargs)

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "environment":
            rights = rights_of(request)
            keys = Environment.objects.values_list("key", flat=True)
            mine = [key for key in keys if rights.has_environment(key)]
            kwargs["queryset"] = Environment.objects.filter(key__in=mine)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    inlines = (GrantInline,)
    fieldsets = (
        *(DjangoUserAdmin.fieldsets or ()),
        ("Audit log", {"fields": ("sees_everything",)}),
    )
    list_display = ("username", "email", "is_staff", "sees_everything", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        rights, fields = rights_of(request), list(super().get_readonly_fields(request, obj))
        if not rights.is_superuser:
            fields.append("is_superuser")
        if not rights.sees_everything:
            fields.append("sees_everything")
        return fields

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        assert request is not None
        if db_field.name == "groups":
            kwargs["queryset"] = rights_of(request).groups()
        elif db_field.name == "user_permissions":
            kwargs["queryset"] = rights_of(request).permissions().select_related("content_type")
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Setting the password asks here, too."""
        may = super().has_change_permission(request, obj)
        return may and (obj is None or rights_of(request).has_all_of(obj))

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or rights_of(request).has_all_of(obj))


admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        assert request is not None
        if db_field.name == "permissions":
            kwargs["queryset"] = rights_of(request).permissions()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def has_change_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or rights_of(request).has_all_of_group(obj))

    def has_delete_permission(self, request: HttpRequest, obj: Group | None = None) -> bool:
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or rights_of(request).has_all_of_group(obj))


@admin.register(ReadToken)
class ReadTokenAdmin(admin.ModelAdmin):
    list_display = ("hint", "user", "name", "expires_at", "revoked_at", "last_used_at")
    readonly_fields = ("user", "hint", "name", "created_at", "last_used_at")
    search_fields = ("user__username",)
    ordering = ("-pk",)

    def get_readonly_fields(self, request: HttpRequest, obj: ReadToken | None = None) -> Any:
        """Revoked is for good."""
        ended = ("expires_at", "revoked_at") if obj is not None and obj.revoked_at else ()
        return (*self.readonly_fields, *ended)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ReadToken | None = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and (obj is None or rights_of(request).has_all_of(obj.user))
