"""What is verified by itself, and how far. Quick: a new table."""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0025_sealing"),)
    operations = [
        migrations.CreateModel(
            name="Verification",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "environment",
                        "kind",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("environment", models.SmallIntegerField()),
                ("kind", models.TextField()),
                ("position", models.BigIntegerField(default=0)),
                ("size", models.BigIntegerField(default=0)),
                ("events", models.BigIntegerField(default=0)),
                ("findings", models.BigIntegerField(default=0)),
                ("started_at", models.DateTimeField(null=True)),
                ("finished_at", models.DateTimeField(null=True)),
                ("last_events", models.BigIntegerField(null=True)),
                ("last_findings", models.BigIntegerField(null=True)),
            ],
        ),
    ]
