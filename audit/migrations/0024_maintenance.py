"""What is known of the leaves of closed months, whose indexes are rebuilt. Quick: reads nothing."""

from pathlib import Path

import django.contrib.postgres.fields
import sqlparse
from django.db import migrations, models

from ._postgresql import PostgreSQLMigration, SchemaSQL

SQL = (Path(__file__).with_name("sql") / "maintenance.sql").read_text()


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0023_hashed_idempotency_keys"),)
    operations = (
        migrations.CreateModel(
            name="Maintenance",
            fields=[
                ("leaf", models.TextField(primary_key=True, serialize=False)),
                ("heap_bytes", models.BigIntegerField()),
                ("since", models.DateTimeField()),
                ("rebuilt_heap_bytes", models.BigIntegerField(null=True)),
                ("rebuilt_at", models.DateTimeField(null=True)),
                (
                    "rebuilt_indexes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.TextField(), db_default=[], size=None
                    ),
                ),
                ("bytes_before", models.BigIntegerField(null=True)),
                ("bytes_after", models.BigIntegerField(null=True)),
                ("tried_at", models.DateTimeField(null=True)),
                ("problem", models.TextField(db_default="")),
            ],
        ),
        SchemaSQL(
            sqlparse.split(SQL),
            "DROP FUNCTION audit_open_for_reindex(text), audit_closed_leaves(timestamptz)",
        ),
    )
