"""An alarm is cleared together with an event that says so. Quick: a function alone."""

from pathlib import Path

import sqlparse

from ._postgresql import PostgreSQLMigration, SchemaSQL

SQL = (Path(__file__).with_name("sql") / "alarms.sql").read_text()


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0027_split_by_copies"),)
    operations = (
        SchemaSQL(
            sqlparse.split(SQL), "DROP FUNCTION audit_clear_alarm(bigint, uuid, timestamptz)"
        ),
    )
