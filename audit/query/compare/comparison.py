"""Counts how environments differ in a period, or periods in an environment.

Every figure is of whole hours or whole days (`snapped`), so that it comes from what is counted
already, and a link with the same bounds finds exactly as many events.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from audit.conf import audit_settings
from audit.contracts import Scope
from audit.log import registry
from audit.log.cursor import psycopg_cursor
from audit.models import EventType
from audit.query.counts.bar_edges import HOURLY_UP_TO
from audit.query.counts.histogram import TIMEOUT_SECONDS, Bucket, histogram
from audit.query.counts.periods import HOUR, count_span, day_after, day_of
from audit.query.counts.subject_counts import count_subjects
from audit.query.directory.identity import Dimension
from audit.query.search.event_query import EventQuery
from audit.query.search.moments import EARLIEST

MAX_COLUMNS = 5
MAX_LINES = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One environment in `[start, end)`. key: what the column is called in an address."""

    key: str
    environment: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonLine:
    """One type, user, app, … across the columns.

    key: an event type's code, or what a subject is joined by (`audit.query.directory.identity`)
    counts: one a column; ids: for each column the ids that were counted there
    """

    key: str
    counts: tuple[int, ...]
    name: str | None = None
    ids: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """lines: most events first; totals: of each column, over all lines that there are
    is_cut: there were more than MAX_LINES; only the largest are here
    """

    columns: tuple[Column, ...]
    lines: tuple[ComparisonLine, ...]
    totals: tuple[int, ...]
    is_cut: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareQuery:
    """What is compared, for whom. include: filters by workspace, type, group, outcome."""

    scope: Scope
    columns: tuple[Column, ...]
    include: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def column_query(self, column: Column) -> EventQuery:
        """Return the search for the events of a column; outside the scope it finds none."""
        return self._search([column], column.start, column.end)

    @property
    def whole(self) -> EventQuery:
        """The search for the events of the last period, in all its environments."""
        start, end = max((c.start, c.end) for c in self.columns)
        return self._search([c for c in self.columns if c.end == end], start, end)

    def searches(self) -> Iterable[tuple[EventQuery, tuple[int, ...]]]:
        """Yield one search for all the columns of a period, and which columns these are."""
        for start, end in dict.fromkeys((c.start, c.end) for c in self.columns):
            which = [i for i, c in enumerate(self.columns) if (c.start, c.end) == (start, end)]
            yield self._search([self.columns[i] for i in which], start, end), tuple(which)

    def _search(self, columns: Iterable[Column], start: datetime, end: datetime) -> EventQuery:
        keys = {column.environment for column in columns}
        grants = {key: kept for key, kept in self.scope.grants.items() if key in keys}
        return EventQuery(scope=Scope(grants=grants), include=self.include, start=start, end=end)


def snapped(start: datetime, end: datetime, *, to_days: bool) -> tuple[datetime, datetime]:
    """Return the whole hours that hold `[start, end)`, or the whole days of the installation's
    zone where asked for, or where hours would be too many.
    """
    if to_days or end - start > HOURLY_UP_TO:
        zone = ZoneInfo(audit_settings().TIME_ZONE)
        return day_of(start, zone), day_after(end, zone)
    first = start.replace(minute=0, second=0, microsecond=0)
    last = end.replace(minute=0, second=0, microsecond=0)
    return first, last if last == end else last + HOUR


def period_before(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    """Return the period of the same length right before; whole days stay whole days.

    It is shorter where it would begin before EARLIEST.
    """
    zone = ZoneInfo(audit_settings().TIME_ZONE)
    length = min(end - start, max(start - EARLIEST, timedelta()))
    if length == end - start and day_of(start, zone) == start and day_of(end, zone) == end:
        days = round(length / timedelta(days=1))
        # From noon to noon, since a day may have 23 or 25 hours.
        return day_of(start - timedelta(days=days) + timedelta(hours=12), zone), start
    return start - length, start


def compare_types(query: CompareQuery) -> Comparison:
    """Count each event type in each column."""
    using = audit_settings().READER_DATABASE
    counts: dict[int, list[int]] = {}
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        cursor.execute(f"SET LOCAL statement_timeout = '{TIMEOUT_SECONDS}s'")
        numbers = registry.ENVIRONMENTS.find(cursor, (c.environment for c in query.columns))
        for search, which in query.searches():
            found = count_span(cursor, search)
            for index in which:
                environment = numbers.get(query.columns[index].environment)
                for (number, type_), count in found.items():
                    if number == environment:
                        counts.setdefault(type_, [0] * len(query.columns))[index] += count
    codes = dict(
        EventType.objects.using(using).filter(id__in=list(counts)).values_list("id", "code")
    )
    lines = [ComparisonLine(key=codes[type_], counts=tuple(row)) for type_, row in counts.items()]
    return _comparison(query, lines)


def compare_subjects(query: CompareQuery, by: Dimension) -> Comparison:
    """Count the events of each user, app, data source or workspace in each column.

    Columns are whole days of the installation's zone; of the filters, only the workspace is
    known to these counts.
    """
    using = audit_settings().READER_DATABASE
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        cursor.execute(f"SET LOCAL statement_timeout = '{TIMEOUT_SECONDS}s'")
        found = count_subjects(
            cursor,
            [query.column_query(column) for column in query.columns],
            by=by,
            limit=MAX_LINES + 1,
        )
    lines = [ComparisonLine(key=f.key, counts=f.counts, name=f.name, ids=f.ids) for f in found.rows]
    return Comparison(
        columns=query.columns,
        lines=tuple(lines[:MAX_LINES]),
        totals=found.totals,
        is_cut=len(lines) > MAX_LINES,
    )


def time_lines(query: CompareQuery, *, now: datetime) -> tuple[tuple[Bucket, ...], ...]:
    """Return the buckets of each column; those of one period have the same bounds."""
    result: list[tuple[Bucket, ...]] = [()] * len(query.columns)
    for search, which in query.searches():
        buckets = histogram(search, by="environment", now=now).buckets
        for index in which:
            key = query.columns[index].environment
            result[index] = tuple(
                Bucket(start=b.start, end=b.end, counts={key: b.counts.get(key, 0)})
                for b in buckets
            )
    return tuple(result)


def _comparison(query: CompareQuery, lines: Sequence[ComparisonLine]) -> Comparison:
    ordered = sorted(lines, key=lambda line: (-sum(line.counts), line.key))
    totals = tuple(sum(line.counts[i] for line in lines) for i in range(len(query.columns)))
    return Comparison(columns=query.columns, lines=tuple(ordered), totals=totals)
