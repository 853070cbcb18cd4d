"""Keeps the words by which people and things are searched, beside their names.

Subjects that were stored before this table existed get their words a few at a time, in the order
of keys, so that the work may be interrupted at any time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from django.db import transaction

from audit.log.cursor import psycopg_cursor
from audit.log.hashes import list_key, short_key
from audit.models.subject_word import NO_WORKSPACE
from audit.roles import WORKER, acting_as
from audit.vocabulary.folding import one_form, search_words

SUBJECTS_AT_A_TIME = 2_000
_KEYS = {
    "audit_subject": ("environment", "kind", "subject_id"),
    "audit_workspacesubject": ("environment", "workspace_key", "kind", "subject_id"),
}
_COLUMNS = {
    "list_key": "int8",
    "subject_key": "int8",
    "word": "text",
    "subject_id": "text",
}
_NAMES = ", ".join(_COLUMNS)
_UNNESTED = f"unnest({', '.join(f'%b::{kind}[]' for kind in _COLUMNS.values())}) AS u ({_NAMES})"
_ADD = f"INSERT INTO audit_subjectword ({_NAMES}) SELECT * FROM {_UNNESTED} ON CONFLICT DO NOTHING"  # noqa: S608 (tables and columns of our own)
_DROP = (
    f"DELETE FROM audit_subjectword w USING {_UNNESTED} WHERE w.list_key = u.list_key"  # noqa: S608 (tables and columns of our own)
    " AND w.subject_key = u.subject_key AND w.word = u.word"
)


class Renamed(msgspec.Struct, frozen=True, kw_only=True):
    """A subject with its present name and the one before; None for none."""

    environment: int
    workspace_key: UUID = NO_WORKSPACE
    kind: str
    subject_id: str
    name: str | None
    old_name: str | None


def update_words(cursor: psycopg.Cursor[Any], renamed: Iterable[Renamed]) -> None:
    """Add the words of new names, and drop those of old ones that are in them no more."""
    added: set[tuple[Any, ...]] = set()
    dropped: set[tuple[Any, ...]] = set()
    for one in renamed:
        now, before = set(search_words(one.name or "")), set(search_words(one.old_name or ""))
        added.update(_rows(one, now - before))
        dropped.update(_rows(one, before - now))
    for statement, rows in ((_DROP, dropped), (_ADD, added)):
        if rows:
            # In sorted order, as all that the worker writes.
            columns = [list(column) for column in zip(*sorted(rows), strict=True)]
            cursor.execute(statement, columns)


def backfill_words(*, using: str) -> bool:
    """Add the words of the next subjects that were stored before this table existed.

    Returns whether there may be more. Their lower-case names are normalized, too.
    """
    with transaction.atomic(using=using):
        cursor = psycopg_cursor(using)
        with acting_as(cursor, WORKER):
            cursor.execute(
                "SELECT source, environment, workspace_key, kind, subject_id"
                " FROM audit_subjectwordhead ORDER BY source LIMIT 1 FOR UPDATE"
            )
            head = cursor.fetchone()
            if head is None:
                return False
            _fill(
                cursor, head[0], dict(zip(_KEYS["audit_workspacesubject"], head[1:], strict=True))
            )
    return True


def _fill(cursor: psycopg.Cursor[Any], source: str, after: dict[str, Any]) -> None:
    keys = _KEYS[source]
    listed = ", ".join(keys)
    cursor.execute(
        f"SELECT {listed}, name, name_lower FROM {source}"  # noqa: S608 (tables and columns of our own)
        f" WHERE ({listed}) > ({', '.join(['%s'] * len(keys))}) ORDER BY {listed} LIMIT %s",
        [*(after[key] for key in keys), SUBJECTS_AT_A_TIME],
    )
    rows = cursor.fetchall()
    update_words(
        cursor,
        (
            Renamed(**dict(zip(keys, row, strict=False)), name=row[-2], old_name=None)
            for row in rows
            if row[-2]
        ),
    )
    _fold_lower(cursor, source, keys, rows)
    if len(rows) < SUBJECTS_AT_A_TIME:
        cursor.execute("DELETE FROM audit_subjectwordhead WHERE source = %s", [source])
        return
    sets = ", ".join(f"{key} = %s" for key in keys)
    cursor.execute(
        f"UPDATE audit_subjectwordhead SET {sets} WHERE source = %s",  # noqa: S608 (tables and columns of our own)
        [*rows[-1][: len(keys)], source],
    )


def _fold_lower(
    cursor: psycopg.Cursor[Any], source: str, keys: Sequence[str], rows: Iterable[tuple[Any, ...]]
) -> None:
    for row in rows:
        lower = row[-1]
        if lower and one_form(lower) != lower:
            cursor.execute(
                f"UPDATE {source} SET name_lower = %s WHERE"  # noqa: S608 (tables and columns of our own)
                f" {' AND '.join(f'{key} = %s' for key in keys)}",
                [one_form(lower), *row[: len(keys)]],
            )


def _rows(one: Renamed, words: Iterable[str]) -> Iterable[tuple[Any, ...]]:
    within = list_key(one.environment, one.workspace_key, one.kind)
    return ((within, short_key(one.subject_id), word, one.subject_id) for word in words)
