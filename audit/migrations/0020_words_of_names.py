"""Names are found by each of their words.

Quick on large tables: the words of subjects that are there already are added by the worker, a few
at a time (`audit.worker.subject_words`).
"""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration

NO_WORKSPACE = "00000000-0000-0000-0000-000000000000"
BEFORE_ALL = f"-32768, '{NO_WORKSPACE}', '', ''"


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0019_needs_of_views"),)
    operations = (
        migrations.CreateModel(
            name="SubjectWordHead",
            fields=[
                ("source", models.TextField(primary_key=True, serialize=False)),
                ("environment", models.SmallIntegerField()),
                ("workspace_key", models.UUIDField()),
                ("kind", models.TextField()),
                ("subject_id", models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name="SubjectWord",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "environment",
                        "workspace_key",
                        "kind",
                        "subject_key",
                        "word",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("environment", models.SmallIntegerField()),
                ("workspace_key", models.UUIDField()),
                ("kind", models.TextField()),
                ("subject_key", models.UUIDField()),
                ("word", models.TextField(db_collation="C")),
                ("subject_id", models.TextField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["environment", "workspace_key", "kind", "word"],
                        name="audit_subject_by_word",
                    )
                ],
            },
        ),
        migrations.RunSQL(
            "INSERT INTO audit_subjectwordhead"  # noqa: S608 (a constant of this migration)
            " (source, environment, workspace_key, kind, subject_id) VALUES"
            f" ('audit_subject', {BEFORE_ALL}), ('audit_workspacesubject', {BEFORE_ALL})",
            migrations.RunSQL.noop,
        ),
    )
