"""People, their roles, their groups and read tokens, in the Django admin.

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

from .access import Holding
from .models import Grant, ReadToken, User
from .rights import Rights
from .roles import ROLES


def rights_of(request: HttpRequest) -> Rights:
    """Return what the one who asks may give; read once a request."""
    rights: Rights | None = getattr(request, "_rights", None)
    if rights is None:
        assert isinstance(request.user, User)  # the admin lets nobody else in
        rights = Rights(request.user)
        request._rights = rights  # type: ignore[attr-defined]
    return rights


class GrantForm(forms.ModelForm):
    """A role for the person or group on whose page it stands."""

    rights: Rights

    class Meta:
        model = Grant
        fields = ("role", "environment", "workspace_id", "expires_at")
        help_texts = {
            "environment": "Empty: all, those to come too.",
            "workspace_id": "Empty: the whole environment.",
            "expires_at": "Empty: no end.",
        }

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        role, environment = ROLES.get(str(given.get("role"))), given.get("environment")
        workspace = given["workspace_id"] = given.get("workspace_id") or None
        if role is None or "environment" not in given or "expires_at" not in given:
            return given  # what is wrong with it is told already
        wanted = Holding(
            role=role,
            environment=environment.key if environment else None,
            workspace=workspace,
            until=given["expires_at"],
        )
        if not self.rights.has(wanted):
            raise forms.ValidationError(
                f"You can't give {role.label} there, or not for so long:"
                " you don't have all of it yourself."
            )
        return given


class GrantInline(admin.TabularInline):
    model = Grant
    form = GrantForm
    fk_name = "user"
    extra = 0
    readonly_fields = ("given_by", "given_at")

    def get_formset(self, request: HttpRequest, obj: Any = None, **kwargs: Any) -> Any:
        """The form checks against the rights of who asks."""
        form = type("GrantForm", (GrantForm,), {"rights": rights_of(request)})
        return super().get_formset(request, obj, form=form, **kwargs)


class GroupGrantInline(GrantInline):
    fk_name = "group"


class GivesGrants(admin.ModelAdmin):
    """A page on which grants are given: who gave them is kept."""

    def save_formset(self, request: HttpRequest, form: Any, formset: Any, change: bool) -> None:
        for one in formset.forms:
            if isinstance(one.instance, Grant) and one.has_changed():
                one.instance.given_by_id = request.user.pk
        super().save_formset(request, form, formset, change)


@admin.register(User)
class UserAdmin(GivesGrants, DjangoUserAdmin):
    inlines = (GrantInline,)
    list_display = ("username", "email", "is_staff", "is_superuser", "is_active")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return fields if rights_of(request).is_superuser else (*fields, "is_superuser")

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
class GroupAdmin(GivesGrants, DjangoGroupAdmin):
    inlines = (GroupGrantInline,)

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
