"""Whether a user or an app ever met a country or a browser, for events that are there already."""

from pathlib import Path

from django.db import migrations

from ._postgresql import PostgreSQLMigration

NOTE_ALL = (Path(__file__).with_name("sql") / "occurrences.sql").read_text()


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0010_occurrences"),)
    operations = (migrations.RunSQL(NOTE_ALL, migrations.RunSQL.noop),)
