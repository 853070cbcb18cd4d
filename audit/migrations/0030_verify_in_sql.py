"""One event verified from SQL: `SELECT * FROM audit_verify(id)`. Quick: functions alone."""

from pathlib import Path

import sqlparse

from ._postgresql import PostgreSQLMigration, SchemaSQL

SQL = (Path(__file__).with_name("sql") / "verify.sql").read_text()


class Migration(PostgreSQLMigration):
    dependencies = (("audit", "0029_thin_checkpoints"),)
    operations = (
        SchemaSQL(
            sqlparse.split(SQL),
            "DROP FUNCTION audit_verify(uuid), audit_tree_root(bytea[]),"
            " audit_leaf_hashes(smallint, bigint, bigint)",
        ),
    )
