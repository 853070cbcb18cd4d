"""Months are taken out of "before" by copies, which leave nothing dead. Quick: functions alone."""

from pathlib import Path

import sqlparse

from ._postgresql import PostgreSQLMigration, SchemaSQL

SQL = Path(__file__).with_name("sql")
SPLIT = sqlparse.split((SQL / "split.sql").read_text())
IN_PLACE = next(
    statement
    for statement in sqlparse.split((SQL / "partitions.sql").read_text())
    if "CREATE FUNCTION audit_split_before(" in statement
)


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0026_verification"),)
    operations = (
        SchemaSQL("DROP FUNCTION audit_split_before(date)", IN_PLACE),
        SchemaSQL(
            SPLIT,
            "DROP FUNCTION audit_end_split(text), audit_follow_split(text),"
            " audit_begin_split(date), audit_drop_split(), audit_split_leaves(text)",
        ),
    )
