"""Buckets of the rate limits: not worth a line in the write-ahead log."""

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = [
        ("audit", "0008_exports"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rate",
            fields=[
                ("name", models.TextField(primary_key=True, serialize=False)),
                ("due", models.DateTimeField()),
            ],
        ),
        migrations.RunSQL("ALTER TABLE audit_rate SET UNLOGGED", migrations.RunSQL.noop),
    ]
