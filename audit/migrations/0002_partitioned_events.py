"""The partitioned tables, their functions and guard, and the first rows."""

import secrets
import uuid
from pathlib import Path
from typing import Any

import sqlparse
from django.db import migrations
from django.utils import timezone

from ._postgresql import PostgreSQLMigration, SchemaSQL

SQL = Path(__file__).with_name("sql")
ID_SECRET_BYTES = 32


def statements(name: str) -> list[str]:
    """Return the statements of a file: one goes to the server a call (Citus asks for it)."""
    return [s for s in sqlparse.split((SQL / name).read_text()) if s.strip()]


def first_rows(apps: Any, schema_editor: Any) -> None:
    alias = schema_editor.connection.alias
    outcomes = apps.get_model("audit", "Outcome").objects.using(alias)
    for number, code in enumerate(("success", "failure", "denied"), start=1):
        outcomes.create(id=number, code=code)
    apps.get_model("audit", "EventType").objects.using(alias).create(code="(unregistered)")
    apps.get_model("audit", "Environment").objects.using(alias).create(key="audit-system")
    apps.get_model("audit", "Installation").objects.using(alias).create(
        is_only=True,
        uuid=uuid.uuid4(),
        id_secret=secrets.token_bytes(ID_SECRET_BYTES),
        created_at=timezone.now(),
    )


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0001_initial"),)
    operations = (
        migrations.RunSQL(statements("event.sql"), "DROP TABLE audit_event, audit_event_target"),
        SchemaSQL(
            statements("partitions.sql"),
            "DROP FUNCTION audit_split_before, audit_make_partition, audit_months,"
            " audit_make_leaves, audit_id_time, audit_id_floor",
        ),
        SchemaSQL(statements("guard.sql"), "DROP FUNCTION audit_guard_evidence() CASCADE"),
        migrations.RunPython(first_rows, migrations.RunPython.noop),
        migrations.RunSQL("SELECT audit_make_partition()", migrations.RunSQL.noop),
    )
