"""Where all tables are emptied, events are emptied with them, and the first rows are made again."""

from pathlib import Path

import sqlparse

from ._postgresql import PostgreSQLMigration, SchemaSQL

SQL = (Path(__file__).with_name("sql") / "begin.sql").read_text()
UNDO = "DROP FUNCTION audit_begin_anew() CASCADE; DROP FUNCTION audit_begin()"


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0016_room_to_grow"),)
    operations = (SchemaSQL(sqlparse.split(SQL), sqlparse.split(UNDO)),)
