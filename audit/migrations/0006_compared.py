"""What comparing needs: days of each subject, and first sign-ins. All is counted again for them."""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0005_subjects_by_prefix"),)
    operations = (
        migrations.CreateModel(
            name="SubjectCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "environment",
                        "kind",
                        "day",
                        "subject_id",
                        "workspace_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("environment", models.SmallIntegerField()),
                ("kind", models.TextField()),
                ("day", models.DateField()),
                ("subject_id", models.TextField()),
                ("workspace_id", models.TextField()),
                ("total", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="Sighting",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "environment",
                        "actor_id",
                        "kind",
                        "value",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("environment", models.SmallIntegerField()),
                ("actor_id", models.TextField()),
                ("kind", models.TextField()),
                ("value", models.TextField()),
                ("first_event", models.UUIDField()),
            ],
            options={
                "indexes": [
                    models.Index(fields=["kind", "first_event"], name="audit_sighting_by_first")
                ],
            },
        ),
        # All is counted again from the start, so that the new tables have the same position.
        migrations.RunSQL("DELETE FROM audit_rolluphour", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM audit_rollupday", migrations.RunSQL.noop),
        migrations.RunSQL("UPDATE audit_rolluphead SET position = 0", migrations.RunSQL.noop),
    )
