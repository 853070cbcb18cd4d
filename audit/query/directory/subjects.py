"""Lists subjects to choose from, by their first letters, last seen first.

Read from what the worker notes of each counted event, never from the events: who sees a whole
environment chooses from its subjects, who is bound to workspaces from the subjects of these.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg

from audit.conf import audit_settings
from audit.contracts import SYSTEM_ENVIRONMENT, Scope
from audit.log import registry
from audit.log.cursor import psycopg_cursor
from audit.models.subject import MAX_NAME_PREFIX, RESOURCE
from audit.vocabulary.folding import one_form, search_words

from .subject_spots import Kind, Row, Spots, all_spots

MAX_LIMIT = 1_000
# So many that were seen last are tried first; where letters are shared by many, that is enough.
NEWEST = 2_000
# So many are taken from each index where the newest were not enough.
CANDIDATES = 2_000

# `audit.log.hashes.short_key`
_KEY_OF_ID = (
    "('x' || encode(substr(sha256(convert_to(s.subject_id, 'UTF8')), 1, 8), 'hex'))::bit(64)::int8"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """One id as it was last seen in the scope.

    resource_type: of resources only; environments: keys of those it was seen in
    """

    id: str
    name: str | None
    email: str | None
    gid: str | None
    resource_type: str | None
    environments: tuple[str, ...]
    last_seen: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subjects:
    """complete: whether these are all that match."""

    results: tuple[Subject, ...]
    complete: bool


def find_subjects(
    *,
    kind: Kind,
    scope: Scope,
    prefix: str = "",
    resource_type: str | None = None,
    limit: int = 10,
) -> Subjects:
    """Return those whose e-mail or id begins with the prefix, or whose name has words that begin
    with its words, in any order; the ones last seen first.

    Names in any case, with accents or without; e-mails in any case, ids as they are. limit: up to
    MAX_LIMIT. Where thousands match, those among them that were seen long ago may be told in
    another order than by time. The system's own environment is left out unless it is all that the
    scope has.
    """
    if not 1 <= limit <= MAX_LIMIT:
        raise ValueError(f"limit {limit} is not within 1 to {MAX_LIMIT}")
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    numbers = _numbers(cursor, _environments(scope))
    spots = list(all_spots(cursor, scope, numbers, kind, resource_type))
    rows = [row for each in spots for row in _matching(cursor, each, prefix, limit + 1)]
    newest = sorted(rows, key=lambda row: row[6], reverse=True)
    chosen = list(dict.fromkeys((row[0], row[1]) for row in newest))
    keys = {number: key for key, number in numbers.items()}
    return Subjects(
        results=tuple(_described(cursor, spots, chosen[:limit], keys)),
        complete=len(chosen) <= limit,
    )


def names_of(*, kind: Kind, ids: Sequence[str], scope: Scope) -> dict[str, str]:
    """Return the last known names of those ids that have one in the scope."""
    rows, _ = _rows_of(kind, ids, scope)
    return {row[1]: row[3] for row in rows if row[3]}


def environments_of(*, kind: Kind, ids: Sequence[str], scope: Scope) -> dict[str, tuple[str, ...]]:
    """Return the keys of the environments of the scope that each id was seen in."""
    rows, keys = _rows_of(kind, ids, scope)
    found: dict[str, dict[str, None]] = {}
    for row in rows:
        found.setdefault(row[1], {})[keys[row[2]]] = None
    return {id_: tuple(seen_in) for id_, seen_in in found.items()}


def _rows_of(kind: Kind, ids: Sequence[str], scope: Scope) -> tuple[list[Row], dict[int, str]]:
    """Return the rows of these ids, the ones seen last at the end, and environments' keys."""
    cursor = psycopg_cursor(audit_settings().READER_DATABASE)
    numbers = _numbers(cursor, scope.environments)
    rows: list[Row] = []
    for spots in all_spots(cursor, scope, numbers, kind, None):
        rows += spots.fetch_ids(cursor, ids)
    rows.sort(key=lambda row: row[6])
    return rows, {number: key for key, number in numbers.items()}


def _numbers(cursor: psycopg.Cursor[Any], keys: Sequence[str]) -> dict[str, int]:
    """Return the numbers of environments, in the order of the keys."""
    known = registry.ENVIRONMENTS.find(cursor, keys)
    return {key: known[key] for key in keys if key in known}


def _environments(scope: Scope) -> tuple[str, ...]:
    keys = scope.environments
    return keys if len(keys) == 1 else tuple(k for k in keys if k != SYSTEM_ENVIRONMENT)


