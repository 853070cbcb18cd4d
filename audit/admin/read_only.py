"""Base of admin pages that nobody changes, superusers included, with rows of the scope alone."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import cached_property

from audit.conf import audit_settings
from audit.query.scoped_rows import of_whole_environments


class CappedPaginator(Paginator):
    """Counts no further than CAP: an exact count of a large table is a scan."""

    CAP = 1_000

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        return len(rows.order_by()[: self.CAP].values_list("pk"))


class ReadOnlyAdmin(admin.ModelAdmin):
    """No add, no change, no delete; read by the readers' login."""

    show_full_result_count = False
    paginator = CappedPaginator
    list_per_page = 50
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).using(audit_settings().READER_DATABASE)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class ScopedAdmin(ReadOnlyAdmin):
    """A table whose rows belong to an environment: only of those that the auditor sees whole."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        scope = audit_settings().resolve_scope(request.user)
        return of_whole_environments(super().get_queryset(request), scope=scope)
