"""Partitions of events, as they are made."""

import pytest
from django.db import connection

from audit.record import ensure_environment

pytestmark = pytest.mark.django_db


def leaves(parent: str) -> dict[str, list[str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname, coalesce(c.reloptions, '{}') FROM pg_partition_tree(%s) t"
            " JOIN pg_class c ON c.oid = t.relid WHERE t.isleaf",
            [parent],
        )
        return dict(cursor.fetchall())


@pytest.mark.parametrize("parent", ["audit_event", "audit_event_target"])
def test_every_leaf_is_frozen_when_it_is_first_vacuumed(parent: str) -> None:
    there = leaves(parent)
    ensure_environment("made-later")
    both = leaves(parent)
    assert len(both) > len(there) > 0
    assert {name for name, kept in both.items() if "autovacuum_freeze_min_age=0" in kept} == {*both}
