"""Counts the values that the matching events have.

Exact where the rollups know all filters and the facet; else of the newest matches, as many as a
search finds within its budget, and the answer says how far back that is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.utils import timezone

from audit.conf import audit_settings
from audit.facets import FACETS, Facet
from audit.log import registry
from audit.log.cursor import psycopg_cursor
from audit.log.ids import time_of
from audit.query.directory.subjects import names_of
from audit.query.search.bounded_search import find_ids
from audit.query.search.conditions import (
    Condition,
    environment_numbers,
    facet_conditions,
    ids_condition,
    joined,
    scope_condition,
)
from audit.query.search.event_query import CARRIED, EventQuery
from audit.vocabulary import GROUPS, event_type

from .histogram import BY, NO_OUTCOME, By, overview
from .rollups import is_served


class _Sender(msgspec.Struct, frozen=True):
    name: str | None = None


class _Head(msgspec.Struct, frozen=True):
    sender: _Sender | None = None


_decode_head = msgspec.json.Decoder(_Head).decode
NEWEST = 10_000
MAX_VALUES = 100

COUNTED = tuple(name for name, facet in FACETS.items() if facet.is_counted)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """value: as the filter of the same name takes it; name: what people call it, if known;
    environment: key of the one that a sender sends into, None for all else
    """

    value: str
    name: str | None
    count: int
    environment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFacet:
    """values: the most frequent ones, most frequent first.

    distinct: how many values there are; total: events looked at; without: those of them that have
    no value
    complete: whether all that match were looked at; else searched_back_to says how far
    """

    name: str
    values: tuple[FacetValue, ...]
    distinct: int
    total: int
    without: int
    complete: bool
    searched_back_to: datetime | None = None


def find_facets(
    query: EventQuery,
    names: Iterable[str],
    *,
    limit: int = 10,
    newest: int | None = None,
    now: datetime | None = None,
) -> tuple[CountedFacet, ...]:
    """Return the facets of these names (of COUNTED), each with up to `limit` values.

    newest: how many events are looked at where not all are counted already; NEWEST for None
    """
    now = now or timezone.now()
    names = tuple(dict.fromkeys(names))
    exact = [by for by in BY if by in names and is_served(query)]
    rest = [name for name in names if name not in exact]
    found = _exact(query, exact, limit, now) if exact else {}
    if rest:
        found |= _newest(query, rest, limit, newest or NEWEST, now)
    return tuple(found[name] for name in names)


def _exact(
    query: EventQuery, names: Sequence[By], limit: int, now: datetime
) -> dict[str, CountedFacet]:
    found = overview(query, by=names[0], totals_by=names, now=now)
    facets: dict[str, CountedFacet] = {}
    for name in names:
        counts: Counter[str | None] = Counter()
        for value, count in found.totals[name].items():
            counts[None if (name, value) == ("outcome", NO_OUTCOME) else value] += count
        facets[name] = _facet(
            name, counts, limit, {}, {}, complete=found.bars.complete, back_to=None
        )
    return facets


def _newest(
    query: EventQuery, names: Sequence[str], limit: int, newest: int, now: datetime
) -> dict[str, CountedFacet]:
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    found = find_ids(cursor, query, beyond=None, direction="older", limit=newest + 1, now=now)
    ids = found.ids[:newest]
    complete = found.is_complete and len(found.ids) <= newest
    reached = ids[-1] if len(found.ids) > newest else found.reached
    columns = sorted(
        {FACETS[name].column for name in names} | ({"id"} if "sender" in names else set())
    )
    rows = _rows(cursor, query, ids, columns) if ids else []
    facets = {}
    for name in names:
        facet = FACETS[name]
        place = columns.index(facet.column)
        counts = _worded(cursor, query, facet, Counter(row[place] for row in rows))
        top = [value for value, _ in counts.most_common(limit + 1) if value is not None]
        called: Mapping[str, str] = {}
        sent_into: Mapping[str, str] = {}
        if facet.subject:
            called = names_of(kind=facet.subject, ids=top, scope=query.scope)
        elif name == "sender":
            newest_of = _newest_ids(rows, by=place, id_=columns.index("id"))
            called, sent_into = _senders(cursor, query, [newest_of[value] for value in top])
        facets[name] = _facet(
            name,
            counts,
            limit,
            called,
            sent_into,
            complete=complete,
            back_to=time_of(reached) if reached is not None and not complete else None,
        )
    return facets


def _rows(
    cursor: psycopg.Cursor[Any], query: EventQuery, ids: Sequence[UUID], columns: Sequence[str]
) -> list[tuple[Any, ...]]:
    """Return these columns of the events. ids: all that match between their ends"""
    indexed, residual = facet_conditions(cursor, query)
    is_led = not residual and not CARRIED & frozenset(query.include)
    # Where an index leads to all of them, to look for each by its id costs three times as much.
    these = indexed if is_led else [Condition("e.id = ANY(%b)", (list(ids),))]
    bounds = Condition(f"e.id BETWEEN '{min(ids)}' AND '{max(ids)}'")
    where = joined([scope_condition(cursor, query), bounds, *these])
    listed = ", ".join(f"e.{column}" for column in columns)
    cursor.execute(
        f"SELECT {listed} FROM audit_event e WHERE {where.sql}",  # noqa: S608 (columns of our own, conditions that bind their values)
        where.params,
        binary=True,
    )
    return cursor.fetchall()


def _newest_ids(rows: Iterable[tuple[Any, ...]], *, by: int, id_: int) -> dict[str, UUID]:
    newest: dict[str, UUID] = {}
    for row in rows:
        value = str(row[by])
        newest[value] = max(row[id_], newest.get(value, row[id_]))
    return newest


def _senders(
    cursor: psycopg.Cursor[Any], query: EventQuery, ids: Sequence[UUID]
) -> tuple[dict[str, str], dict[str, str]]:
    """Return number → name, and → environment, of the senders of these events, as these have it."""
    if not ids:
        return {}, {}
    where = joined([scope_condition(cursor, query), ids_condition(ids)])
    cursor.execute(
        f"SELECT e.sender_id, e.environment, e.head FROM audit_event e WHERE {where.sql}",  # noqa: S608 (conditions that bind their values)
        where.params,
        binary=True,
    )
    rows = cursor.fetchall()
    keys = {number: key for key, number in environment_numbers(cursor, query).items()}
    names: dict[str, str] = {}
    environments: dict[str, str] = {}
    for number, environment, head in rows:
        environments[str(number)] = keys[environment]
        sender = _decode_head(head).sender if head else None
        if sender and sender.name:
            names[str(number)] = sender.name
    return names, environments


def _worded(
    cursor: psycopg.Cursor[Any], query: EventQuery, facet: Facet, counts: Counter[Any]
) -> Counter[str | None]:
    """The same counts by the words that a filter takes."""
    words: Mapping[int, str] = {}
    if facet.kind == "environment":
        words = {number: key for key, number in environment_numbers(cursor, query).items()}
    elif facet.kind == "outcome":
        words = {number: code for code, number in registry.OUTCOME_NUMBERS.items()}
    elif facet.kind in ("lookup", "group"):
        numbers = [n for n in counts if n is not None]
        words = registry.LOOKUP_TABLES[facet.column].texts_of(cursor, numbers)
    told: Counter[str | None] = Counter()
    for value, count in counts.items():
        word = words.get(value) if words and value is not None else value
        if facet.kind == "group" and word is not None:
            word = event_type(word).group
        told[str(word) if word is not None else None] += count
    return told


def _facet(
    name: str,
    counts: Counter[str | None],
    limit: int,
    called: Mapping[str, str],
    sent_into: Mapping[str, str],
    *,
    complete: bool,
    back_to: datetime | None,
) -> CountedFacet:
    without = counts.pop(None, 0)
    top = sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))[:limit]
    return CountedFacet(
        name=name,
        values=tuple(
            FacetValue(
                value=value,
                name=called.get(value) or _label(name, value),
                count=count,
                environment=sent_into.get(value),
            )
            for value, count in top
            if value is not None
        ),
        distinct=len(counts),
        total=sum(counts.values()) + without,
        without=without,
        complete=complete,
        searched_back_to=back_to,
    )


def _label(name: str, value: str) -> str | None:
    if name == "type":
        return event_type(value).label
    return GROUPS[value].label if name == "group" and value in GROUPS else None
