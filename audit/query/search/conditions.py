"""Writes filters as SQL: conditions with parameters, ids and numbers as literals.

Literals, because partitions are then chosen while planning (a computed bound costs 2 to 9 ms).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg

from audit.facets import FACETS, Facet
from audit.log import registry
from audit.log.event_types import codes_elsewhere
from audit.log.hashes import text_hash
from audit.models.event_type import UNREGISTERED
from audit.vocabulary import EVENT_TYPES

from .addresses import address_sql
from .event_query import INDEXED, EventQuery
from .text_search import words_sql


@dataclass(frozen=True, slots=True)
class Condition:
    """A piece of SQL over `audit_event e` (and `audit_event_target t`), with its parameters."""

    sql: str
    params: tuple[Any, ...] = ()


NEVER = Condition("false")


def environment_numbers(cursor: psycopg.Cursor[Any], query: EventQuery) -> dict[str, int]:
    """Return the numbers of the environments that the query sees."""
    return registry.ENVIRONMENTS.find(cursor, query.scope.environments)


def scope_condition(cursor: psycopg.Cursor[Any], query: EventQuery) -> Condition:
    """Return the condition that holds for what the viewer may see, and for nothing else."""
    numbers = environment_numbers(cursor, query)
    if not numbers:
        return NEVER
    within = f"e.environment IN ({_listed(sorted(numbers.values()))})"
    bound = {
        number: sorted(workspaces)
        for key, number in numbers.items()
        if (workspaces := query.scope.grants[key]) is not None
    }
    if not bound:
        return Condition(within)
    whole = [str(number) for number in sorted(numbers.values()) if number not in bound]
    ways = [f"e.environment IN ({', '.join(whole)})"] if whole else []
    params: list[Any] = []
    for number, allowed in sorted(bound.items()):
        ways.append(
            f"(e.environment = {number} AND e.workspace_hash = ANY(%s)"
            " AND e.workspace_id = ANY(%s))"
        )
        params += [[text_hash(w) for w in allowed], allowed]
    return Condition(f"{within} AND ({' OR '.join(ways)})", tuple(params))


def bounds_condition(lowest: UUID | None, highest: UUID | None, column: str = "e.id") -> Condition:
    """Return the condition of ids in `[lowest, highest)`."""
    parts = []
    if lowest is not None:
        parts.append(f"{column} >= '{lowest}'")
    if highest is not None:
        parts.append(f"{column} < '{highest}'")
    return Condition(" AND ".join(parts) or "true")


def ids_condition(ids: Sequence[UUID]) -> Condition:
    """Return the condition of being one of these ids, of which there is at least one.

    Between literals, since partitions are not chosen by what is in a list.
    """
    return Condition(f"e.id BETWEEN '{min(ids)}' AND '{max(ids)}' AND e.id = ANY(%b)", (list(ids),))


def facet_conditions(
    cursor: psycopg.Cursor[Any], query: EventQuery
) -> tuple[list[Condition], list[Condition]]:
    """Return the conditions that an index decides, and the others."""
    indexed: list[Condition] = []
    residual: list[Condition] = []
    elsewhere = types_elsewhere(cursor, query)
    for name, values in sorted(query.include.items()):
        condition = _condition(cursor, name, values)
        exact = _with_elsewhere(cursor, name, values, condition, elsewhere)
        if name == "type" and exact is not condition:
            numbers = (*values, UNREGISTERED)
            indexed.append(_condition(cursor, name, numbers))
            residual.append(exact)
        else:
            (indexed if name in INDEXED else residual).append(exact)
    for name, values in sorted(query.exclude.items()):
        condition = _condition(cursor, name, values)
        inner = _with_elsewhere(cursor, name, values, condition, elsewhere)
        residual.append(Condition(f"({inner.sql}) IS NOT TRUE", inner.params))
    if query.recorded_start is not None:
        residual.append(Condition("e.received_at >= %s", (query.recorded_start,)))
    if query.recorded_end is not None:
        residual.append(Condition("e.received_at < %s", (query.recorded_end,)))
    if query.words:
        residual.append(Condition(*words_sql(query.words)))
    return indexed, residual


def types_elsewhere(cursor: psycopg.Cursor[Any], query: EventQuery) -> Set[str]:
    """Return the types of a query's filters whose events may stand under UNREGISTERED, too."""
    codes: set[str] = set()
    for facets in (query.include, query.exclude):
        codes.update(facets.get("type", ()))
        if "group" in facets:
            codes.update(_outside_groups(facets["group"]))
    return codes_elsewhere(cursor, codes, environment_numbers(cursor, query).values())


