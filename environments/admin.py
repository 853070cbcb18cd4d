"""Environments, senders and keys in the Django admin. Keys are made by command, ended here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth import get_permission_codename
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from audit.record import ensure_environment

from .directory import (
    check_colour,
    check_key,
    check_name_is_free,
    reason_in_use,
    remove_environment,
)
from .errors import EnvironmentInUse, InvalidEnvironment
from .models import Environment, IngestKey, Sender


class ColourInput(forms.TextInput):
    input_type = "color"


class EnvironmentForm(forms.ModelForm):
    class Meta:
        model = Environment
        fields = (
            "name",
            "key",
            "colour",
            "position",
            "is_production",
            "is_on_path",
            "on_path_since",
        )
        widgets = {"colour": ColourInput}
        labels = {
            "is_production": "Production",
            "is_on_path": "On the promotion path",
            "on_path_since": "On the path since",
        }
        help_texts = {
            "key": "What its log is called, in the API too; it can't be changed.",
            "position": "Its place in the order. The first is where work begins.",
            "is_production": "Users work in it: what is changed there directly is flagged.",
            "is_on_path": "Apps are promoted through it, in the order of the positions.",
            "on_path_since": "What was promoted before did not skip it. Empty: always.",
        }

    def clean_key(self) -> str:
        return _checked(self.cleaned_data["key"], check_key)

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        key = self.instance.key or self.data.get("key", "")
        return _checked(name, lambda text: check_name_is_free(text, key=key))

    def clean_colour(self) -> str:
        return _checked(self.cleaned_data["colour"], check_colour)


class OfMyEnvironments(admin.ModelAdmin):
    """Rows of those environments in which one has the permission that a page asks for."""

    # The way from a row to its environment, as lookups say it.
    environment_lookup: str

    def environment_of(self, row: Any) -> Environment:
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        mine = self._mine(request, "view") | self._mine(request, "change")
        return super().get_queryset(request).filter(**{f"{self.environment_lookup}__in": mine})

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) and self._is_mine(request, "view", obj)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        may = super().has_change_permission(request, obj)
        return may and self._is_mine(request, "change", obj)

    def _is_mine(self, request: HttpRequest, action: str, row: Any) -> bool:
        return row is None or self.environment_of(row).pk in self._mine(request, action)

    def _mine(self, request: HttpRequest, action: str) -> set[int]:
        name = f"{self.opts.app_label}.{get_permission_codename(action, self.opts)}"
        user: Any = request.user
        return {each.pk for each in Environment.objects.all() if user.has_perm(name, each)}


@admin.register(Environment)
class EnvironmentAdmin(OfMyEnvironments):
    environment_lookup = "pk"
    form = EnvironmentForm
    list_display = (
        "name",
        "key",
        "swatch",
        "position",
        "is_production",
        "is_on_path",
        "on_path_since",
    )
    ordering = ("position", "key")

    def environment_of(self, row: Environment) -> Environment:
        return row

    @admin.display(description="colour", ordering="colour")
    def swatch(self, environment: Environment) -> str:
        return format_html(
            '<svg width="12" height="12" aria-hidden="true"><circle cx="6" cy="6" r="6" fill="{}"/>'
            "</svg> {}",
            environment.colour,
            environment.colour,
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Environment | None = None) -> Any:
        return ("key",) if obj else ()

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Propose the end of the order, and now where apps were promoted before."""
        last = Environment.objects.aggregate(last=Max("position"))["last"]
        proposed = {} if last is None else {"position": last + 1, "on_path_since": timezone.now()}
        return proposed | super().get_changeform_initial_data(request)

    def get_actions(self, request: HttpRequest) -> Any:
        """Environments are removed one by one, so that a reason can be given."""
        return {k: v for k, v in super().get_actions(request).items() if k != "delete_selected"}

    def save_model(self, request: HttpRequest, obj: Environment, form: Any, change: bool) -> None:
        comes_back = change and obj.is_on_path and "is_on_path" in form.changed_data
        if comes_back and "on_path_since" not in form.changed_data:
            obj.on_path_since = timezone.now()
            self.message_user(request, f"{obj.name} is on the promotion path from now on.")
        super().save_model(request, obj, form, change)
        ensure_environment(obj.key)

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """Ask before removing; where it can't be removed say why, beside the environment."""
        environment = self.get_object(request, object_id)
        try:
            if environment is not None and self.has_delete_permission(request, environment):
                _refuse(reason_in_use(environment))
            return super().delete_view(request, object_id, extra_context)
        except EnvironmentInUse as refusal:
            self.message_user(request, str(refusal), level=messages.ERROR)
        page = reverse("admin:environments_environment_change", args=[object_id])
        return HttpResponseRedirect(page)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:
        """Its senders go with it: nothing was recorded of them, and their keys have ended."""
        senders = list(Sender.objects.filter(environment__in=objs).order_by("name"))
        counts = {"environments": len(objs), "senders": len(senders)}
        return [str(each) for each in (*objs, *senders)], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: Environment) -> None:
        remove_environment(obj.key)


@admin.register(Sender)
class SenderAdmin(OfMyEnvironments):
    environment_lookup = "environment"
    list_display = ("name", "environment", "created_at")
    list_filter = ("environment",)
    search_fields = ("name",)
    ordering = ("environment__position", "name")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Sender]:
        """With their environments, which distinguish senders wherever they are named."""
        return super().get_queryset(request).select_related("environment")

    def environment_of(self, row: Sender) -> Environment:
        return row.environment

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "environment":
            mine = self._mine(request, "add")
            kwargs["queryset"] = Environment.objects.filter(pk__in=mine)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Sender | None = None) -> Any:
        return ("environment",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Sender | None = None) -> bool:
        return False


@admin.register(IngestKey)
class IngestKeyAdmin(OfMyEnvironments):
    environment_lookup = "sender__environment"
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

    def environment_of(self, row: IngestKey) -> Environment:
        return row.sender.environment

    @admin.display(boolean=True, description="live")
    def is_usable(self, key: IngestKey) -> bool:
        return key.is_live(timezone.now())

    @admin.action(description="Revoke the selected keys", permissions=("change",))
    def revoke(self, request: HttpRequest, keys: QuerySet[IngestKey]) -> None:
        mine = keys.filter(sender__environment__in=self._mine(request, "change"))
        ended = mine.filter(revoked_at=None).update(revoked_at=timezone.now())
        self.message_user(request, f"{ended} revoked; every process refuses them within 5 s.")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: IngestKey | None = None) -> bool:
        return False


def _checked(value: str, check: Callable[[str], None]) -> str:
    try:
        check(value)
    except InvalidEnvironment as error:
        raise forms.ValidationError(str(error)) from error
    return value


def _refuse(reason: str | None) -> None:
    if reason is not None:
        raise EnvironmentInUse(reason)
