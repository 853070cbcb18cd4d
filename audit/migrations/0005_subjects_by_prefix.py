"""Subjects by workspace, and indexes that find any by the first letters of name or e-mail."""

from pathlib import Path

import sqlparse
from django.db import migrations, models

from ._postgresql import PostgreSQLMigration

SQL = (Path(__file__).with_name("sql") / "subjects.sql").read_text()
UNDO = "DROP INDEX IF EXISTS audit_subject_by_email_prefix"


class Migration(PostgreSQLMigration):
    dependencies = [
        ("audit", "0004_saved_views"),
    ]

    operations = [
        migrations.CreateModel(
            name="WorkspaceSubject",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "environment",
                        "workspace_key",
                        "kind",
                        "subject_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("environment", models.SmallIntegerField()),
                ("workspace_key", models.UUIDField()),
                ("kind", models.TextField()),
                ("subject_id", models.TextField()),
                ("name", models.TextField(null=True)),
                ("name_lower", models.TextField(null=True)),
                ("email", models.TextField(null=True)),
                ("gid", models.TextField(null=True)),
                ("first_seen", models.DateTimeField()),
                ("last_seen", models.DateTimeField()),
            ],
        ),
        # Long names and rows of types are no harm to what was before.
        migrations.RunSQL(sqlparse.split(SQL), UNDO),
        migrations.RemoveIndex(
            model_name="subject",
            name="audit_subject_by_name",
        ),
        migrations.RemoveIndex(
            model_name="subject",
            name="audit_subject_by_last_seen",
        ),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(
                fields=["environment", "kind", "name_lower"],
                name="audit_subject_by_name_prefix",
                opclasses=("int2_ops", "text_ops", "text_pattern_ops"),
            ),
        ),
        migrations.AddIndex(
            model_name="subject",
            index=models.Index(
                fields=["environment", "kind", "-last_seen"], name="audit_subject_by_last_seen"
            ),
        ),
        migrations.AddIndex(
            model_name="workspacesubject",
            index=models.Index(
                fields=["environment", "workspace_key", "kind", "name_lower"],
                name="audit_ws_subject_by_name",
                opclasses=("int2_ops", "uuid_ops", "text_ops", "text_pattern_ops"),
            ),
        ),
        migrations.AddIndex(
            model_name="workspacesubject",
            index=models.Index(
                fields=["environment", "workspace_key", "kind", "-last_seen"],
                name="audit_ws_subject_by_last_seen",
            ),
        ),
    ]
