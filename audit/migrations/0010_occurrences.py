"""On which days a value occurs, and an index of the rare outcomes."""

from pathlib import Path

from django.db import migrations, models

from ._postgresql import PostgreSQLMigration

NOTE_ALL = (Path(__file__).with_name("sql") / "occurrences.sql").read_text()
OUTCOME_INDEX = """
-- What failed, and what was denied? Successes are everywhere and need no index.
CREATE INDEX audit_event_by_outcome ON audit_event
    (outcome, id, workspace_hash, actor_hash, application_hash, type) WHERE outcome > 1
"""


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0009_rates"),)
    operations = (
        migrations.CreateModel(
            name="Occurrence",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "environment",
                        "kind",
                        "value",
                        "day",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("environment", models.SmallIntegerField()),
                ("kind", models.SmallIntegerField()),
                ("value", models.BigIntegerField()),
                ("day", models.DateField()),
            ],
        ),
        # Events that no rollup has yet are in as well, which does no harm.
        migrations.RunSQL(NOTE_ALL, migrations.RunSQL.noop),
        migrations.RunSQL(OUTCOME_INDEX, "DROP INDEX audit_event_by_outcome"),
    )
