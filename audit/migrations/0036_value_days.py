"""On which days values meet: a row a month with a bit a day, instead of a row a day.

Quick on large tables: what occurs in the events that are there already is noted by the worker, the
newest first and a few at a time (`audit.worker.value_days`); until then a search looks everywhere
in what is older. Taken back, the days are noted in one statement, which takes its time.
"""

from pathlib import Path

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration

NOTE_ALL = (Path(__file__).with_name("sql") / "occurrences.sql").read_text()
# Rows change up to thirty times within their month, and no index with them.
ROOM = "ALTER TABLE audit_valuedays SET (fillfactor = 80)"
BEGIN_BACKFILL = """
INSERT INTO audit_valuedaysbackfill (is_only, reached)
SELECT true, 'ffffffff-ffff-ffff-ffff-ffffffffffff' WHERE EXISTS (SELECT FROM audit_event)
"""


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0035_shorter_words"),)
    operations = (
        migrations.CreateModel(
            name="ValueDays",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "value",
                        "environment",
                        "month",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("value", models.BigIntegerField()),
                ("environment", models.SmallIntegerField()),
                ("month", models.SmallIntegerField()),
                ("days", models.IntegerField()),
            ],
        ),
        migrations.CreateModel(
            name="ValueDaysBackfill",
            fields=[
                (
                    "is_only",
                    models.BooleanField(default=True, primary_key=True, serialize=False),
                ),
                ("reached", models.UUIDField()),
            ],
        ),
        migrations.RunSQL(ROOM, migrations.RunSQL.noop),
        migrations.RunSQL(BEGIN_BACKFILL, migrations.RunSQL.noop),
        # Taken back, the table is there again before it is filled.
        migrations.RunSQL(migrations.RunSQL.noop, NOTE_ALL),
        migrations.DeleteModel(name="Occurrence"),
    )