def _matching(cursor: psycopg.Cursor[Any], spots: Spots, prefix: str, wanted: int) -> list[Row]:
    """Return rows that match, the ones seen last among them; over `wanted` ids if there are."""
    if not spots.kinds:
        return []
    base = spots.base
    newest = "ORDER BY s.last_seen DESC LIMIT"
    if not prefix:
        return spots.fetch(cursor, f"SELECT s.* {base} {newest} {wanted:d}")
    words = search_words(prefix)
    by_name = "s.name_lower ^@ %(lower)s"
    # In the order of the index that serves each.
    starts = {
        "lower(s.email) ^@ %(lower)s": "lower(s.email) USING ~<~",
        "s.subject_id ^@ %(id)s": "s.subject_id",
    }
    if not words:
        # A name that begins with these letters has their words, too; but "#" has none.
        starts[by_name] = "s.last_seen DESC"
    given = {"lower": one_form(prefix).lower()[:MAX_NAME_PREFIX], "id": prefix}
    given |= {f"word{n}": word for n, word in enumerate(words)}
    named = [spots.has_word(n, _KEY_OF_ID) for n in range(len(words))]
    ways = dict.fromkeys((by_name, *starts, *([" AND ".join(named)] if named else [])))
    share = NEWEST // len(spots.kinds)
    rows = spots.fetch(
        cursor,
        f"SELECT s.* FROM (SELECT s.* {base} {newest} {share:d}) AS s"  # noqa: S608 (parts that bind their values, a number)
        f" WHERE {' OR '.join(f'({way})' for way in ways)} {newest} {wanted:d}",
        **given,
    )
    if len({row[:2] for row in rows}) >= wanted:
        return rows
    each = CANDIDATES // len(spots.kinds)
    found = [
        f"(SELECT s.* {base} AND {start} ORDER BY {order} LIMIT {each:d})"
        for start, order in starts.items()
    ]
    if words:
        rarest = _rarest(cursor, spots, words, each)
        others = [spots.has_word(n, "w.subject_key") for n in range(len(words)) if n != rarest]
        named_so = (
            f"SELECT w.subject_id {spots.words_base} AND w.word ^@ %(word{rarest})s"
            f" ORDER BY w.word LIMIT {each:d}"
        )
        if others:
            named_so = named_so.replace("w.subject_id", "w.*", 1)
            named_so = f"SELECT w.subject_id FROM ({named_so}) AS w WHERE {' AND '.join(others)}"  # noqa: S608 (parts that bind their values, a number)
        found.append(f"(SELECT s.* {base} AND s.subject_id IN ({named_so}))")
    more = spots.fetch(
        cursor,
        f"SELECT s.* FROM ({' UNION '.join(found)}) AS s {newest} {wanted:d}",  # noqa: S608 (parts that bind their values, a number)
        **given,
    )
    return rows + more


def _rarest(cursor: psycopg.Cursor[Any], spots: Spots, words: Sequence[str], most: int) -> int:
    """Return the place of the word that begins the fewest words of names, as far as `most`."""
    if len(words) == 1:
        return 0
    counts = [
        f"(SELECT count(*) FROM (SELECT {spots.words_base} AND w.word ^@ %(word{n})s"  # noqa: S608 (parts that bind their values, a number)
        f" LIMIT {most:d}) AS c)"
        for n in range(len(words))
    ]
    found = spots.sum_up(cursor, counts, **{f"word{n}": word for n, word in enumerate(words)})
    return found.index(min(found))


def _described(
    cursor: psycopg.Cursor[Any],
    spots: Sequence[Spots],
    chosen: Sequence[tuple[str, str]],
    keys: dict[int, str],
) -> Iterator[Subject]:
    """What all environments of the scope say of each id together; the last to see it names it."""
    rows: dict[tuple[str, str], list[Row]] = {pair: [] for pair in chosen}
    for each in spots:
        for row in each.fetch_ids(cursor, [id_ for _, id_ in chosen]):
            if row[:2] in rows:
                rows[row[:2]].append(row)
    for (kind, id_), seen in rows.items():
        seen.sort(key=lambda row: row[6], reverse=True)
        numbers = {row[2] for row in seen}
        yield Subject(
            id=id_,
            name=next((row[3] for row in seen if row[3]), None),
            email=next((row[4] for row in seen if row[4]), None),
            gid=next((row[5] for row in seen if row[5]), None),
            resource_type=kind.removeprefix(RESOURCE) if kind.startswith(RESOURCE) else None,
            environments=tuple(key for number, key in keys.items() if number in numbers),
            last_seen=seen[0][6],
        )
