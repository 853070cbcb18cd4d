"""Words that said by three texts of whose name they are say so by a number."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
import sqlparse
from django.db import connection

import audit.migrations
from audit.log.hashes import list_key, short_key, text_key
from audit.models.subject_word import NO_WORKSPACE

from .events import rows

pytestmark = pytest.mark.django_db
SQL = Path(audit.migrations.__file__).with_name("sql")
WORDS: tuple[tuple[int, UUID, str, str, str], ...] = (
    (2, NO_WORKSPACE, "actor", "ann", "lee"),
    (2, text_key("w1"), "actor", "ann", "lee"),
    (-3, text_key("w1"), "resource:a/b", "é" * 200, "straße"),
)


def run(name: str) -> None:
    with connection.cursor() as cursor:
        for statement in sqlparse.split((SQL / name).read_text()):
            cursor.execute(statement)


def test_words_are_taken_over() -> None:
    run("shorter_words_reversed.sql")
    assert [row[0] for row in rows("SELECT source FROM audit_subjectwordhead")] == [
        "audit_subject",
        "audit_workspacesubject",
    ]
    with connection.cursor() as cursor:
        for environment, workspace, kind, id_, word in WORDS:
            cursor.execute(
                "INSERT INTO audit_subjectword VALUES (%s, %s, %s, %s, %s, %s)",
                [environment, workspace, kind, text_key(id_), word, id_],
            )
    run("shorter_words.sql")
    assert rows("SELECT list_key, subject_key, word, subject_id FROM audit_subjectword") == sorted(
        (
            (list_key(environment, workspace, kind), short_key(id_), word, id_)
            for environment, workspace, kind, id_, word in WORDS
        ),
        key=repr,
    )
