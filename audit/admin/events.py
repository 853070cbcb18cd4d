"""Events in the admin: inside the auditor's scope, newest first, searched by indexes alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import msgspec
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.log.cursor import psycopg_cursor
from audit.log.ids import id_floor, instant_of, time_of
from audit.models import Environment, Event, EventType, Outcome
from audit.query import EventQuery, get_event
from audit.query.directory.event_types import seen_codes
from audit.query.scoped_rows import visible_events
from audit.query.search.bounded_search import find_ids
from audit.query.search.one_instant import OrderKey
from audit.vocabulary import event_type, sentence
from audit.vocabulary.document import Document

from .read_only import CappedPaginator, ReadOnlyAdmin

RECENT = timedelta(days=62)


class _ByWord(admin.SimpleListFilter):
    """A filter by a small table of words, of which those in the auditor's scope are offered."""

    model: type[Any]
    word: str

    def words(self, scope: Scope) -> Iterable[str]:
        """Return the words that may be told."""
        raise NotImplementedError

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        told = self.words(audit_settings().resolve_scope(request.user))
        rows = self.model.objects.using(audit_settings().READER_DATABASE)
        rows = rows.filter(**{f"{self.word}__in": list(told)}).order_by(self.word)
        return [(str(number), word) for number, word in rows.values_list("id", self.word)]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        value = self.value()
        if value is None or not (value.isascii() and value.isdigit() and len(value) < 5):
            return queryset
        return queryset.filter(**{str(self.parameter_name): int(value)})


class ByEnvironment(_ByWord):
    title = "environment"
    parameter_name = "environment"
    model, word = Environment, "key"

    def words(self, scope: Scope) -> Iterable[str]:
        return scope.environments


class ByType(_ByWord):
    title = "type"
    parameter_name = "type"
    model, word = EventType, "code"

    def words(self, scope: Scope) -> Iterable[str]:
        return seen_codes(scope)


class ByTime(admin.SimpleListFilter):
    """All of the log, or (without a choice) its last two months: few partitions to look into."""

    title = "time"
    parameter_name = "time"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("day", "Last 24 hours"), ("week", "Last 7 days"), ("all", "All time")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Event]) -> QuerySet[Event]:
        days = {"day": 1, "week": 7}.get(self.value() or "")
        if self.value() == "all":
            return queryset
        width = timedelta(days=days) if days else RECENT
        return queryset.filter(id__gte=id_floor(timezone.now() - width))


class _InOrder(ChangeList):
    """A page of the list, whose events of one time stand as they were handed in.

    Which events a page has goes by their ids, so an instant that it cuts stays cut by chance.
    """

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        if not self.get_ordering_field_columns():
            self.result_list = sorted(self.result_list, key=_place, reverse=True)


@admin.register(Event)
class EventAdmin(ReadOnlyAdmin):
    list_display = (
        "happened",
        "place_in_log",
        "kind",
        "outcome_word",
        "actor_id",
        "application_id",
        "workspace_id",
    )
    list_display_links = ("happened",)
    list_filter = (ByTime, ByEnvironment, ByType)
    search_help_text = "The whole id of an event, user, app, workspace or resource"
    search_fields = ("id",)
    ordering = ("-id",)
    fields = ("said", "happened", "document")
    readonly_fields = ("said", "happened", "document")

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return _InOrder

    def get_queryset(self, request: HttpRequest) -> QuerySet[Event]:
        scope = audit_settings().resolve_scope(request.user)
        return visible_events(super().get_queryset(request), scope=scope)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Event], search_term: str
    ) -> tuple[QuerySet[Event], bool]:
        """Ids as a whole, each by its index: a search is never a table scan."""
        term = search_term.strip().replace("\0", "")
        if not term:
            return queryset, False
        try:
            found = [UUID(term)]
        except ValueError:
            found = _ids_of(term, scope=audit_settings().resolve_scope(request.user))
        return queryset.filter(id__in=found), False

    @admin.display(description="time (UTC)")
    def happened(self, event: Event) -> str:
        return time_of(event.id).strftime("%Y-%m-%d %H:%M:%S.%f")

    @admin.display(description="environment")
    def place_in_log(self, event: Event) -> str:
        return ENVIRONMENTS[event.environment]

    @admin.display(description="type")
    def kind(self, event: Event) -> str:
        return event_type(TYPES[event.type]).label

    @admin.display(description="outcome")
    def outcome_word(self, event: Event) -> str:
        return OUTCOMES[event.outcome] if event.outcome is not None else "–"

    @admin.display(description="event")
    def said(self, event: Event) -> str:
        return sentence(_document(event))

    @admin.display(description="all of it")
    def document(self, event: Event) -> str:
        text = msgspec.json.format(msgspec.json.encode(_document(event)), indent=2).decode()
        return format_html("<pre>{}</pre>", text)


class _Words(dict[int, str]):
    """What the numbers of a small table stand for; read again when a number is new."""

    def __init__(self, model: type[Any], column: str) -> None:
        super().__init__()
        self._rows = model.objects.values_list("id", column)

    def __missing__(self, number: int) -> str:
        self.update(self._rows.using(audit_settings().READER_DATABASE))
        return self.get(number, str(number))


ENVIRONMENTS = _Words(Environment, "key")
TYPES = _Words(EventType, "code")
OUTCOMES = _Words(Outcome, "code")


def _place(event: Event) -> OrderKey:
    return OrderKey(instant_of(event.id), event.submission_id, event.ordinal)


def _ids_of(term: str, *, scope: Scope) -> list[UUID]:
    """The newest events that have this id as one of the facets that an index leads by."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    found: list[UUID] = []
    for facet in ("actor", "application", "workspace", "resource"):
        query = EventQuery(scope=scope, include={facet: (term,)})
        found += find_ids(
            cursor,
            query,
            beyond=None,
            direction="older",
            limit=CappedPaginator.CAP,
            now=timezone.now(),
        ).ids
    return found


def _document(event: Event) -> Document:
    """The event was found inside the auditor's scope, so its own environment is enough."""
    scope = Scope(grants={ENVIRONMENTS[event.environment]: None})
    return get_event(event.id, scope=scope) or Document()
