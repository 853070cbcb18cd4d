"""Whether a user or an app ever met a country or a browser, for events that are there already."""

from django.db import migrations

from audit.log.day_values import NOTE_ALL

from ._postgresql import PostgreSQLMigration


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0010_occurrences"),)
    operations = (migrations.RunSQL(NOTE_ALL, migrations.RunSQL.noop),)