def joined(conditions: Sequence[Condition]) -> Condition:
    """Return the conditions with AND between them."""
    return Condition(
        " AND ".join(f"({c.sql})" for c in conditions) or "true",
        tuple(p for c in conditions for p in c.params),
    )


def numbers_of(cursor: psycopg.Cursor[Any], facet: Facet, values: Sequence[str]) -> list[int]:
    """Return what stands for these values in `facet.number_column`; nothing for unknown words."""
    match facet.kind:
        case "lookup":
            return list(registry.LOOKUP_TABLES[facet.column].find(cursor, values).values())
        case "outcome":
            return [registry.OUTCOME_NUMBERS[value] for value in values]
        case "number":
            return [int(value) for value in values]
        case _:
            return [number for value in values if (number := text_hash(value)) is not None]


def _condition(cursor: psycopg.Cursor[Any], name: str, values: tuple[str, ...]) -> Condition:
    facet = FACETS[name]
    match facet.kind:
        case "id":
            return _id(cursor, facet, values)
        case "target":
            return _target(cursor, facet, values)
        case "group":
            return _group(cursor, values)
        case "network":
            return Condition(*address_sql(values))
        case "text":
            return Condition(f"e.{facet.column} = ANY(%s)", (list(values),))
        case _:
            listed = _listed(sorted(numbers_of(cursor, facet, values)))
            return Condition(f"e.{facet.column} IN ({listed})") if listed else NEVER


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


def _id(cursor: psycopg.Cursor[Any], facet: Facet, values: tuple[str, ...]) -> Condition:
    """Hash and text: the index is led by the hash, and a collision must be harmless."""
    hashes = _listed(numbers_of(cursor, facet, values))
    texts = ", ".join(["%s"] * len(values))
    return Condition(
        f"e.{facet.number_column} IN ({hashes}) AND e.{facet.column} IN ({texts})", values
    )


def _target(cursor: psycopg.Cursor[Any], facet: Facet, values: tuple[str, ...]) -> Condition:
    """The event ids of targets; small lists, since an index leads to each."""
    return Condition(
        "(e.id, e.environment) IN (SELECT t.event_id, t.environment FROM audit_event_target t"  # noqa: S608 (columns of our own)
        f" WHERE t.{facet.number_column} = ANY(%s) AND t.{facet.column} = ANY(%s))",
        (numbers_of(cursor, facet, values), list(values)),
    )


def _group(cursor: psycopg.Cursor[Any], values: tuple[str, ...]) -> Condition:
    """Only where "other" is among the groups: all types but those of the groups not asked for."""
    numbers = registry.EVENT_TYPES.find(cursor, _outside_groups(values)).values()
    listed = _listed(sorted(numbers))
    return Condition(f"e.type NOT IN ({listed})") if listed else Condition("true")


def _with_elsewhere(
    cursor: psycopg.Cursor[Any],
    name: str,
    values: tuple[str, ...],
    condition: Condition,
    elsewhere: Set[str],
) -> Condition:
    """A condition of types, with what stands under UNREGISTERED by its own word; others as is."""
    codes = values if name == "type" else _outside_groups(values) if name == "group" else ()
    words = sorted(elsewhere & set(codes))
    if not words or UNREGISTERED in codes:
        return condition
    (number,) = registry.EVENT_TYPES.find(cursor, (UNREGISTERED,)).values()
    said = f"e.type = {number:d} AND (e.head::json ->> 'type') = ANY(%s)"
    if name == "type":
        return Condition(f"({condition.sql}) OR ({said})", (*condition.params, words))
    return Condition(f"({condition.sql}) AND ({said}) IS NOT TRUE", (*condition.params, words))


def _outside_groups(groups: tuple[str, ...]) -> list[str]:
    return [code for code, kind in EVENT_TYPES.items() if kind.group not in groups]
